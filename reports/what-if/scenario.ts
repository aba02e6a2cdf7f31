/**
 * A scenario as the fragment of a link: what differs from the report's own inputs, `users=4000&stage=0.5,2027-03-01,half&broadcast=on`.
 * Switches and stages come first, because they decide what else there is. Pure.
 */
import type { RolloutStage } from '../../capacity/demand/plan.ts';
import { type Control, type Inputs, readAt, withValue, withValueAt } from './control.ts';
import { isDate } from './problems.ts';

export type ControlsOf = (inputs: Inputs) => readonly Control[];

export interface ReadScenario {
  inputs: Inputs;
  /** What of the link is not used, a sentence each. */
  ignored: string[];
}

export function fragmentOf(inputs: Inputs, base: Inputs, controlsOf: ControlsOf): string {
  const params = new URLSearchParams();
  const structure = switches(controlsOf(inputs));
  for (const { id, path, input } of structure)
    if (isOn(inputs, path, input) !== isOn(base, path, input))
      params.append(id, isOn(inputs, path, input) ? 'on' : 'off');
  if (!same(inputs.plan.rollout, base.plan.rollout))
    for (const { share, date, stage } of inputs.plan.rollout) params.append('stage', `${share},${date},${stage}`);
  const begun = structure.reduce(
    (all, control) => switched(all, control, isOn(inputs, control.path, control.input)),
    base,
  );
  for (const { id, path, input } of values(controlsOf(inputs))) {
    const [value, before] = [readAt(inputs, path), readAt(begun, path)];
    if (input.kind !== 'switch' && !same(value, before)) params.append(id, value === null ? '' : String(value ?? ''));
  }
  // Commas need no escape in a fragment, and are easier to read.
  return params.toString().replaceAll('%2C', ',');
}

/** The inputs of a link. What it has that cannot be read is left out and named; what is out of bounds is for {@link problemsOf}. */
export function readFragment(fragment: string, base: Inputs, controlsOf: ControlsOf): ReadScenario {
  const params = new URLSearchParams(fragment);
  const ignored: string[] = [];
  let inputs = base;
  const used = new Set<string>();
  const take = (id: string): string | null => {
    used.add(id);
    return params.get(id);
  };
  for (const control of switches(controlsOf(base))) {
    const text = take(control.id);
    if (text === null) continue;
    if (text === 'on' || text === 'off') inputs = switched(inputs, control, text === 'on');
    else ignored.push(`${control.id}: expected on or off, found “${text}”.`);
  }
  used.add('stage');
  const stages = params.getAll('stage').map(stageOf);
  const wrong = stages.indexOf(null);
  if (wrong >= 0) ignored.push(`stage: expected share,date,name, found “${params.getAll('stage')[wrong]}”.`);
  else if (stages.length > 0)
    inputs = withValueAt(
      inputs,
      ['plan', 'rollout'],
      stages.filter((each) => each !== null),
    );
  for (const control of values(controlsOf(inputs))) {
    const text = take(control.id);
    if (text === null) continue;
    const value = parsed(text, control.input);
    if (value.kind === 'value') inputs = withValue(inputs, control, value.value);
    else ignored.push(`${control.id}: expected ${value.expected}, found “${text}”.`);
  }
  for (const id of new Set(params.keys())) if (!used.has(id)) ignored.push(`${id}: nothing here is called so.`);
  return { inputs, ignored };
}

/** Whether a fragment is a scenario, and not the anchor of a section. */
export const isScenario = (fragment: string): boolean => fragment.includes('=');

type SwitchInput = Extract<Control['input'], { kind: 'switch' }>;
type Switch = Control & { input: SwitchInput };

export const isOn = (inputs: Inputs, path: Control['path'], input: SwitchInput): boolean => {
  const value = readAt(inputs, path);
  // `newTable: false` in a plan's file is as good as nothing.
  return value !== undefined && value !== null && value !== false && value !== input.off;
};

/** On: as it is there already, or with the first value. */
const switched = (inputs: Inputs, control: Switch, on: boolean): Inputs => {
  const { path, input } = control;
  return isOn(inputs, path, input) === on ? inputs : withValue(inputs, control, on ? input.on : input.off);
};

const switches = (controls: readonly Control[]) =>
  controls.filter((each): each is Switch => each.input.kind === 'switch');
/** Of single values: stages are written as a list. */
const values = (controls: readonly Control[]) =>
  controls.filter(({ id, input }) => input.kind !== 'switch' && !id.startsWith('rollout.'));

function parsed(
  text: string,
  input: Control['input'],
): { kind: 'value'; value: unknown } | { kind: 'wrong'; expected: string } {
  if (input.kind !== 'number') return { kind: 'value', value: text };
  if (text === '' && input.absent) return { kind: 'value', value: input.absent.value };
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value)
    ? { kind: 'wrong', expected: 'a number' }
    : { kind: 'value', value };
}

/** `0.5,2027-03-01,half of them, at last`: the name may have commas. */
function stageOf(text: string): RolloutStage | null {
  const [, share = '', date = '', stage = ''] = /^([^,]*),([^,]*),(.+)$/su.exec(text) ?? [];
  const number = Number(share);
  return share !== '' && Number.isFinite(number) && isDate(date) && stage !== ''
    ? { stage, share: number, date }
    : null;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
