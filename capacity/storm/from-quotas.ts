/** A storm's specification from the quotas in force, the stack's settings and the measured durations of its functions. */

import { type QuotaId, quotaFact } from '../../aws/quotas/table.ts';
import type { BucketQuota } from '../../aws/token-bucket.ts';
import { assumedMeanMs } from '../demand/assumed-coefficients.ts';
import { type Coefficient, type Coefficients, type Role, roles } from '../demand/coefficients.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import { type Deployment, type QuotaInForce, referenceDeployment, wholeLimit } from '../headroom/quota.ts';
import type { FunctionTimes } from './functions.ts';
import type { StormQuotas, StormSpec } from './spec.ts';

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
function pollersOf(deployment: Deployment) {
  const { initial, growthPerMinute } = pollerCapacity(deployment);
  return { pollerInitialConcurrency: initial, pollerGrowthPerMinute: growthPerMinute, pollerIdleConcurrency: initial };
}

/** The quotas that a storm meets: no other has an effect on it. */
export const stormQuotaIds = [
  'newConnections',
  'accountThrottle',
  'webSocketApiThrottle',
  'httpApiThrottle',
  'dynamodbOnDemandWrite',
  'accountConcurrency',
  'pollerMaxConcurrency',
] as const satisfies readonly QuotaId[];

export interface StormBasis {
  deployment: Deployment;
  quotas: readonly QuotaInForce[];
  coefficients: Coefficients;
  /** Warm environments of each function when the storm begins. */
  warmEnvironments: number;
  coldStartMs: number;
}

/** Throws when a quota is not among those given: they all belong to one list. */
export function stormBasis(
  basis: StormBasis,
): Pick<StormSpec, 'quotas' | 'functions' | 'writeUnits' | 'batchSize' | 'queue'> {
  const { deployment, coefficients } = basis;
  const functions = Object.fromEntries(roles.map((role) => [role, timesOf(role, basis)])) as StormSpec['functions'];
  const units = coefficients.writeUnits;
  return {
    quotas: quotasOf(basis),
    functions,
    writeUnits: {
      // One row of the connection store; a claim and its completion for each webhook.
      perConnect: measuredValue(units.perConnect) ?? 1,
      perDisconnect: measuredValue(units.perDisconnect) ?? 1,
      perWebhook: measuredValue(units.perWebhook) ?? 2,
    },
    batchSize: deployment.batchSize,
    queue: {
      visibilityTimeoutMs:
        (deployment.visibilityTimeoutSeconds ?? referenceDeployment.visibilityTimeoutSeconds) * 1_000,
      maxReceiveCount: deployment.maxReceiveCount ?? referenceDeployment.maxReceiveCount,
      partialBatches: true,
      maximumConcurrency: deployment.maximumConcurrency,
    },
  };
}

function quotasOf({ quotas, deployment }: StormBasis): StormQuotas {
  const limit = (id: string): QuotaInForce => {
    const found = quotas.find((quota) => quota.id === id);
    if (!found) throw new Error(`There is no quota ${id} among those given.`);
    return found;
  };
  const bucket = (id: string): BucketQuota => {
    const { limit: ratePerSecond, limitBurst } = limit(id);
    // AWS documents no bucket for a table: one second's units.
    return { ratePerSecond, burst: limitBurst ?? ratePerSecond };
  };
  // The simulation takes from it what its functions reserve.
  const accountConcurrency = wholeLimit(limit('accountConcurrency'));
  return {
    newConnections: bucket('newConnections'),
    accountThrottle: bucket('accountThrottle'),
    webSocketApiThrottle: bucket('webSocketApiThrottle'),
    httpApiThrottle: bucket('httpApiThrottle'),
    dynamodbOnDemandWrite: bucket('dynamodbOnDemandWrite'),
    lambda: { ...scaling, accountConcurrency },
    poller: { ...pollersOf(deployment), pollerMaxConcurrency: limit('pollerMaxConcurrency').limit },
  };
}

function timesOf(role: Role, basis: StormBasis): FunctionTimes {
  const { coefficients, deployment, warmEnvironments, coldStartMs } = basis;
  const meanSeconds = measuredValue(coefficients.meanSeconds[role]);
  const p99Seconds = measuredValue(coefficients.p99Seconds[role]);
  const times = {
    coldStartMs,
    warm: warmEnvironments,
    reservedConcurrency: deployment.reservedConcurrency[role] ?? null,
  };
  if (meanSeconds === null) return { ...times, meanMs: assumedMeanMs[role], p99Ms: null };
  // A batch of `deliver` was measured with the webhooks it had: the share of one webhook is scaled up again.
  const perWebhook = role === 'deliver' ? (measuredValue(coefficients.invocations.deliver) ?? 1) : 1;
  return {
    ...times,
    meanMs: meanSeconds * 1_000 * perWebhook,
    p99Ms: p99Seconds === null ? null : p99Seconds * 1_000 * perWebhook,
  };
}

const measuredValue = (coefficient: Coefficient | undefined): number | null =>
  coefficient?.kind === 'value' && coefficient.value > 0 ? coefficient.value : null;
