/** Coefficients of the reference stack before a run has measured them: from its code path, and assumed durations. */
import type {
  Coefficient,
  Coefficients,
  FunctionCosts,
  LoadKind,
  UnitCosts,
} from '../../capacity/demand/coefficients.ts';
import { tableUnits } from './deployment.ts';

/** What one invocation of each function belongs to, and its mean duration in ms (`deliver`: for one webhook). */
const functions: Record<string, { kind: LoadKind; meanMs: number }> = {
  authorize: { kind: 'connect', meanMs: 5 },
  connect: { kind: 'connect', meanMs: 20 },
  disconnect: { kind: 'disconnect', meanMs: 20 },
  message: { kind: 'message', meanMs: 10 },
  ingest: { kind: 'webhook', meanMs: 20 },
  deliver: { kind: 'webhook', meanMs: 40 },
};

/**
 * Mean durations in ms by function. Assumptions: handlers of this kind, on AWS, with one or two calls to DynamoDB or SQS of a few ms each.
 */
export const assumedMeanMs: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(functions).map(([id, { meanMs }]) => [id, meanMs]),
);

/** p99 over mean: cold starts and slow calls. An assumption. */
const p99OverMean = 5;
/** Bytes of a frame to a client. An assumption: ids and a subject line, not the whole mail. */
const assumedPushBytes = 512;

const assumed = (value: number, unit: string, basis: string): Coefficient => ({
  kind: 'value',
  value,
  unit,
  method: 'model',
  basis: `assumed: ${basis}`,
});

const costsOf = (id: string, { kind, meanMs }: { kind: LoadKind; meanMs: number }): FunctionCosts => ({
  invocations: { [kind]: assumed(1, `invocations/${kind}`, `one ${id} invocation per unit of load`) },
  busySeconds: { [kind]: assumed(meanMs / 1_000, `s/${kind}`, 'typical handlers on AWS') },
  p99Seconds: assumed((meanMs * p99OverMean) / 1_000, 's', 'five times the mean'),
});

/** Before the first run. One invocation per unit of load, and the table's units by the code path. */
export function assumedCoefficients(): Coefficients {
  const units = (of: 'WRU' | 'RRU', path: Readonly<Record<string, number>>): UnitCosts =>
    Object.fromEntries(
      Object.entries(path).map(([kind, value]) => [kind, assumed(value, `${of}/${kind}`, 'the code path')]),
    );
  return {
    from: 'assumed',
    callsPerPush: assumed(1, 'calls/push', 'one @connections call for each open connection'),
    pushBytes: assumed(assumedPushBytes, 'bytes', 'a small notification'),
    functions: Object.fromEntries(Object.entries(functions).map(([id, each]) => [id, costsOf(id, each)])),
    tables: Object.fromEntries(
      Object.entries(tableUnits).map(([id, { writeUnits, readUnits }]) => [
        id,
        { writeUnits: units('WRU', writeUnits), readUnits: units('RRU', readUnits) },
      ]),
    ),
    queues: { queue: { webhook: assumed(1, 'messages/webhook', 'one message for each webhook') } },
  };
}
