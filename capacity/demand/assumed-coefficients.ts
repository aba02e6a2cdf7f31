/** Coefficients of the reference stack before a run has measured them: from its code path, and assumed durations. */
import { type Coefficient, type Coefficients, type Role, roles } from './coefficients.ts';

/**
 * Mean durations in ms (`deliver`: for one webhook). Assumptions: handlers of this kind, on AWS, with one or two calls to DynamoDB or SQS of
 * a few ms each.
 */
export const assumedMeanMs: Record<Role, number> = {
  authorize: 5,
  connect: 20,
  disconnect: 20,
  message: 10,
  ingest: 20,
  deliver: 40,
};

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

/** Before the first run. One invocation per unit of load, one row written per connect and disconnect, a claim and its completion per webhook. */
export function assumedCoefficients(): Coefficients {
  const each = (coefficient: (role: Role) => Coefficient) =>
    Object.fromEntries(roles.map((role) => [role, coefficient(role)])) as Record<Role, Coefficient>;
  const units = (of: 'WRU' | 'RRU', connect: number, disconnect: number, webhook: number) => ({
    perConnect: assumed(connect, `${of}/connect`, 'the code path'),
    perDisconnect: assumed(disconnect, `${of}/disconnect`, 'the code path'),
    perWebhook: assumed(webhook, `${of}/webhook`, 'the code path'),
  });
  return {
    from: 'assumed',
    callsPerPush: assumed(1, 'calls/push', 'one @connections call for each open connection'),
    invocations: each((role) => assumed(1, 'invocations', `one ${role} invocation per unit of load`)),
    meanSeconds: each((role) => assumed(assumedMeanMs[role] / 1_000, 's', 'typical handlers on AWS')),
    p99Seconds: each((role) => assumed((assumedMeanMs[role] * p99OverMean) / 1_000, 's', 'five times the mean')),
    writeUnits: units('WRU', 1, 1, 2),
    readUnits: units('RRU', 0, 0, 0.5),
    pushBytes: assumed(assumedPushBytes, 'bytes', 'a small notification'),
  };
}
