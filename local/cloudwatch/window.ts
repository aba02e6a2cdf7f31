/** The window and period of a query, checked and rounded as CloudWatch does. Seconds since the epoch. */
import { CloudWatchError } from './cloudwatch-error.ts';

/** Periods under a minute that CloudWatch accepts. */
const shortPeriods = [1, 5, 10, 20, 30];
const longestPeriodSeconds = 86_400;

export function checkPeriod(periodSeconds: number): void {
  const multiple = periodSeconds > 0 && periodSeconds % 60 === 0;
  if (!Number.isInteger(periodSeconds) || (!multiple && !shortPeriods.includes(periodSeconds))) {
    throw new CloudWatchError('validation', `Period ${periodSeconds} must be 1, 5, 10, 20, 30 or a multiple of 60.`);
  }
  if (periodSeconds > longestPeriodSeconds) {
    throw new CloudWatchError(
      'validation',
      `Period ${periodSeconds} must be at most ${longestPeriodSeconds} (one day).`,
    );
  }
}

/**
 * The start is rounded down to the whole period, or for periods of a minute and more to the whole minute;
 * periods are counted from there. The exclusive end is rounded up to the whole second.
 * Source: CloudWatch API reference, GetMetricData, StartTime.
 */
export function roundWindow(startSeconds: number, endSeconds: number, periodSeconds: number) {
  const unit = Math.min(periodSeconds, 60);
  return {
    startSecond: Math.floor(startSeconds / unit) * unit,
    endSecond: Math.ceil(endSeconds),
    periodSeconds,
  };
}

export function checkWindow(startSeconds: number, endSeconds: number): void {
  if (startSeconds >= endSeconds) {
    throw new CloudWatchError('validation', 'The parameter StartTime must be less than the parameter EndTime.');
  }
}
