/** Limits that follow the load: what a table that has carried a peak takes after it. */
import type { UsagePlan } from '../demand/plan.ts';
import type { Headroom } from '../headroom/headroom.ts';
import type { QuotaInForce } from '../headroom/quota.ts';

/** Quota id → the highest demand so far. */
export type Peaks = ReadonlyMap<string, number>;

/** A step of exactly the factor is within it: the growth of the day before must not tip it over. */
const stepTolerance = 1.01;

export function withPeaks(peaks: Peaks, rows: readonly Headroom[]): Peaks {
  const known = rows.filter((row) => row.kind === 'value');
  return new Map(known.map(({ quotaId, demand }) => [quotaId, Math.max(demand, peaks.get(quotaId) ?? 0)]));
}

/** An on-demand table may double within this time (DynamoDB developer guide, on-demand capacity mode, read 2026-11). */
const doublingSeconds = 1_800;
/** Over which users come where the plan has no login window: a morning. An assumption. */
const morningSeconds = 4 * 3_600;

/** How often a table that follows its load can double while a day's users come. */
export const doublingsOf = ({ loginWindowSeconds = morningSeconds }: UsagePlan): number =>
  1 + Math.floor(loginWindowSeconds / doublingSeconds);

/** The quotas after such peaks: a limit that follows the load has risen with it. */
export function afterPeaks(quotas: readonly QuotaInForce[], peaks: Peaks, doublings: number): QuotaInForce[] {
  return quotas.map((quota) => {
    const risen = (quota.peakFactor ?? 0) ** doublings * (peaks.get(quota.id) ?? 0) * stepTolerance;
    return risen > quota.limit ? { ...quota, limit: risen } : quota;
  });
}
