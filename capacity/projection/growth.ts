/** Growth seen in a history. */
import { studentTQuantile } from '../statistics/student-t.ts';

/** From `lower` to `upper`, both included. */
export interface Interval {
  lower: number;
  upper: number;
}

export type Growth =
  /** Compound growth a period, e^b − 1, and its 95% interval. */
  { kind: 'fit'; perPeriod: number; interval: Interval } | { kind: 'notDetectable'; reason: string };

const fewestPoints = 4;

/**
 * Compound growth y = exp(a + b·t) by least squares on ln y, of values in any unit, above 0, one a period; at least 4. The interval is that of
 * the slope, b ± t(0.975, n − 2) · SE(b): independent residuals of equal relative scatter. Growth whose interval includes 0 is not detectable,
 * nor is a decline. A history that spans a change of slope (a rollout stage) is not one line.
 */
export function fitGrowth(values: readonly number[]): Growth {
  const count = values.length;
  if (count < fewestPoints) return notDetectable(`Growth needs ${fewestPoints} values in the history, got ${count}.`);
  if (!values.every((value) => value > 0 && Number.isFinite(value)))
    return notDetectable('Growth is relative: every value in the history must be above 0.');
  const mean = (count - 1) / 2;
  const squares = values.reduce((sum, _, period) => sum + (period - mean) ** 2, 0);
  const logs = values.map(Math.log);
  const meanLog = logs.reduce((sum, value) => sum + value, 0) / count;
  const slope = logs.reduce((sum, value, period) => sum + (period - mean) * (value - meanLog), 0) / squares;
  const rss = logs.reduce((sum, value, period) => sum + (value - meanLog - slope * (period - mean)) ** 2, 0);
  const reach = studentTQuantile(0.975, count - 2) * Math.sqrt(rss / (count - 2) / squares);
  const perPeriod = Math.expm1(slope);
  const interval = { lower: Math.expm1(slope - reach), upper: Math.expm1(slope + reach) };
  if (Math.abs(slope) <= reach)
    return notDetectable(
      `Growth of ${percent(perPeriod)} a period (95% ${percent(interval.lower)} to ${percent(interval.upper)}) is not distinguishable from zero.`,
    );
  if (slope < 0) return notDetectable(`Usage shrinks by ${percent(-perPeriod)} a period.`);
  return { kind: 'fit', perPeriod, interval };
}

const notDetectable = (reason: string): Growth => ({ kind: 'notDetectable', reason });

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
