/** Controls of numbers and of what is there or not. Pure. */
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { FieldRules } from './bounds.ts';
import {
  type Absent,
  type Bounds,
  type Control,
  type ControlInput,
  type Group,
  type Path,
  readAt,
  type Slider,
} from './control.ts';

export interface NumberField {
  /** Its place, with dots. */
  key: string;
  label: string;
  unit: string;
  group: Group;
  /** Where its slider begins and ends; absent: a hundredth to a hundred times the value of the report. */
  slider?: Slider;
  /** Of a number that may be left out: what holds then. */
  without?: [text: string, inForce: number | null];
  later?: true;
}

/** A share of something that is there. */
export const share: Slider = { from: 0.01, to: 1, scale: 'linear' };
export const log = (from: number, to: number): Slider => ({ from, to, scale: 'log' });
export const linear = (from: number, to: number): Slider => ({ from, to, scale: 'linear' });

/** A number of the plan. `base`: the plan of the report. */
export function planNumber(path: Path, field: NumberField, rules: FieldRules, base: UsagePlan): Control {
  const { label, unit, group, without, later } = field;
  const now = readAt(base, path);
  const rule = rules[path.filter((key) => typeof key === 'string').join('.')];
  const slider = field.slider ?? around(typeof now === 'number' ? now : 1);
  return {
    id: path.join('.'),
    path: ['plan', ...path],
    group,
    label,
    hint: (rule?.hint ?? '').replaceAll('`', ''),
    input: numberInput({
      unit,
      bounds: rule?.bounds ?? anyNumber,
      slider: typeof now === 'number' ? widened(slider, now) : slider,
      absent: without ? { text: without[0], value: undefined, inForce: without[1] } : null,
    }),
    ...(later && { later }),
  };
}

export const numberInput = (parts: {
  unit: string;
  bounds: Bounds;
  slider: Slider;
  absent: Absent | null;
}): ControlInput => ({ kind: 'number', ...parts });

export const planSwitch = (key: string, group: Group, label: string, on: unknown): Control => ({
  ...{ id: key, path: ['plan', key], group, label, hint: '' },
  input: { kind: 'switch', on, off: undefined },
});

export const atLeast = (least: number, most = Number.MAX_SAFE_INTEGER, whole = true): Bounds => ({
  ...{ least, most, whole, aboveLeast: false, belowMost: false },
});
const anyNumber: Bounds = atLeast(0, Number.MAX_SAFE_INTEGER, false);

/** A hundredth to a hundred times a value. */
export function around(value: number, times = 100): Slider {
  const size = Math.max(value, 1);
  return log(Number((size / times).toPrecision(2)), Number((size * times).toPrecision(2)));
}

/** With the value on it. */
const widened = ({ from, to, scale }: Slider, value: number): Slider => ({
  ...{ from: Math.min(from, value), to: Math.max(to, value), scale },
});
