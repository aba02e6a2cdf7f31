/** The load that a run of a scenario offers, from the plan's numbers. Pure. */
import { arrivalsOf, type RatePhase } from '../../engine/src/core/schedule/pacer.ts';
import { recordOf } from '../../engine/src/step/keyed.ts';
import {
  type LoadOptionName,
  loadOptionNames,
  type NumberField,
  numberFields,
} from '../../engine/src/step/load-fields.ts';
import type { Workload } from '../../record/workload.ts';
import type { Scenario } from './scenario.ts';

type Variables = Record<string, unknown>;

const variablePattern = /\{\{\s*([\w.$]+)\s*\}\}/g;

/** Names of the variables that its fleet steps use. */
export function variablesUsed({ fleets }: Scenario): Set<string> {
  return new Set([...JSON.stringify(fleets).matchAll(variablePattern)].map(([, name = '']) => name));
}

/**
 * The numbers of the first fleet step. One that is a variable has that variable's value (`given` takes precedence over the plan's, the plan's over the
 * scenario's own), one that is written out has that, and one that is not there the engine's default. What cannot be known before the
 * run (a template of the environment, one value of several) is taken from the plan.
 */
export function offeredLoad(scenario: Scenario, planned: Workload, given: Variables): Workload {
  const [fleet = {}] = scenario.fleets;
  const variables = { ...scenario.variables, ...planned, ...given };
  const numberOf = (name: LoadOptionName): number => {
    const field: NumberField = numberFields[name];
    const byDefault = name === 'connections' ? undefined : field.default;
    const value = name in fleet ? resolve(fleet[name], variables) : byDefault;
    const number = value === '' || value === null || Array.isArray(value) ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : planned[name];
  };
  const load = recordOf(loadOptionNames, numberOf);
  const messages = phasesOf(fleet.messagePhases);
  const webhooks = phasesOf(fleet.webhookPhases);
  return {
    ...load,
    steadySeconds: Math.max(load.steadySeconds, secondsOf(messages), secondsOf(webhooks)),
    messageRatePerSecond: messages ? meanRate(messages) : load.messageRatePerSecond,
    webhookRatePerSecond: webhooks ? meanRate(webhooks) : load.webhookRatePerSecond,
    webhookBytes: meanBytes(fleet.webhookSizes) ?? load.webhookBytes,
    burstRatePerSecond: webhooks ? 0 : load.burstRatePerSecond,
  };
}

/** Whether a step has tabs that ask over HTTP (step/load-fields.ts), by these variables. */
export function asksOverHttpIn({ fleets }: Scenario, variables: Variables): boolean {
  return fleets.some((fleet) => {
    const isSet = (name: 'pollingShare' | 'stageSeconds' | 'rollbackSeconds') =>
      name in fleet && Number(resolve(fleet[name], variables)) > 0;
    return isSet('pollingShare') || isSet('stageSeconds') || isSet('rollbackSeconds');
  });
}

function resolve(value: unknown, variables: Variables): unknown {
  const name = typeof value === 'string' ? /^\{\{\s*([\w.$]+)\s*\}\}$/.exec(value)?.[1] : undefined;
  return name === undefined ? value : variables[name];
}

/** Phases as the scenario writes them, checked before; null when there are none, or templates in them. */
function phasesOf(value: unknown): RatePhase[] | null {
  return Array.isArray(value) && !JSON.stringify(value).includes('{{') ? (value as RatePhase[]) : null;
}

const secondsOf = (phases: RatePhase[] | null): number =>
  (phases ?? []).reduce((sum, { lastsSeconds }) => sum + Number(lastsSeconds), 0);
const meanRate = (phases: RatePhase[]): number => arrivalsOf(phases) / secondsOf(phases);

function meanBytes(sizes: unknown): number | null {
  if (!Array.isArray(sizes) || sizes.length === 0 || JSON.stringify(sizes).includes('{{')) return null;
  const entries = sizes as { bytes: number; weight: number }[];
  const weight = entries.reduce((sum, each) => sum + Number(each.weight), 0);
  return Math.round(entries.reduce((sum, each) => sum + Number(each.bytes) * Number(each.weight), 0) / weight);
}
