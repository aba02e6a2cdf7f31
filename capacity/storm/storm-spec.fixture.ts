/** A storm in which nothing limits anything, to be changed where a test looks. */
import { type FunctionPart, type FunctionTimes, functionParts } from './functions.ts';
import type { ReconnectStorm, StormQuotas, StormSpec, WebhookStorm } from './spec.ts';

type Times = Omit<FunctionTimes, 'id'>;
const plenty = { ratePerSecond: 1e6, burst: 1e6 };
export const quick: Times = { meanMs: 1, p99Ms: null, coldStartMs: 0, warm: 1e4, reservedConcurrency: null };

export const pollers = (start: number, perMinute: number, most: number): StormQuotas['poller'] => ({
  pollerInitialConcurrency: start,
  pollerGrowthPerMinute: perMinute,
  pollerMaxConcurrency: most,
  pollerIdleConcurrency: 5,
});

export const plentyOfQuota: StormQuotas = {
  newConnections: plenty,
  accountThrottle: plenty,
  webSocketApiThrottle: null,
  httpApiThrottle: null,
  dynamodbOnDemandWrite: plenty,
  lambda: {
    accountConcurrency: 1e5,
    environmentScaling: { ratePerSecond: 100, burst: 1_000 },
    invocationsPerSecondPerConcurrency: 10,
    invocationBurstSeconds: 1,
    idleEnvironmentMs: 300_000,
    maxEnvironments: Number.POSITIVE_INFINITY,
  },
  poller: pollers(5, 300, 1_250),
};
const clients: ReconnectStorm = {
  count: 30,
  lostOverMs: 0,
  backOff: { jitter: 'none', baseMs: 1_000, capMs: 1_000, maxAttempts: Number.POSITIVE_INFINITY },
  timeoutMs: 10_000,
  networkMs: 0,
  messagesAfterConnect: 0,
};
const webhooks: WebhookStorm = {
  count: 1_000,
  overMs: 1_000,
  providerRetries: [],
  pushesPerWebhook: 0,
};

interface Change {
  clients?: Partial<ReconnectStorm>;
  webhooks?: Partial<WebhookStorm>;
  quotas?: Partial<StormQuotas>;
  /** By logical id. */
  functions?: Readonly<Record<string, Times>>;
  queue?: Partial<StormSpec['queue']>;
  rest?: Partial<StormSpec>;
}

const idOf: Record<FunctionPart, string> = {
  ...{ authorizer: 'authorize', connect: 'connect', disconnect: 'disconnect' },
  ...{ message: 'message', webhook: 'ingest', consumer: 'deliver' },
};
/** Webhooks go into the queue by themselves unless something takes them in. */
function functionsOf(changed: Readonly<Record<string, Times>>): StormSpec['functions'] {
  const of = (part: FunctionPart) => ({ ...(changed[idOf[part]] ?? quick), id: idOf[part] });
  const [authorizer, connect, disconnect, message, webhook, consumer] = functionParts.map(of);
  return {
    authorizer,
    connect,
    disconnect,
    message,
    webhook: changed.ingest ? webhook : null,
    consumer,
  } as StormSpec['functions'];
}

/** Without clients and webhooks unless given. */
export const stormSpec = (change: Change): StormSpec => ({
  seed: 1,
  horizonSeconds: 3_600,
  clients: change.clients ? { ...clients, ...change.clients } : null,
  webhooks: change.webhooks ? { ...webhooks, ...change.webhooks } : null,
  fanOut: null,
  downstream: null,
  quotas: { ...plentyOfQuota, ...change.quotas },
  functions: functionsOf(change.functions ?? {}),
  writeUnits: { perConnect: 0, perDisconnect: 0, perWebhook: 0 },
  batchSize: 10,
  queue: {
    ...{ visibilityTimeoutMs: 30_000, maxReceiveCount: null, partialBatches: true, maximumConcurrency: null },
    ...change.queue,
  },
  ...change.rest,
});
