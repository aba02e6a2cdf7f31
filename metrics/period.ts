/** The shortest period that CloudWatch keeps for data of a certain age. */

/** Every metric of AWS's own services comes once a minute. */
const serviceResolutionSeconds = 60;

/** Source: CloudWatch API reference, MetricStat, Period: read 2026-11. */
const retention = [
  { olderThanSeconds: 63 * 86_400, periodSeconds: 3_600 },
  { olderThanSeconds: 15 * 86_400, periodSeconds: 300 },
  { olderThanSeconds: 3 * 3_600, periodSeconds: 60 },
] as const;

/** Periods that CloudWatch takes: 1, 5, 10, 20, 30 s and whole minutes. */
const shortPeriods = [1, 5, 10, 20, 30];

/** The asked period, made longer until CloudWatch has data of it. All in seconds; age is that of the window's start. */
export function keptPeriod(asked: { periodSeconds: number; ageSeconds: number; kind: 'local' | 'aws' }): number {
  const kept = retention.find(({ olderThanSeconds }) => asked.ageSeconds > olderThanSeconds)?.periodSeconds ?? 1;
  const floor = Math.max(kept, asked.kind === 'aws' ? serviceResolutionSeconds : 1);
  const short = shortPeriods.find((period) => period >= asked.periodSeconds);
  if (floor === 1 && short !== undefined) return short;
  const step = Math.max(floor, 60);
  return Math.ceil(asked.periodSeconds / step) * step;
}

/** A day: CloudWatch's longest period. */
export const longestPeriodSeconds = 86_400;

/**
 * One period that holds the whole window. CloudWatch starts the first period of a query at the whole minute (or five, or sixty,
 * as it keeps them), so up to that much from before the window is in it.
 */
export function windowPeriod(window: { startSecond: number; endSecond: number; periodSeconds: number }): number {
  const step = Math.max(60, window.periodSeconds);
  const start = Math.floor(window.startSecond / step) * step;
  return Math.ceil((window.endSecond - start) / step) * step;
}
