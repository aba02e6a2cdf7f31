/** Known bottlenecks: one limit of the local target lowered at a time, and the load at which it must show. */

import type { z } from 'zod';
import type { FunctionUse } from '../../capacity/search/bottleneck.ts';
import type { faultsFileSchema, LimitsInput } from '../../local/start.ts';
import type { Variable } from '../../run/search/varied-workload.ts';
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
const slow = (service: 'dynamodb' | 'sqs', operation: string, delay: number): NonNullable<Bottleneck['faults']> => [
  { kind: 'latency', service, operation, delay },
];
/**
 * A limit on executions at a time loses what finds none free: it is near its capacity only where one more or less is a small share of all. Each
 * lasts long, so that a delay of this machine is a small share of that.
 */
const slots = 40;

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
    expected: { kind: 'quota', quota: 'webSocketApiThrottle', scope: /ping/ },
    settings: { webSocketThrottle: { ratePerSecond: 40, burst: 12 } },
    variable: 'messages',
    load: { ...quiet, messages: 30 },
    truth: () => 40 + 12 / quiet.steadySeconds,
  },
  {
    name: 'reserved concurrency',
    expected: { kind: 'quota', quota: 'reservedConcurrency', scope: /Ingest/ },
    settings: { functions: { ingest: { reservedConcurrency: slots } } },
    limits: { maxEnvironments: 3 * slots },
    faults: slow('sqs', 'SendMessage', 2_000),
    variable: 'webhooks',
    load: { ...quiet, webhooks: 15 },
    // Even arrivals: so many at a time, each for its mean duration.
    truth: (meanSeconds) => slots / meanSeconds('ingest'),
  },
  {
    name: 'a slow handler, through the concurrency of the account',
    expected: { kind: 'quota', quota: 'accountConcurrency' },
    limits: { accountConcurrency: slots, unreservedConcurrencyFloor: 1, maxEnvironments: 3 * slots },
    faults: slow('dynamodb', 'PutItem', 2_000),
    variable: 'connections',
    load: ramp(120),
    truth: (meanSeconds) => (slots / (meanSeconds('connect') + meanSeconds('authorize'))) * rampSeconds,
  },
  {
    name: 'concurrency of the poller',
    expected: { kind: 'poller' },
    settings: { queue: { maximumConcurrency: 2, batchSize: 1 } },
    // Fast enough that a load just over the capacity leaves a queue that is seen to grow: over it by 6%, 17 messages in 24 s.
    faults: slow('dynamodb', 'Query', 150),
    // Over the capacity c by a share x, the queue's last message waits for x times the steady state.
    slo: { deliveryP99Ms: 900 },
    variable: 'webhooks',
    load: { ...quiet, steadySeconds: 24, webhooks: 9 },
    truth: (meanSeconds) => 2 / meanSeconds('deliver'),
  },
  {
    name: 'write units of the table',
    expected: { kind: 'quota', quota: 'dynamodbOnDemandWrite' },
    limits: { dynamodbOnDemandWrite: { ratePerSecond: 40, burst: 40 }, dynamodbPartitions: 'none' },
    // What the table refuses the SDK tries again, 0 to 500 ms later: a generous objective would carry more than the bucket.
    slo: { deliveryP99Ms: 250 },
    variable: 'webhooks',
    load: { ...quiet, connections: 4, steadySeconds: 16, webhooks: 15 },
    // Each event is two writes of one unit: its claim and its completion.
    truth: () => (40 + 40 / 16) / 2,
  },
  {
    name: '@connections, within the throttle of the account',
    expected: { kind: 'quota', quota: 'accountThrottle' },
    limits: { accountThrottle: { ratePerSecond: 40, burst: 20 } },
    variable: 'webhooks',
    // A push that was refused comes again after a back-off: as above.
    slo: { deliveryP99Ms: 250 },
    load: { ...quiet, steadySeconds: 16, webhooks: 15 },
    // Each webhook is one post and one push to its owner's only connection.
    truth: () => (40 + 20 / 16) / 2,
  },
];
