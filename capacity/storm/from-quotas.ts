/** A storm's specification from the quotas in force, the stack's settings and what its functions were measured to take. */

import type { BucketQuota } from '../../aws/token-bucket.ts';
import { assumedMeanMs } from '../demand/assumed-coefficients.ts';
import { type Coefficient, type Coefficients, type Role, roles } from '../demand/coefficients.ts';
import type { Deployment, QuotaInForce } from '../headroom/quota.ts';
import type { FunctionTimes } from './functions.ts';
import type { StormQuotas, StormSpec } from './spec.ts';

/** What a cold start adds: between 100 ms and over 1 s (AWS Compute blog, April 2025). An assumption within that. */
export const assumedColdStartMs = 400;

/** Lambda's own scaling: 1,000 environments every 10 s, refilled continuously (developer guide, scaling behaviour, read 2026-11). */
const scaling = {
  environmentScaling: { ratePerSecond: 100, burst: 1_000 },
  invocationsPerSecondPerConcurrency: 10,
  invocationBurstSeconds: 1,
  idleEnvironmentMs: 300_000,
  maxEnvironments: Number.POSITIVE_INFINITY,
};
/** Lambda developer guide, SQS scaling, read 2026-11. */
const poller = { pollerInitialConcurrency: 5, pollerGrowthPerMinute: 300, pollerIdleConcurrency: 5 };

export interface StormBasis {
  deployment: Deployment;
  quotas: readonly QuotaInForce[];
  coefficients: Coefficients;
  /** Environments that are there when the storm begins, of each function. */
  warmEnvironments: number;
  coldStartMs: number;
}

/** Throws when a quota is not among those given: they all belong to one list. */
export function stormBasis(basis: StormBasis): Pick<StormSpec, 'quotas' | 'functions' | 'writeUnits' | 'batchSize'> {
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
  };
}

function quotasOf({ quotas }: StormBasis): StormQuotas {
  const limit = (id: string): QuotaInForce => {
    const found = quotas.find((quota) => quota.id === id);
    if (!found) throw new Error(`There is no quota ${id} among those given.`);
    return found;
  };
  const bucket = (id: string): BucketQuota => {
    const { limit: ratePerSecond, limitBurst } = limit(id);
    // A table has no bucket of its own: a second's units.
    return { ratePerSecond, burst: limitBurst ?? ratePerSecond };
  };
  return {
    newConnections: bucket('apiGateway.newConnections'),
    accountThrottle: bucket('apiGateway.accountThrottle'),
    webSocketThrottle: bucket('apiGateway.webSocketStageThrottle'),
    webhookThrottle: bucket('apiGateway.webhookStageThrottle'),
    tableWrites: bucket('dynamodb.newTableWrites'),
    lambda: { ...scaling, accountConcurrency: limit('lambda.concurrentExecutions').limit },
    poller: { ...poller, pollerMaxConcurrency: limit('lambda.pollerConcurrency').limit },
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
  // A batch of `deliver` was measured with as many webhooks as there were: its share for each is what is multiplied again.
  const perWebhook = role === 'deliver' ? (measuredValue(coefficients.invocations.deliver) ?? 1) : 1;
  return {
    ...times,
    meanMs: meanSeconds * 1_000 * perWebhook,
    p99Ms: p99Seconds === null ? null : p99Seconds * 1_000 * perWebhook,
  };
}

const measuredValue = (coefficient: Coefficient | undefined): number | null =>
  coefficient?.kind === 'value' && coefficient.value > 0 ? coefficient.value : null;
