/** What a stack of this kind costs a unit of load where no run has measured it yet: from the code's path, and assumed durations. */
import { type Coefficient, type Coefficients, type Role, roles } from './coefficients.ts';

/**
 * Mean durations in ms (`deliver`: for one webhook). Assumptions: handlers of this kind, on AWS, with one or two calls of DynamoDB or SQS of
 * some ms each.
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

/** Before the first run. One invocation a unit of load, one row written a connect and a disconnect, a claim and its completion a webhook. */
export function assumedCoefficients(): Coefficients {
  const each = (coefficient: (role: Role) => Coefficient) =>
    Object.fromEntries(roles.map((role) => [role, coefficient(role)])) as Record<Role, Coefficient>;
  const units = (of: 'WRU' | 'RRU', connect: number, disconnect: number, webhook: number) => ({
    perConnect: assumed(connect, `${of}/connect`, 'the code’s path'),
    perDisconnect: assumed(disconnect, `${of}/disconnect`, 'the code’s path'),
    perWebhook: assumed(webhook, `${of}/webhook`, 'the code’s path'),
  });
  return {
    from: 'assumed',
    callsPerPush: assumed(1, 'calls/push', 'one @connections call for each open connection'),
    invocations: each((role) => assumed(1, 'invocations', `one of ${role} for each unit of load`)),
    meanSeconds: each((role) => assumed(assumedMeanMs[role] / 1_000, 's', 'handlers of this kind on AWS')),
    p99Seconds: each((role) => assumed((assumedMeanMs[role] * p99OverMean) / 1_000, 's', 'five times the mean')),
    writeUnits: units('WRU', 1, 1, 2),
    readUnits: units('RRU', 0, 0, 0.5),
    pushBytes: assumed(assumedPushBytes, 'bytes', 'a small notice'),
  };
}
