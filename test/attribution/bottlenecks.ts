/** Known bottlenecks: one limit of the local target lowered at a time, and the load at which it must show. */

import type { z } from 'zod';
import type { FunctionUse } from '../../capacity/index.ts';
import type { faultsFileSchema } from '../../local/interference/faults.ts';
import type { LimitsInput } from '../../local/quota/limits.ts';
import type { Variable } from '../../scripts/search/varied-workload.ts';
import type { StackSettingsInput } from '../../stack/settings.ts';

export interface Bottleneck {
  name: string;
  /** What the search must call it. */
  expected: { kind: 'quota'; quota: string; scope?: RegExp } | { kind: 'poller' };
  settings?: StackSettingsInput;
  limits?: LimitsInput;
  faults?: z.input<typeof faultsFileSchema>['faults'];
  slo?: Record<string, number>;
  variable: Variable;
  load: {
    connections: number;
    connectRatePerSecond: number;
    steadySeconds: number;
    messages: number;
    webhooks: number;
  };
  /**
   * Load in the search's unit that the limit carries in one trial; `meanSeconds`: measured mean duration of a function. Bursts are
   * large enough for a stall of this machine of a few tenths of a second, after which sends come together.
   */
  truth(meanSeconds: (role: FunctionUse['role']) => number): number;
}

/** Each function slower by a fixed time: its calls of this service take so much longer. */
const slow = (operation: string, delay: number): NonNullable<Bottleneck['faults']> => [
  { kind: 'latency', service: 'dynamodb', operation, delay },
];

const rampSeconds = 8;
const quiet = { connections: 20, connectRatePerSecond: 20, steadySeconds: 8, messages: 0, webhooks: 0 };
const ramp = (connections: number) => ({
  ...quiet,
  connections,
  connectRatePerSecond: connections / rampSeconds,
  steadySeconds: 1,
});

export const bottlenecks: readonly Bottleneck[] = [
  {
    name: 'new connections',
    expected: { kind: 'quota', quota: 'newConnections' },
    limits: { newConnections: { ratePerSecond: 30, burst: 10 } },
    variable: 'connections',
    load: ramp(180),
    truth: () => 30 * rampSeconds + 10,
  },
  {
    name: 'throttle of a route',
    expected: { kind: 'quota', quota: 'route', scope: /ping/ },
    settings: { webSocketThrottle: { ratePerSecond: 40, burst: 12 } },
    variable: 'messages',
    load: { ...quiet, messages: 30 },
    truth: () => 40 + 12 / quiet.steadySeconds,
  },
  {
    name: 'reserved concurrency',
    expected: { kind: 'quota', quota: 'reservedConcurrency', scope: /Connect/ },
    settings: { functions: { connect: { reservedConcurrency: 8 } } },
    // Long and many, so that a delay of this machine is small beside them.
    faults: slow('PutItem', 800),
    variable: 'connections',
    load: ramp(60),
    // Even arrivals: eight at a time, each for its mean duration.
    truth: (meanSeconds) => (8 / meanSeconds('connect')) * rampSeconds,
  },
  {
    name: 'concurrency of the account, through a slow handler',
    expected: { kind: 'quota', quota: 'accountConcurrency' },
    limits: { accountConcurrency: 8, unreservedConcurrencyFloor: 1 },
    faults: slow('PutItem', 800),
    variable: 'connections',
    load: ramp(60),
    truth: (meanSeconds) => (8 / (meanSeconds('connect') + meanSeconds('authorize'))) * rampSeconds,
  },
  {
    name: 'concurrency of the poller',
    expected: { kind: 'poller' },
    settings: { queue: { maximumConcurrency: 2, batchSize: 1 } },
    faults: slow('Query', 400),
    slo: { deliveryP99Ms: 1_200 },
    variable: 'webhooks',
    load: { ...quiet, steadySeconds: 16, webhooks: 3.5 },
    truth: (meanSeconds) => 2 / meanSeconds('deliver'),
  },
  {
    name: 'write units of the table',
    expected: { kind: 'quota', quota: 'tableWrite' },
    limits: { dynamodbOnDemandWrite: { ratePerSecond: 25, burst: 25 }, dynamodbPartitions: 'none' },
    variable: 'connections',
    load: ramp(150),
    truth: () => 25 * rampSeconds + 25,
  },
  {
    name: '@connections, within the throttle of the account',
    expected: { kind: 'quota', quota: 'accountThrottle' },
    limits: { accountThrottle: { ratePerSecond: 40, burst: 20 } },
    variable: 'webhooks',
    load: { ...quiet, webhooks: 15 },
    // Each webhook is one post and one push to its owner's only connection.
    truth: () => (40 + 20 / quiet.steadySeconds) / 2,
  },
];
