/** Whether the fallback's throttle carries a stage that is rolled back, and everybody who then polls; until when; and what would do where it does not. */
import type { Load } from '../demand/load.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import type { Exhaustion } from '../projection/exhaustion.ts';
import type { ProjectionPoint } from '../projection/projection.ts';
import { fallbackThrottleId } from './fallback-quotas.ts';

/** Each by itself. */
export interface FallbackRelief {
  /** Polls so far apart; null: reads of the stage alone are too many. */
  pollSeconds: number | null;
  /** The stage is taken back in as many equal parts, an interval of the stage's reads after the other, for so many minutes; null: everybody's polls are too many. */
  parts: { count: number; minutes: number } | null;
  /** The throttle raised to so much. */
  ratePerSecond: number;
}

/** The throttle and the intervals as they are, over the plan's horizon. */
export interface FallbackOutlook {
  horizonMonths: number;
  /** The first day on which they do not do any longer, by the best estimate; null: they do for the whole horizon. */
  until: { date: string; stage: string | null; isToday: boolean } | null;
  /** Where they do by the best estimate, the first day from which they may not; null: it is not within the horizon, or not known. */
  perhapsFrom: string | null;
  /** The first day of those on which most of the throttle is needed, and what would do then; null: nothing need be done. */
  most: { date: string; stage: string | null; utilisation: number; relief: FallbackRelief | null };
}

type Throttle = Pick<QuotaInForce, 'limit' | 'limitBurst'>;

/**
 * With N tabs of which M are connected, intervals s and p, a throttle of L/s and a bucket of B, it carries everybody where N/s + N/p ≤ L, and the last second in which
 * clients notice where N/s + N/p + M/s ≤ L + B/s. In k parts M/(k·s) notice in each.
 * Null: nothing need be done, or it is not known.
 */
export function reliefOf({ peakConnections, sync }: Load, throttle: Throttle | undefined): FallbackRelief | null {
  const needs = throttle && needsOf({ peakConnections, sync }, throttle);
  if (!needs || sync === undefined || needs.utilisation <= 1) return null;
  const { tabs, everybody, whole, limit, withBucket } = needs;
  const { stageSeconds } = sync;
  const forPolls = Math.min(limit - tabs / stageSeconds, withBucket - (tabs + peakConnections) / stageSeconds);
  const forNoticing = withBucket - everybody;
  const count = Math.ceil(peakConnections / stageSeconds / forNoticing);
  return {
    pollSeconds: forPolls > 0 ? Math.ceil(tabs / forPolls) : null,
    parts: everybody <= limit && forNoticing > 0 ? { count, minutes: (count * stageSeconds) / secondsPerMinute } : null,
    ratePerSecond: Math.ceil(whole),
  };
}

const secondsPerMinute = 60;

function needsOf({ peakConnections, sync }: Pick<Load, 'peakConnections' | 'sync'>, { limit, limitBurst }: Throttle) {
  if (sync === undefined) return null;
  const { outsideTabs, stageSeconds, pollSeconds } = sync;
  const tabs = peakConnections + outsideTabs;
  const everybody = tabs / stageSeconds + tabs / pollSeconds;
  const whole = everybody + peakConnections / stageSeconds;
  const withBucket = limit + (limitBurst ?? 0) / stageSeconds;
  return { tabs, everybody, whole, limit, withBucket, utilisation: Math.max(everybody / limit, whole / withBucket) };
}

/** Null: there is no throttle that is known. */
export function outlookOf(
  { points, exhaustions, horizonMonths }: ProjectedFallback,
  throttle: Throttle | undefined,
): FallbackOutlook | null {
  if (throttle === undefined) return null;
  const judged = points.flatMap(({ date, stage, load }) => {
    const needs = needsOf(load, throttle);
    return needs ? [{ date, stage, load, utilisation: needs.utilisation }] : [];
  });
  const [first, ...later] = judged;
  if (first === undefined) return null;
  const { load, ...most } = later.reduce((a, b) => (b.utilisation > a.utilisation ? b : a), first);
  const end = exhaustions.find(({ quotaId }) => quotaId === fallbackThrottleId);
  return {
    horizonMonths,
    until: end?.kind === 'at' ? { date: end.date, stage: end.stage, isToday: end.months <= 0 } : null,
    perhapsFrom: end?.kind === 'perhaps' ? end.interval.earliest.date : null,
    most: { ...most, relief: reliefOf(load, throttle) },
  };
}

/** Of a projection. */
export interface ProjectedFallback {
  points: readonly Pick<ProjectionPoint, 'date' | 'stage' | 'stageBegins' | 'load'>[];
  exhaustions: readonly Exhaustion[];
  horizonMonths: number;
}
