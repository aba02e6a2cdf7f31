/** What the answers of a stack's fallback cost. No run asks for any: they are by the code path. */

import { clientSeconds } from '../demand/assumed-usage.ts';
import type { AskKind, Coefficient, Coefficients } from '../demand/coefficients.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';

interface Calculated {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
}

/** A plan's pages have the client if the stack serves it; and what its answers cost the stack is known. */
export function withFallback<Input extends Calculated>(input: Input): Input {
  const { plan, coefficients, deployment } = input;
  const fallback = deployment.code?.fallback;
  if (fallback === undefined) return input;
  const { table, function: id } = fallback;
  const { syncClient = { stageSeconds: clientSeconds.stage, pollSeconds: clientSeconds.poll } } = plan;
  const { stage, events } = fallback.meanSeconds;
  const before = coefficients.tables[table];
  return {
    ...input,
    plan: { ...plan, syncClient },
    coefficients: {
      ...coefficients,
      functions: {
        ...coefficients.functions,
        [id]: {
          invocations: each({ stageRead: 1, poll: 1 }, 'invocations', 'one invocation for each request'),
          busySeconds: each({ stageRead: stage, poll: events }, 's', 'assumed: typical handlers on AWS'),
          p99Seconds: modelled(events * p99OverMean, 's', 'assumed: five times the mean'),
        },
      },
      tables: {
        ...coefficients.tables,
        ...(before && {
          [table]: {
            ...before,
            readUnits: {
              ...before.readUnits,
              // The stage is read once in 5 s by each environment.
              ...each({ stageRead: 0, poll: 1 }, 'RRU', 'the code path: a consistent read of less than 4 KB'),
            },
          },
        }),
      },
    },
  };
}

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
});
