/** A small stack with round coefficients, to be worked out by hand in tests. */
import type { Coefficient, Coefficients, FunctionCosts, LoadKind, UnitCosts } from './demand/coefficients.ts';
import type { UsagePlan } from './demand/plan.ts';
import { subscriberRowBytes } from './demand/subscriptions.ts';
import type { Deployment, FedQueue } from './headroom/deployment.ts';

const measured = (value: number, unit = ''): Coefficient => ({
  kind: 'value',
  value,
  unit,
  method: 'measured',
  basis: 'example',
});

/** Which kind of load invokes each function. */
const kinds = {
  ...{ authorize: 'connect', connect: 'connect', disconnect: 'disconnect', message: 'message' },
  ...{ ingest: 'webhook', deliver: 'webhook' },
} as const satisfies Record<string, LoadKind>;
type FunctionId = keyof typeof kinds;
export const functionIds: readonly FunctionId[] = [
  'authorize',
  'connect',
  'disconnect',
  'message',
  'ingest',
  'deliver',
];

export const eachFunction = <T>(value: T): Record<FunctionId, T> => ({
  ...{ authorize: value, connect: value, disconnect: value, message: value, ingest: value, deliver: value },
});

const times = (a: Coefficient, b: Coefficient): Coefficient => {
  if (a.kind === 'unknown') return a;
  return b.kind === 'unknown' ? b : { ...b, value: a.value * b.value, ...relativeErrors(a, b) };
};
/** Errors of a product, as first order and independent. */
function relativeErrors(a: Coefficient & { kind: 'value' }, b: Coefficient & { kind: 'value' }) {
  const [x, y] = [a.standardError ?? 0, b.standardError ?? 0];
  return x === 0 && y === 0 ? {} : { standardError: Math.hypot(x * b.value, y * a.value) };
}

interface Given {
  invocations?: Partial<Record<FunctionId, Coefficient>>;
  meanSeconds?: Partial<Record<FunctionId, Coefficient>>;
  p99Seconds?: Partial<Record<FunctionId, Coefficient>>;
  writeUnits?: UnitCosts;
  readUnits?: UnitCosts;
  callsPerPush?: Coefficient;
  pushBytes?: Coefficient;
  from?: Coefficients['from'];
}

/** One invocation a unit, 0.1 s each; 2 WRU a connect, 1 a disconnect, 1 a webhook; 1, 0 and 0.5 RRU; but for what is given. */
export function coefficientsWith(given: Given = {}): Coefficients {
  const costs = (id: FunctionId): FunctionCosts => {
    const invocations = given.invocations?.[id] ?? measured(1);
    return {
      invocations: { [kinds[id]]: invocations },
      busySeconds: { [kinds[id]]: times(invocations, given.meanSeconds?.[id] ?? measured(0.1)) },
      p99Seconds: given.p99Seconds?.[id] ?? measured(0.3),
    };
  };
  return {
    from: given.from ?? 'aws',
    callsPerPush: given.callsPerPush ?? measured(1),
    pushBytes: given.pushBytes ?? measured(500),
    functions: Object.fromEntries(functionIds.map((id) => [id, costs(id)])),
    tables: {
      table: {
        writeUnits: { connect: measured(2), disconnect: measured(1), webhook: measured(1), ...given.writeUnits },
        readUnits: { connect: measured(1), disconnect: measured(0), webhook: measured(0.5), ...given.readUnits },
      },
    },
    queues: { queue: { webhook: measured(1) } },
  };
}
export const exampleCoefficients: Coefficients = coefficientsWith();

interface Settings extends Partial<Omit<FedQueue, 'id' | 'function'>> {
  region?: string;
  ingest?: 'lambda' | 'direct';
  webSocketThrottle?: { ratePerSecond: number; burst: number };
  webhookThrottle?: { ratePerSecond: number; burst: number };
  reservedConcurrency?: Partial<Record<FunctionId, number>>;
  provisionedConcurrency?: Partial<Record<FunctionId, number>>;
  memoryMb?: Partial<Record<FunctionId, number>>;
  accessLogs?: { webhook: boolean; webSocket: boolean };
  newTable?: boolean;
  eventTtlSeconds?: number;
  detailedMetrics?: boolean;
}

const awaitedBy: Record<FunctionId, Deployment['functions'][number]['awaitedBy']> = {
  ...{ authorize: ['connect'], connect: ['connect'], disconnect: ['disconnect'], message: ['message'] },
  ...{ ingest: ['webhook'], deliver: [] },
};

/** The stack with some of its settings changed. */
export function deploymentWith(settings: Settings = {}): Deployment {
  const { ingest = 'lambda', accessLogs, newTable, detailedMetrics = false, eventTtlSeconds = 86_400 } = settings;
  const api = { stages: 1, detailedMetrics };
  return {
    region: settings.region ?? 'us-east-1',
    webSocket: {
      ...{ id: 'websocket', kind: 'webSocket', routes: 6, accessLogs: accessLogs?.webSocket ?? false, ...api },
      throttle: settings.webSocketThrottle ?? { ratePerSecond: 5_000, burst: 2_500 },
    },
    webhook: {
      ...{ id: 'webhook', kind: 'http', routes: 2, accessLogs: accessLogs?.webhook ?? false, ...api },
      throttle: settings.webhookThrottle ?? { ratePerSecond: 2_000, burst: 1_000 },
    },
    functions: functionIds
      .filter((id) => id !== 'ingest' || ingest === 'lambda')
      .map((id) => ({
        id,
        memoryMb: settings.memoryMb?.[id] ?? 512,
        reservedConcurrency: settings.reservedConcurrency?.[id] ?? null,
        provisionedConcurrency: settings.provisionedConcurrency?.[id] ?? 0,
        awaitedBy: awaitedBy[id],
        authorizes: id === 'authorize',
      })),
    queues: [
      {
        ...{ id: 'queue', function: 'deliver', isFifo: settings.isFifo ?? false },
        ...(settings.isHighThroughput && { isHighThroughput: true }),
        batchSize: settings.batchSize ?? 10,
        maximumConcurrency: settings.maximumConcurrency ?? null,
        provisionedPollers: settings.provisionedPollers ?? null,
        visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds ?? 181,
        maxReceiveCount: settings.maxReceiveCount ?? 5,
        retentionSeconds: settings.retentionSeconds ?? null,
      },
    ],
    tables: [{ id: 'table', provisioned: null }],
    ...(newTable !== undefined && { newTable }),
    code: {
      channels: { function: 'message', table: 'table' },
      secretReaders: ['authorize', ingest === 'direct' ? 'deliver' : 'ingest'],
      tableUnits: {
        table: {
          writeUnits: { connect: 1, disconnect: 1, webhook: 2 },
          readUnits: { connect: 0, disconnect: 1, webhook: 1 },
        },
      },
      storage: {
        ...{ table: 'table', eventTtlSeconds, rowBytes: 1_024 },
        ...{ bytesPerEvent: 181, bytesPerConnection: 191, bytesPerSubscription: 2 * (100 + subscriberRowBytes) },
      },
      ...{ secrets: 2, customMetrics: 10, alarmMetrics: 19, dashboards: 1 },
    },
  };
}
export const exampleDeployment: Deployment = deploymentWith();

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
