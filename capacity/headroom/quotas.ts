/** Every quota that a stack of this kind meets, and the values in force for one account, Region and stack. */
import { type QuotaId, quotaFact } from '../../aws/quotas/table.ts';
import { unreservedFloor } from '../../aws/reserved-concurrency.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import { fallbackQuotas } from '../fallback/fallback-quotas.ts';
import { apiGatewayQuotas } from './api-gateway-quotas.ts';
import { databaseQuotas } from './database-quotas.ts';
import { reservedOf } from './deployed.ts';
import type { Deployment } from './deployment.ts';
import { eventBridgeQuotas } from './event-bridge-quotas.ts';
import { handshakeQuotas } from './handshake-quotas.ts';
import { lambdaQuotas, reservedQuotas } from './lambda-quotas.ts';
import { queueAndTableQuotas } from './queue-and-table-quotas.ts';
import { type Quota, type QuotaInForce, wholeLimit } from './quota.ts';
import { sizeAndCountQuotas } from './size-and-count-quotas.ts';
import { throttlesIn } from './stage-throttles.ts';

/** Of the row of environment scaling, which counts a step within this time. */
const environmentScalingSeconds = 10;

/** AWS's quotas that a stack meets, with their defaults. Its own settings (throttles, concurrency) are filled in by {@link quotasInForce}. */
export const quotasOf = (deployment: Deployment): Quota[] => [
  ...apiGatewayQuotas(deployment),
  ...fallbackQuotas(deployment),
  ...lambdaQuotas(deployment),
  ...queueAndTableQuotas(deployment),
  ...eventBridgeQuotas(deployment),
  ...databaseQuotas(deployment),
  ...handshakeQuotas(deployment),
  ...sizeAndCountQuotas(deployment),
];

/**
 * The quotas with the limit that holds: the plan's value (by code or id), else the stack's setting, else the Region's default, else AWS's.
 * A burst that is not set keeps its proportion to the rate, as AWS sets it. Quotas that follow from others
 * (10 requests/s for each execution, reconnects against new connections, stage throttles within the account's) are derived last. Those that hold
 * only where they are stated are left out otherwise.
 */
export function quotasInForce(
  deployment: Deployment,
  overrides: Readonly<Record<string, number>> = {},
  known: readonly Quota[] = quotasOf(deployment),
): QuotaInForce[] {
  const stated = (id: QuotaId) => overrides[id] ?? quotaFact(id).default;
  const requestsPerExecution = stated('reservedInvocationRate');
  const reserved = deployment.functions.flatMap(({ id, reservedConcurrency: value }) =>
    value === null ? [] : reservedQuotas(id, value, requestsPerExecution),
  );
  const met = known.filter((quota) => !quota.onlyIfStated || statedLimit(quota, overrides) !== undefined);
  const first = [...met, ...reserved].map((quota): QuotaInForce => {
    const region = quota.regions.find(({ regions }) => regions.includes(deployment.region));
    const setting = settingOf(quota, deployment);
    const base = {
      value: setting?.value ?? region?.default ?? quota.default,
      burst: setting?.burst ?? region?.burst ?? quota.burst,
    };
    const statedValue = statedLimit(quota, overrides);
    const statedBurst = quota.burstCode === null ? undefined : overrides[quota.burstCode];
    const limit = statedValue ?? base.value;
    const inProportion = base.burst === null || base.value === 0 ? base.burst : (base.burst * limit) / base.value;
    const limitBurst = inProportion === null ? null : (statedBurst ?? inProportion);
    const limitFrom = statedValue !== undefined ? 'plan' : setting ? 'setting' : region ? 'region' : 'default';
    const grows = quota.grows && (quota.peakFactor === undefined || deployment.newTable === true);
    return { ...quota, grows, limit, limitBurst, limitFrom };
  });
  const inForceOf = (id: string) => first.find((quota) => quota.id === id);
  const floor = stated('unreservedConcurrencyFloor');
  const taken = reservedOf(deployment);
  return first.map((quota) => {
    if (quota.id === 'accountConcurrency' && taken > 0) {
      return { ...quota, limit: Math.max(0, quota.limit - taken), reserved: Math.min(taken, quota.limit) };
    }
    const derived = derivedLimit(quota, { inForceOf, taken, floor, requestsPerExecution });
    if (
      derived === undefined ||
      (derived.limit === quota.limit && !quota.sharesLimitOf && derived.limitBurst === undefined)
    )
      return quota;
    return { ...quota, ...derived, limitFrom: 'derived' };
  });
}

/** The account's own value. What shares another quota's limit has none of its own; environments are counted by 10 s. */
function statedLimit(quota: Quota, overrides: Readonly<Record<string, number>>): number | undefined {
  if (quota.sharesLimitOf) return undefined;
  const own = overrides[quota.id] ?? (quota.isOwnLimit ? undefined : overrides[quota.quota]);
  const stated = own ?? (quota.code === null ? undefined : overrides[quota.code]);
  return stated === undefined ? undefined : stated * secondsOf(quota);
}

/** What an account or a plan would state for a limit to be this one, in the unit of docs/reference/quota-ids.md. */
export const statedValue = (quota: QuotaInForce): number => wholeLimit(quota) / secondsOf(quota);

const secondsOf = ({ id }: Quota): number => (id === 'environmentScaling' ? environmentScalingSeconds : 1);

/** What the stack's own settings make of a quota; undefined: nothing. */
function settingOf(
  { quota, resource, default: ownDefault, burst: ownBurst }: Quota,
  { region, webSocket, webhook, queues, functions, databases = [], code }: Deployment,
): { value: number; burst: number | null } | undefined {
  const throttle = [webSocket, webhook]
    .flatMap((api) => (api ? throttlesIn(api) : []))
    .concat(code?.fallback ? [{ of: code.fallback.api, ...code.fallback.throttle }] : [])
    .find(({ of }) => of === resource);
  const queue = queues.find(({ id }) => id === resource);
  const setting = (value: number | null | undefined) =>
    value === null || value === undefined ? undefined : { value, burst: null };
  switch (quota) {
    case 'webSocketApiThrottle':
    case 'httpApiThrottle':
      return throttle && { value: throttle.ratePerSecond, burst: throttle.burst };
    case 'usagePlanThrottle':
    case 'usagePlanQuota':
      return { value: ownDefault, burst: ownBurst };
    case 'functionTimeout':
      return setting(functions.find(({ id }) => id === resource)?.timeoutSeconds);
    case 'sqsRetention':
      return setting(queue?.retentionSeconds);
    case 'sqsFifoRequests':
      return queue?.isHighThroughput ? setting(inRegion('sqsFifoHighThroughput', region)) : undefined;
    case 'sqsMaxReceiveCount':
      return setting(queue?.maxReceiveCount);
    case 'pollerMaxConcurrency':
      return setting(queue?.provisionedPollers ? pollerCapacity(queue).most : queue?.maximumConcurrency);
    case 'pollerGrowthPerMinute':
      return queue?.provisionedPollers ? setting(pollerCapacity(queue).growthPerMinute) : undefined;
    case 'databaseConnections':
      // What of it is left for functions, or lent.
      return databases.find(({ id }) => id === resource)?.isMaxConnectionsSet ? setting(ownDefault) : undefined;
    default:
      return undefined;
  }
}

/** AWS's default of a quota in a Region. */
export function inRegion(id: QuotaId, region: string): number {
  const fact = quotaFact(id);
  return fact.regions.find(({ regions }) => regions.includes(region))?.default ?? fact.default;
}

interface Others {
  inForceOf: (id: string) => QuotaInForce | undefined;
  /** Concurrency that functions have reserved. */
  taken: number;
  /** What an account of ordinary size keeps unreserved. */
  floor: number;
  requestsPerExecution: number;
}

/** The limit that follows from others; undefined: its own holds. */
function derivedLimit(
  quota: QuotaInForce,
  { inForceOf, taken, floor, requestsPerExecution }: Others,
): Partial<Pick<QuotaInForce, 'limit' | 'limitBurst'>> | undefined {
  if (quota.sharesLimitOf) {
    const shared = inForceOf(quota.sharesLimitOf);
    return shared && { limit: shared.limit, limitBurst: shared.limitBurst };
  }
  if (quota.limitFrom === 'plan') return undefined;
  const executions = inForceOf('accountConcurrency')?.limit;
  switch (quota.quota) {
    case 'accountInvocationRate':
      return executions === undefined ? undefined : { limit: requestsPerExecution * Math.max(0, executions - taken) };
    case 'reservableConcurrency':
      // An account of 10, as new ones may have, must keep all of them unreserved.
      return executions === undefined
        ? undefined
        : { limit: Math.max(0, executions - unreservedFloor(executions, floor)) };
    case 'webSocketApiThrottle':
    case 'httpApiThrottle':
    case 'usagePlanThrottle': {
      // A stage's throttle and its burst, or a plan's, cannot exceed the account's.
      const account = inForceOf('accountThrottle');
      if (!account || (account.limit >= quota.limit && (account.limitBurst ?? 0) >= (quota.limitBurst ?? 0)))
        return undefined;
      return {
        limit: Math.min(quota.limit, account.limit),
        limitBurst: quota.limitBurst === null ? null : Math.min(quota.limitBurst, account.limitBurst ?? 0),
      };
    }
    default:
      return undefined;
  }
}
