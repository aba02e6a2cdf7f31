/** Known bottlenecks: one limit of the local target lowered at a time, and the load at which the search must find it. */

import type { z } from 'zod';
import type { faultsFileSchema, LimitsInput } from '../../local/start.ts';
import type { Variable } from '../../run/search/varied-workload.ts';
import type { StackSettingsInput } from '../../stack/settings/settings.ts';

export interface Bottleneck {
  name: string;
  /** The name that the search must report. */
  expected: { kind: 'quota'; quota: string; scope?: RegExp } | { kind: 'poller' };
  settings?: StackSettingsInput;
  limits?: LimitsInput;
  faults?: z.input<typeof faultsFileSchema>['faults'];
  slo?: Record<string, number>;
  variable: Variable;
  /** Its trials run beside those of one other like it at most: a delay of this machine takes slots that the arithmetic counts as free. */
  delicate?: true;
  load: {
    connections: number;
    connectRatePerSecond: number;
    steadySeconds: number;
    messages: number;
    webhooks: number;
  };
  /**
   * Load that the limit carries in one trial, in the search's unit; `meanSeconds`: measured mean duration of a function. Bursts are
   * large enough for a stall of this machine of a few tenths of a second, after which sends are bunched.
   */
  truth(meanSeconds: (id: string) => number): number;
}

/** Slows each function down by a fixed time: its calls of this service take that much longer. */
const slow = (service: 'dynamodb' | 'sqs', operation: string, delay: number): NonNullable<Bottleneck['faults']> => [
  { kind: 'latency', service, operation, delay },
];
/**
 * A concurrency limit loses requests that find no free slot: it gets near its capacity only if one slot is a small share of all. Each execution
 * lasts long, so that a delay of this machine is a small share of it.
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
    name: 'route throttle',
    expected: { kind: 'quota', quota: 'webSocketApiThrottle', scope: /ping/ },
    settings: { webSocketThrottle: { ratePerSecond: 40, burst: 12 } },
    variable: 'messages',
    load: { ...quiet, messages: 30 },
    truth: () => 40 + 12 / quiet.steadySeconds,
  },
  {
    name: 'reserved concurrency',
    expected: { kind: 'quota', quota: 'reservedConcurrency', scope: /ingest/ },
    delicate: true,
    // The time limits of its calls follow from this one, and the delay must stay below them.
    settings: { functions: { ingest: { reservedConcurrency: slots, timeoutSeconds: 25 } } },
    limits: { maxEnvironments: 3 * slots },
    faults: slow('sqs', 'SendMessage', 2_000),
    variable: 'webhooks',
    load: { ...quiet, webhooks: 15 },
    // Even arrivals: this many at a time, each for its mean duration.
    truth: (meanSeconds) => slots / meanSeconds('ingest'),
  },
  {
    name: 'a slow handler, through account concurrency',
    expected: { kind: 'quota', quota: 'accountConcurrency' },
    delicate: true,
    limits: { accountConcurrency: slots, unreservedConcurrencyFloor: 1, maxEnvironments: 3 * slots },
    faults: slow('dynamodb', 'PutItem', 2_000),
    variable: 'connections',
    load: ramp(120),
    truth: (meanSeconds) => (slots / (meanSeconds('connect') + meanSeconds('authorize'))) * rampSeconds,
  },
  {
    name: 'poller concurrency',
    expected: { kind: 'poller' },
    delicate: true,
    settings: { queue: { maximumConcurrency: 2, batchSize: 1 } },
    // The poller's own steps between two executions are 3% of 250 ms, and 30 s leave a queue that is seen to grow.
    faults: slow('dynamodb', 'Query', 250),
    // Above the capacity c by a share x, the queue's last message waits for x times the steady state.
    slo: { deliveryP99Ms: 900 },
    variable: 'webhooks',
    load: { ...quiet, steadySeconds: 30, webhooks: 5.7 },
    truth: (meanSeconds) => 2 / meanSeconds('deliver'),
  },
  {
    name: 'table write capacity',
    expected: { kind: 'quota', quota: 'dynamodbOnDemandWrite' },
    limits: { dynamodbOnDemandWrite: { ratePerSecond: 40, burst: 40 }, dynamodbPartitions: 'none' },
    // The SDK retries refused writes 0 to 500 ms later: a lenient objective would carry more than the bucket.
    slo: { deliveryP99Ms: 250 },
    variable: 'webhooks',
    load: { ...quiet, connections: 4, steadySeconds: 16, webhooks: 15 },
    // Each event is two writes of one unit: its claim and its completion.
    truth: () => (40 + 40 / 16) / 2,
  },
  {
    name: '@connections, within the account throttle',
    expected: { kind: 'quota', quota: 'accountThrottle' },
    limits: { accountThrottle: { ratePerSecond: 40, burst: 20 } },
    variable: 'webhooks',
    // A refused push is retried after a back-off: as above.
    slo: { deliveryP99Ms: 250 },
    load: { ...quiet, steadySeconds: 16, webhooks: 15 },
    // Each webhook is one post and one push to its owner's only connection.
    truth: () => (40 + 20 / 16) / 2,
  },
];
