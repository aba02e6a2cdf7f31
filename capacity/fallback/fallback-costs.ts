/** What the answers of a stack's fallback cost. */

import { clientSeconds } from '../demand/assumed-usage.ts';
import {
  type AskKind,
  askKinds,
  type Coefficient,
  type Coefficients,
  type FunctionCosts,
  type UnitCosts,
} from '../demand/coefficients.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';

interface Calculated {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
}

/** A plan's pages have the client if the stack serves it; and what its answers cost the stack is known: as it was measured, or else by the code path. */
export function withFallback<Input extends Calculated>(input: Input): Input {
  const { plan, coefficients, deployment } = input;
  const fallback = deployment.code?.fallback;
  if (fallback === undefined) return input;
  const { table, function: id, holdSeconds } = fallback;
  const { stage: stageSeconds, poll: pollSeconds } = clientSeconds;
  const { syncClient = { stageSeconds, pollSeconds, blockedShare: 0 } } = plan;
  const { stage, events } = fallback.meanSeconds;
  const before = coefficients.tables[table];
  const measured = coefficients.functions[id];
  const isMeasured = measured?.busySeconds.poll !== undefined;
  const waitSeconds = meanWaitSeconds(holdSeconds, plan.webhooksPerUserPerDay / secondsPerDay);
  const held = 'assumed: an execution for as long as the read is held';
  const pollBusy = waitSeconds > 0 ? modelled(waitSeconds + events, 's/poll', held) : null;
  const byCode: FunctionCosts = {
    invocations: each({ stageRead: 1, poll: 1, firstRead: 1 }, 'invocations', 'one invocation for each request'),
    busySeconds: each({ stageRead: stage, poll: events, firstRead: events }, 's', 'assumed: typical handlers on AWS'),
    p99Seconds: modelled(events * p99OverMean, 's', 'assumed: five times the mean'),
  };
  const costs = isMeasured ? measured : byCode;
  const looks = waitSeconds / lookEachSeconds;
  const reads = each(
    { stageRead: 0, poll: 1 + looks, firstRead: 1 },
    'RRU',
    looks > 0 ? 'the code path: a consistent read each second' : 'the code path: a consistent read of less than 4 KB',
  );
  return {
    ...input,
    // A read that is held is followed by the next one.
    plan: {
      ...plan,
      syncClient: { ...syncClient, ...(waitSeconds > 0 && { pollSeconds: Math.max(heldApartSeconds, waitSeconds) }) },
    },
    coefficients: {
      ...coefficients,
      functions: {
        ...coefficients.functions,
        [id]: {
          ...costs,
          busySeconds: { ...costs.busySeconds, ...(pollBusy && { poll: pollBusy }) },
          p99Seconds: holdSeconds > 0 ? modelled(holdSeconds + events, 's', held) : costs.p99Seconds,
        },
      },
      tables: {
        ...coefficients.tables,
        ...(before && {
          [table]: {
            ...before,
            // The stage is read once in 5 s by each environment.
            readUnits: { ...before.readUnits, ...reads, ...(looks === 0 && askedOf(before.readUnits)) },
          },
        }),
      },
    },
  };
}

const secondsPerDay = 86_400;
/** A function that holds a read looks again so often (handlers/functions/fallback.ts); and reads that are held begin so far apart at least (docs/reference/protocol.md). */
const lookEachSeconds = 1;
const heldApartSeconds = 1;

/** Until the first of events that come at random so many times a second, and no longer than it is held: (1 − e^(−λh)) / λ. 0: it is not held. */
const meanWaitSeconds = (holdSeconds: number, eventsPerSecond: number): number =>
  eventsPerSecond > 0 ? (1 - Math.exp(-eventsPerSecond * holdSeconds)) / eventsPerSecond : holdSeconds;

/** Of a run that had polls. */
const askedOf = (costs: UnitCosts): UnitCosts =>
  Object.fromEntries(askKinds.flatMap((kind) => (costs[kind] === undefined ? [] : [[kind, costs[kind]]])));

/**
 * What a stack costs that keeps events for its clients, as `deployment` does, from what it cost without: a write for each webhook. `measured`: the stack
 * that the coefficients are of; null: one that keeps none.
 */
export function keepingEvents(
  coefficients: Coefficients,
  { measured, deployment }: { measured: Pick<Deployment, 'code'> | null; deployment: Pick<Deployment, 'code'> },
): Coefficients {
  const fallback = deployment.code?.fallback;
  const before = fallback && coefficients.tables[fallback.table];
  const webhook = before?.writeUnits.webhook;
  if (fallback === undefined || measured?.code?.fallback || !before || webhook?.kind !== 'value') return coefficients;
  const basis = `${webhook.basis}; and one that keeps the event`;
  const writeUnits = { ...before.writeUnits, webhook: { ...webhook, value: webhook.value + 1, basis } };
  return { ...coefficients, tables: { ...coefficients.tables, [fallback.table]: { ...before, writeUnits } } };
}

/** Cold starts and slow calls. An assumption. */
const p99OverMean = 5;

const modelled = (value: number, unit: string, basis: string): Coefficient => ({
  ...{ kind: 'value', value, unit },
  ...{ method: 'model', basis },
});

const each = (values: Record<AskKind, number>, unit: string, basis: string) => ({
  stageRead: modelled(values.stageRead, `${unit}/stageRead`, basis),
  poll: modelled(values.poll, `${unit}/poll`, basis),
  firstRead: modelled(values.firstRead, `${unit}/firstRead`, basis),
});
