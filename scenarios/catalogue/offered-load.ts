/** What a scenario makes of the plan's numbers: the load that a run of it offers. Pure. */
import { arrivalsOf, type RatePhase } from '../../engine/src/core/schedule/pacer.ts';
import { numberRules } from '../../engine/src/step/fleet-step.ts';
import type { NumberRule } from '../../engine/src/step/step-values.ts';
import type { Workload } from '../../record/run.ts';
import { scenarioVariableNames, scenarioVariables } from '../plan/workload.ts';
import type { Scenario } from './scenario.ts';

type Variables = Record<string, unknown>;
type WorkloadKey = (typeof scenarioVariableNames)[number];

const variablePattern = /\{\{\s*([\w.$]+)\s*\}\}/g;

/** Names of the variables that its fleet steps use. */
export function variablesUsed({ fleets }: Scenario): Set<string> {
  return new Set([...JSON.stringify(fleets).matchAll(variablePattern)].map(([, name = '']) => name));
}

/**
 * The numbers of the first fleet step. One that is a variable has that variable's value (`given` before the plan's, the plan's before the
 * scenario's own), one that is written out has that, and one that is not there the engine's default. What cannot be known before the
 * run (a template of the environment, one value of several) is taken from the plan.
 */
export function offeredLoad(scenario: Scenario, planned: Workload, given: Variables): Workload {
  const [fleet = {}] = scenario.fleets;
  const variables = { ...scenario.variables, ...scenarioVariables(planned), ...given };
  const plannedNumbers = scenarioVariables(planned);
  const numberOf = (key: WorkloadKey): number => {
    const rule: NumberRule = numberRules[key];
    const byDefault = key === 'connections' ? undefined : rule.default;
    const value = key in fleet ? resolve(fleet[key], variables) : byDefault;
    const number = value === '' || value === null || Array.isArray(value) ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : Number(plannedNumbers[key]);
  };
  const numbers = Object.fromEntries(scenarioVariableNames.map((key) => [key, numberOf(key)])) as Record<
    WorkloadKey,
    number
  >;
  const { burstStartsAtSeconds, burstLastsSeconds, burstRatePerSecond, ...rest } = numbers;
  const messages = phasesOf(fleet.messagePhases);
  const webhooks = phasesOf(fleet.webhookPhases);
  const hasBurst = webhooks === null && burstRatePerSecond > 0 && burstLastsSeconds > 0;
  return {
    ...rest,
    steadySeconds: Math.max(rest.steadySeconds, secondsOf(messages), secondsOf(webhooks)),
    messageRatePerSecond: messages ? meanRate(messages) : rest.messageRatePerSecond,
    webhookRatePerSecond: webhooks ? meanRate(webhooks) : rest.webhookRatePerSecond,
    webhookBytes: meanBytes(fleet.webhookSizes) ?? rest.webhookBytes,
    burst: hasBurst
      ? { startsAtSeconds: burstStartsAtSeconds, lastsSeconds: burstLastsSeconds, ratePerSecond: burstRatePerSecond }
      : null,
  };
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
