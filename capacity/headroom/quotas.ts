/** Every quota that a stack of this kind meets, and the values in force for one account, Region and stack. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { unreservedFloor } from '../../aws/reserved-concurrency.ts';
import { apiGatewayQuotas } from './api-gateway-quotas.ts';
import { lambdaQuotas, reservedQuotas, rolesOf } from './lambda-quotas.ts';
import { queueAndTableQuotas } from './queue-and-table-quotas.ts';
import type { Deployment, Quota, QuotaInForce } from './quota.ts';
import { sizeAndCountQuotas } from './size-and-count-quotas.ts';

/** Of the row of environment scaling, which counts a step within this time. */
const environmentScalingSeconds = 10;

/** AWS's quotas with their defaults. A stack's own settings (throttles, concurrency) are filled in by {@link quotasInForce}. */
export const quotas: readonly Quota[] = [
  ...apiGatewayQuotas,
  ...lambdaQuotas,
  ...queueAndTableQuotas,
  ...sizeAndCountQuotas,
];

/**
 * The quotas with the limit that holds: the plan's value (by code or id), else the stack's setting, else the Region's default, else AWS's.
 * A burst that is not set keeps its proportion to the rate, as AWS sets it. Quotas that follow from others
 * (10 requests/s for each execution, reconnects against new connections, stage throttles within the account's) are derived last.
 */
export function quotasInForce(
  deployment: Deployment,
  overrides: Readonly<Record<string, number>> = {},
  known: readonly Quota[] = quotas,
): QuotaInForce[] {
  const reserved = rolesOf(deployment).flatMap((role) => {
    const value = deployment.reservedConcurrency[role];
    return value === undefined ? [] : reservedQuotas(role, value);
  });
  const settings = settingsOf(deployment);
  const first = [...known, ...reserved].map((quota): QuotaInForce => {
    const region = quota.regions.find(({ regions }) => regions.includes(deployment.region));
    const setting = settings[quota.id];
    const base = {
      value: setting?.value ?? region?.default ?? quota.default,
      burst: setting?.burst ?? region?.burst ?? quota.burst,
    };
    const stated = statedLimit(quota, overrides);
    const statedBurst = quota.burstCode === null ? undefined : overrides[quota.burstCode];
    const limit = stated ?? base.value;
    const limitBurst = base.burst === null ? null : (statedBurst ?? (base.burst * limit) / base.value);
    const limitFrom = stated !== undefined ? 'plan' : setting ? 'setting' : region ? 'region' : 'default';
    const grows = quota.grows && (quota.peakFactor === undefined || deployment.newTable === true);
    return { ...quota, grows, limit, limitBurst, limitFrom };
  });
  const connections = first.find(({ id }) => id === 'newConnections');
  const shared = connections && { limit: connections.limit, limitBurst: connections.limitBurst };
  const limitOf = (id: string) => first.find((quota) => quota.id === id)?.limit;
  const taken = rolesOf(deployment).reduce((sum, role) => sum + (deployment.reservedConcurrency[role] ?? 0), 0);
  return first.map((quota) => {
    if (quota.id === 'accountConcurrency' && taken > 0) {
      return { ...quota, limit: Math.max(0, quota.limit - taken), reserved: Math.min(taken, quota.limit) };
    }
    const derived = derivedLimit(quota, limitOf, taken);
    if (quota.id === 'webSocketLifetime' && shared) return { ...quota, ...shared, limitFrom: 'derived' };
    return derived === undefined || derived === quota.limit
      ? quota
      : { ...quota, limit: derived, limitFrom: 'derived' };
  });
}

/** The account's own value. Reconnects have the unit of new connections, whose limit they share; environments are counted by 10 s. */
function statedLimit(quota: Quota, overrides: Readonly<Record<string, number>>): number | undefined {
  if (quota.id === 'webSocketLifetime') return undefined;
  const stated = overrides[quota.id] ?? (quota.code === null ? undefined : overrides[quota.code]);
  const seconds = quota.id === 'environmentScaling' ? environmentScalingSeconds : 1;
  return stated === undefined ? undefined : stated * seconds;
}

function settingsOf(deployment: Deployment): Record<string, { value: number; burst: number | null } | undefined> {
  const { webSocketThrottle, webhookThrottle, maximumConcurrency, retentionSeconds } = deployment;
  return {
    webSocketApiThrottle: { value: webSocketThrottle.ratePerSecond, burst: webSocketThrottle.burst },
    httpApiThrottle: { value: webhookThrottle.ratePerSecond, burst: webhookThrottle.burst },
    ...(retentionSeconds !== undefined && { sqsRetention: { value: retentionSeconds, burst: null } }),
    ...(maximumConcurrency !== null && { pollerMaxConcurrency: { value: maximumConcurrency, burst: null } }),
  };
}

/** `taken`: concurrency that functions have reserved. */
function derivedLimit(
  quota: QuotaInForce,
  limitOf: (id: string) => number | undefined,
  taken: number,
): number | undefined {
  if (quota.limitFrom === 'plan') return undefined;
  switch (quota.id) {
    case 'accountInvocationRate': {
      const executions = limitOf('accountConcurrency');
      return executions === undefined
        ? undefined
        : quotaFact('reservedInvocationRate').default * Math.max(0, executions - taken);
    }
    case 'reservableConcurrency': {
      const executions = limitOf('accountConcurrency');
      // An account of 10, as new ones may have, must keep all of them unreserved.
      return executions === undefined
        ? undefined
        : Math.max(0, executions - unreservedFloor(executions, quotaFact('unreservedConcurrencyFloor').default));
    }
    case 'webSocketApiThrottle':
    case 'httpApiThrottle':
      return Math.min(quota.limit, limitOf('accountThrottle') ?? quota.limit);
    default:
      return undefined;
  }
}
