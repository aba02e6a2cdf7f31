/** Demand against quotas: how much is left, and which quota has the least. */

import { carriedRatePerSecond, secondsToThrottle } from '../../aws/token-bucket.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { Deployment } from './deployment.ts';
import { type Demand, inForce, type Quota, type QuotaInForce } from './quota.ts';

export interface QuotaDemand {
  quotaId: string;
  demand: Demand;
}

/** A quota in force, and how much of it a load uses. */
export type Headroom = Pick<QuotaInForce, 'name' | 'code' | 'unit' | 'limit' | 'grows'> & { quotaId: string } & (
    | {
        kind: 'value';
        /** Of the two checks of a bucket (sustained rate, burst) the tighter one; `limit` is that check's. */
        demand: number;
        basis: 'sustained' | 'burst';
        /** demand / limit. */
        utilisation: number;
        /** 1 − demand / limit. Below 0: exceeded. */
        headroom: number;
        /** How long a full bucket lasts at the burst's rate; null where it never empties. */
        secondsToThrottle: number | null;
      }
    | { kind: 'unknown'; reason: string }
  );

export type KnownHeadroom = Extract<Headroom, { kind: 'value' }>;

/** The demand of a load on each quota. */
export function demandsOf(
  load: Load,
  coefficients: Coefficients,
  deployment: Deployment,
  quotas: readonly Quota[],
): QuotaDemand[] {
  return quotas.map((quota) => ({ quotaId: quota.id, demand: quota.demand(load, coefficients, deployment) }));
}

/**
 * headroom = 1 − demand / quota, a row for each quota, in their order. For a rate with a token bucket two checks count: the sustained rate against r,
 * and a burst of T seconds against r + b / T (what a full bucket carries); the tighter one is the row. A quota without demand is `unknown`.
 * A quota with no value in force has AWS's default.
 */
export function headroom(demands: readonly QuotaDemand[], quotas: readonly (Quota | QuotaInForce)[]): Headroom[] {
  const byQuota = new Map(demands.map((each) => [each.quotaId, each.demand]));
  return quotas.map(inForce).map((quota) => {
    const { id: quotaId, name, code, unit, grows, limit } = quota;
    const demand = byQuota.get(quotaId);
    if (demand?.kind !== 'value')
      return {
        kind: 'unknown',
        quotaId,
        name,
        code,
        unit,
        limit,
        grows,
        reason: demand?.reason ?? 'No demand was given for it.',
      };
    const checks = checksOf(demand, quota);
    const tighter = checks.reduce((a, b) => (b.demand / b.limit > a.demand / a.limit ? b : a));
    const utilisation =
      tighter.limit > 0 ? tighter.demand / tighter.limit : tighter.demand > 0 ? Number.POSITIVE_INFINITY : 0;
    return {
      kind: 'value',
      quotaId,
      name,
      code,
      unit,
      grows,
      ...tighter,
      utilisation,
      headroom: 1 - utilisation,
      secondsToThrottle:
        quota.limitBurst === null
          ? null
          : secondsToThrottle(
              { ratePerSecond: quota.limit, burst: quota.limitBurst },
              demand.burst?.value ?? demand.value,
            ),
    };
  });
}

type Check = Pick<KnownHeadroom, 'demand' | 'limit' | 'basis'>;

function checksOf(demand: Extract<Demand, { kind: 'value' }>, quota: QuotaInForce): [Check, ...Check[]] {
  const sustained: Check = { demand: demand.value, limit: quota.limit, basis: 'sustained' };
  if (!demand.burst || demand.burst.lastsSeconds <= 0) return [sustained];
  const { value, lastsSeconds } = demand.burst;
  const carried =
    quota.limitBurst === null
      ? quota.limit
      : carriedRatePerSecond({ ratePerSecond: quota.limit, burst: quota.limitBurst }, lastsSeconds);
  return [sustained, { demand: value, limit: carried, basis: 'burst' }];
}

export type Binding =
  | { kind: 'binds'; binding: KnownHeadroom; runnerUp: KnownHeadroom | null }
  | { kind: 'unknown'; reason: string };

/**
 * The quota with the least headroom, and the next. Only quotas whose demand grows with the load can bind, and any that is exceeded already.
 * Ties keep the order of the quotas.
 */
export function bindingQuota(rows: readonly Headroom[]): Binding {
  const [binding, runnerUp] = rows
    .filter((row) => row.kind === 'value')
    .filter((row) => row.grows || row.utilisation > 1)
    .toSorted((a, b) => a.headroom - b.headroom);
  if (!binding) return { kind: 'unknown', reason: 'No quota has a known demand.' };
  return { kind: 'binds', binding, runnerUp: runnerUp ?? null };
}
