/** A small stack with round coefficients, to be worked out by hand in tests. */
import { type Coefficient, type Coefficients, type Role, roles } from './demand/coefficients.ts';
import type { UsagePlan } from './demand/plan.ts';
import type { Deployment } from './headroom/quota.ts';

const measured = (value: number, unit = ''): Coefficient => ({
  kind: 'value',
  value,
  unit,
  method: 'measured',
  basis: 'example',
});

export const eachRole = <T>(value: T): Record<Role, T> =>
  Object.fromEntries(roles.map((role) => [role, value])) as Record<Role, T>;

/** One invocation a unit, 0.1 s each; 2 WRU a connect, 1 a disconnect, 1 a webhook; 1, 0 and 0.5 RRU. */
export const exampleCoefficients: Coefficients = {
  from: 'aws',
  callsPerPush: measured(1),
  invocations: eachRole(measured(1)),
  meanSeconds: eachRole(measured(0.1)),
  p99Seconds: eachRole(measured(0.3)),
  writeUnits: { perConnect: measured(2), perDisconnect: measured(1), perWebhook: measured(1) },
  readUnits: { perConnect: measured(1), perDisconnect: measured(0), perWebhook: measured(0.5) },
  pushBytes: measured(500),
};

export const exampleDeployment: Deployment = {
  region: 'us-east-1',
  ingest: 'lambda',
  webSocketThrottle: { ratePerSecond: 5_000, burst: 2_500 },
  webhookThrottle: { ratePerSecond: 2_000, burst: 1_000 },
  batchSize: 10,
  maximumConcurrency: null,
  reservedConcurrency: {},
  memoryMb: eachRole(512),
};

/**
 * 864,000 users: 25% online with 2 tabs = 432,000 connections, 60 reconnects/s by the 2 h lifetime; 1 message a minute of each online user, by a timer,
 * = 3,600/s; 10 webhooks a day = 100/s, in a burst of 60 s 1,000/s; half a push for each. As busy all day.
 */
export const examplePlan: UsagePlan = {
  name: 'example',
  asOf: '2026-01-01',
  users: 864_000,
  peakConcurrency: 0.25,
  tabsPerUser: 2,
  messagesPerUserPerMinute: 1,
  messageGaps: 'regular',
  webhooksPerUserPerDay: 10,
  webhookBurstFactor: 10,
  webhookBurstSeconds: 60,
  messageBytes: 200,
  webhookBytes: 2_000,
  growthPerMonth: 0,
  meanToPeak: 1,
  quotaLeadDays: 14,
  rollout: [{ stage: 'all', share: 1, date: '2026-01-01' }],
  horizonMonths: 12,
  slo: { connectP99Ms: 2_000, roundTripP99Ms: 500, deliveryP99Ms: 2_000, errorShare: 0.001 },
  quotas: {},
};
