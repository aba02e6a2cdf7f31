/** A storm's specification from the quotas in force, the stack's settings and the measured durations of its functions. */

import { type QuotaId, quotaFact } from '../../aws/quotas/table.ts';
import type { BucketQuota } from '../../aws/token-bucket.ts';
import type { Coefficient, Coefficients, LoadKind, UnitCosts } from '../demand/coefficients.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import type { DeployedFunction, Deployment, EnteredApi, FedQueue } from '../headroom/deployment.ts';
import { type QuotaInForce, wholeLimit } from '../headroom/quota.ts';
import type { FunctionPart, FunctionTimes } from './functions.ts';
import type { RouteThrottle, StormQuotas, StormSpec } from './spec.ts';

const environments = quotaFact('environmentScaling');
/** How Lambda itself scales. That a rate's burst is a second of it, and how long an idle environment stays, are not documented. */
const scaling = {
  environmentScaling: { ratePerSecond: environments.default, burst: environments.burst ?? environments.default },
  invocationsPerSecondPerConcurrency: quotaFact('reservedInvocationRate').default,
  invocationBurstSeconds: 1,
  idleEnvironmentMs: 300_000,
  maxEnvironments: Number.POSITIVE_INFINITY,
};

/** A queue's pollers go down to as many as they start with. */
function pollersOf(queue: FedQueue) {
  const { initial, growthPerMinute } = pollerCapacity(queue);
  return { pollerInitialConcurrency: initial, pollerGrowthPerMinute: growthPerMinute, pollerIdleConcurrency: initial };
}

/** Without a queue nothing is polled. */
const noQueue: FedQueue = {
  ...{ id: '', function: '', isFifo: false, batchSize: 1, maximumConcurrency: null, provisionedPollers: null },
  ...{ visibilityTimeoutSeconds: 30, maxReceiveCount: null, retentionSeconds: null },
};

export interface StormBasis {
  deployment: Deployment;
  quotas: readonly QuotaInForce[];
  coefficients: Coefficients;
  /** Warm environments of each function when the storm begins. */
  warmEnvironments: number;
  coldStartMs: number;
  /** Mean duration of a function that was not measured. */
  assumedMs: (functionId: string) => number;
}

/**
 * A storm goes through one queue, that of its webhooks, and writes to one bucket: that of the table with the most writes. Throws when a quota is not
 * among those given: they all belong to one list.
 */
export function stormBasis(
  basis: StormBasis,
): Pick<StormSpec, 'quotas' | 'functions' | 'writeUnits' | 'batchSize' | 'queue'> {
  const { coefficients } = basis;
  const queue = webhookQueue(basis) ?? noQueue;
  const { writeUnits = {} } = coefficients.tables[busiestTable(basis) ?? ''] ?? {};
  const at = (kind: LoadKind) => measuredValue(writeUnits[kind]) ?? 0;
  return {
    quotas: quotasOf(basis, queue),
    functions: partsOf(basis, queue),
    writeUnits: { perConnect: at('connect'), perDisconnect: at('disconnect'), perWebhook: at('webhook') },
    batchSize: queue.batchSize,
    queue: {
      visibilityTimeoutMs: queue.visibilityTimeoutSeconds * 1_000,
      maxReceiveCount: queue.maxReceiveCount,
      partialBatches: true,
      maximumConcurrency: queue.maximumConcurrency,
    },
  };
}

/** The queue that webhooks go into. */
export const webhookQueue = ({ deployment, coefficients }: Pick<StormBasis, 'deployment' | 'coefficients'>) =>
  deployment.queues.find(({ id }) => coefficients.queues[id]?.webhook !== undefined) ?? deployment.queues[0] ?? null;

function busiestTable({ deployment, coefficients }: Pick<StormBasis, 'deployment' | 'coefficients'>): string | null {
  const sum = (costs: UnitCosts = {}) =>
    Object.values(costs).reduce((total, cost) => total + (measuredValue(cost) ?? 0), 0);
  const [first] = deployment.tables.toSorted(
    (a, b) => sum(coefficients.tables[b.id]?.writeUnits) - sum(coefficients.tables[a.id]?.writeUnits),
  );
  return first?.id ?? null;
}

function partsOf(basis: StormBasis, queue: FedQueue): StormSpec['functions'] {
  const { functions } = basis.deployment;
  const part = (kind: Exclude<LoadKind, 'push'>, isIts: (each: DeployedFunction) => boolean) => {
    const found = functions.find(isIts);
    return found ? timesOf(found, { kind, takesBatches: found.id === queue.function }, basis) : null;
  };
  const awaited = (kind: 'connect' | 'disconnect' | 'message' | 'webhook') =>
    part(kind, ({ awaitedBy, authorizes }) => !authorizes && awaitedBy.includes(kind));
  const parts: Record<FunctionPart, FunctionTimes | null> = {
    authorizer: part('connect', ({ authorizes }) => authorizes),
    connect: awaited('connect'),
    disconnect: awaited('disconnect'),
    message: awaited('message'),
    webhook: awaited('webhook'),
    consumer: part('webhook', ({ id }) => id === queue.function),
  };
  return parts;
}

type Stack = Pick<StormBasis, 'deployment' | 'quotas' | 'coefficients'>;

/** Of the ids and codes that were stated, those that no part of a storm meets. `quotas`: those in force, with these values. */
export function withoutEffectOnStorm(stated: readonly string[], stack: Stack): string[] {
  const met = [
    ...Object.values(metBy(stack, webhookQueue(stack) ?? noQueue)).filter((quota) => quota !== null),
    ...routeQuotas(stack),
  ];
  const keys = new Set(
    met.flatMap(({ id, quota, code, burst, burstCode }) => [id, quota, code, burst === null ? null : burstCode]),
  );
  return stated.filter((key) => !keys.has(key));
}

/** Each is that of the storm's own API, queue and table. */
function metBy({ quotas, deployment, coefficients }: Stack, queue: FedQueue) {
  const limit = (id: string): QuotaInForce => {
    const found = quotas.find((quota) => quota.id === id) ?? quotas.find(({ quota }) => quota === id);
    if (!found) throw new Error(`There is no quota ${id} among those given.`);
    return found;
  };
  const has = (id: string) => quotas.some(({ quota }) => quota === id);
  /** Of several such resources, that one's. */
  const of = (id: QuotaId, resource: string | null) =>
    quotas.find((each) => each.quota === id && each.resource === resource) ?? limit(id);
  const table = busiestTable({ deployment, coefficients });
  const provisioned = deployment.tables.find(({ id }) => id === table)?.provisioned;
  return {
    newConnections: limit('newConnections'),
    accountThrottle: limit('accountThrottle'),
    webSocketApiThrottle: has('webSocketApiThrottle') ? limit('webSocketApiThrottle') : null,
    httpApiThrottle: has('httpApiThrottle') ? limit('httpApiThrottle') : null,
    write: table === null ? null : of(provisioned ? 'dynamodbProvisionedWrite' : 'dynamodbOnDemandWrite', table),
    accountConcurrency: limit('accountConcurrency'),
    pollerMaxConcurrency: has('pollerMaxConcurrency') ? of('pollerMaxConcurrency', queue.id) : null,
  };
}

/** AWS documents no bucket for a table: one second's units. */
const bucket = ({ limit: ratePerSecond, limitBurst }: QuotaInForce): BucketQuota => ({
  ratePerSecond,
  burst: limitBurst ?? ratePerSecond,
});

/** The throttles of single routes that some load takes. */
function routeQuotas({ quotas, deployment: { webSocket, webhook } }: Pick<Stack, 'quotas' | 'deployment'>) {
  const resources = [webSocket, webhook].flatMap((api) =>
    (api?.routeThrottles ?? []).map(({ route }) => `${api?.id} ${route}`),
  );
  return quotas.filter(({ isOwnLimit, resource }) => isOwnLimit && resource !== null && resources.includes(resource));
}

/** Undefined where neither routes that are taken nor throttles of their own are known: then each API has one bucket. */
function routesOf(basis: StormBasis, met: ReturnType<typeof metBy>): StormQuotas['routes'] {
  const { webSocket, webhook } = basis.deployment;
  if (![webSocket, webhook].some((api) => api?.taken || api?.routeThrottles)) return undefined;
  const own = routeQuotas(basis);
  // Without a throttle of the stage a route has the account's alone.
  const ofStage = (api: EnteredApi | null, quota: QuotaInForce | null) =>
    api?.throttle && quota ? bucket(quota) : null;
  const [chat, hooks] = [ofStage(webSocket, met.webSocketApiThrottle), ofStage(webhook, met.httpApiThrottle)];
  const throttleOf = (api: EnteredApi | null, route: string, stage: BucketQuota | null): BucketQuota | null => {
    const quota = own.find(({ resource }) => resource === `${api?.id} ${route}`);
    return quota ? bucket(quota) : stage;
  };
  const takenBy = (api: EnteredApi | null, stage: BucketQuota | null): RouteThrottle[] =>
    api?.taken?.map(({ route, share }) => ({ share, throttle: throttleOf(api, route, stage) })) ?? [
      { share: 1, throttle: stage },
    ];
  return {
    connect: throttleOf(webSocket, '$connect', chat),
    messages: takenBy(webSocket, chat),
    webhooks: takenBy(webhook, hooks),
  };
}

function quotasOf(basis: StormBasis, queue: FedQueue): StormQuotas {
  const met = metBy(basis, queue);
  const routes = routesOf(basis, met);
  return {
    newConnections: bucket(met.newConnections),
    accountThrottle: bucket(met.accountThrottle),
    webSocketApiThrottle: met.webSocketApiThrottle && bucket(met.webSocketApiThrottle),
    httpApiThrottle: met.httpApiThrottle && bucket(met.httpApiThrottle),
    ...(routes && { routes }),
    ...(basis.deployment.webhook?.kind === 'functionUrl' && { webhooksPassBy: true }),
    dynamodbOnDemandWrite:
      met.write === null
        ? { ratePerSecond: mostWrites, burst: mostWrites }
        : { ratePerSecond: met.write.limit, burst: met.write.limit },
    // The simulation takes from it what its functions reserve.
    lambda: { ...scaling, accountConcurrency: wholeLimit(met.accountConcurrency) },
    poller: {
      ...pollersOf(queue),
      pollerMaxConcurrency: met.pollerMaxConcurrency?.limit ?? pollerCapacity(queue).most,
    },
  };
}

/** Without a table nothing is written. */
const mostWrites = 1e9;

/** An invocation by the kind; of a queue's function, one message of it. */
function timesOf(
  { id, reservedConcurrency, provisionedConcurrency }: DeployedFunction,
  { kind, takesBatches }: { kind: LoadKind; takesBatches: boolean },
  { coefficients, warmEnvironments, coldStartMs, assumedMs }: StormBasis,
): FunctionTimes {
  const costs = coefficients.functions[id];
  const busySeconds = measuredValue(costs?.busySeconds[kind]);
  const p99Seconds = measuredValue(costs?.p99Seconds);
  const invocations = measuredValue(costs?.invocations[kind]) ?? 1;
  const times = { id, coldStartMs, warm: Math.max(warmEnvironments, provisionedConcurrency), reservedConcurrency };
  if (busySeconds === null) return { ...times, meanMs: assumedMs(id), p99Ms: null };
  // A batch was measured with the messages that it had: one message has its share of the time.
  const share = takesBatches ? invocations : 1;
  return {
    ...times,
    meanMs: (busySeconds / invocations) * 1_000 * share,
    p99Ms: p99Seconds === null ? null : p99Seconds * 1_000 * share,
  };
}

const measuredValue = (coefficient: Coefficient | undefined): number | null =>
  coefficient?.kind === 'value' && coefficient.value > 0 ? coefficient.value : null;
