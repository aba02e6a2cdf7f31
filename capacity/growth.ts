/** Growth seen in a history, and when it reaches a limit. */
import { studentTQuantile } from './student-t.ts';
import type { Interval } from './usl.ts';

export type Growth =
  | {
      kind: 'fit';
      /** a and b of ln y = a + b·t, t in periods from the first value. */
      intercept: number;
      slope: number;
      /** e^b − 1: growth a period. */
      growthPerPeriod: number;
      /** 95%, of growthPerPeriod. */
      growthInterval: Interval;
      variances: { intercept: number; slope: number; covariance: number };
      /** Standard deviation of ln y about the line. */
      residualError: number;
      degreesOfFreedom: number;
      /** Mean and squared deviations of the times, and the last of them. */
      times: { count: number; mean: number; squares: number; last: number };
    }
  | { kind: 'refused'; reason: string };

export type GrowthPoint = number | { period: number; value: number };

const fewestPoints = 4;

/**
 * Compound growth y = exp(a + b·t) by least squares on ln y. Values in any unit, above 0, one a period from t = 0, or with their own periods.
 * At least 4. Errors from the residuals with n − 2 degrees of freedom: independent, equal relative scatter. Growth is taken to stay as it was;
 * a history that spans a change of slope (a rollout stage) is not one line.
 */
export function fitGrowth(series: readonly GrowthPoint[]): Growth {
  const points = series.map((point, period) => (typeof point === 'number' ? { period, value: point } : point));
  const count = points.length;
  if (count < fewestPoints)
    return { kind: 'refused', reason: `Growth needs ${fewestPoints} values of the history, got ${count}.` };
  if (!points.every(({ period, value }) => value > 0 && Number.isFinite(value) && Number.isFinite(period)))
    return { kind: 'refused', reason: 'Growth is relative: every value of the history must be above 0.' };
  const mean = points.reduce((sum, { period }) => sum + period, 0) / count;
  const squares = points.reduce((sum, { period }) => sum + (period - mean) ** 2, 0);
  if (squares === 0) return { kind: 'refused', reason: 'All values of the history are of one period.' };
  const logs = points.map(({ value }) => Math.log(value));
  const meanLog = logs.reduce((sum, value) => sum + value, 0) / count;
  const slope = points.reduce((sum, { period }, i) => sum + (period - mean) * ((logs[i] ?? 0) - meanLog), 0) / squares;
  const intercept = meanLog - slope * mean;
  const rss = points.reduce((sum, { period }, i) => sum + ((logs[i] ?? 0) - intercept - slope * period) ** 2, 0);
  const degreesOfFreedom = count - 2;
  const variance = rss / degreesOfFreedom;
  const reach = studentTQuantile(0.975, degreesOfFreedom) * Math.sqrt(variance / squares);
  return {
    kind: 'fit',
    intercept,
    slope,
    growthPerPeriod: Math.expm1(slope),
    growthInterval: { lower: Math.expm1(slope - reach), upper: Math.expm1(slope + reach) },
    variances: {
      intercept: variance * (1 / count + mean ** 2 / squares),
      slope: variance / squares,
      covariance: (-variance * mean) / squares,
    },
    residualError: Math.sqrt(variance),
    degreesOfFreedom,
    times: { count, mean, squares, last: Math.max(...points.map(({ period }) => period)) },
  };
}

export type CapacityExhaustion =
  /** From the first value's period, t = 0; in the past when usage is above the capacity already. */
  { kind: 'at'; periods: number; interval: Interval } | { kind: 'notDetectable'; reason: string };

/**
 * When growth reaches a capacity in the unit of the history: t* = (ln C − a) / b, with E. C. Fieller's 95% interval (JRSS B 16, 1954): the roots of
 * (b² − q²Vbb)t² − 2((L − a)b + q²Vab)t + (L − a)² − q²Vaa = 0, L = ln C, q = t(0.975, n − 2). When b² ≤ q²Vbb the interval has no end:
 * growth is not detectable, and no date is given; nor for usage that shrinks. Uncertainty of the line only, not of single periods about it.
 */
export function exhaustion(growth: Growth, capacity: number): CapacityExhaustion {
  if (growth.kind === 'refused') return { kind: 'notDetectable', reason: growth.reason };
  if (!(capacity > 0)) return { kind: 'notDetectable', reason: `A capacity of ${capacity} is not above 0.` };
  if (capacity === Number.POSITIVE_INFINITY)
    return { kind: 'notDetectable', reason: 'A capacity without a limit is never reached.' };
  const { intercept: a, slope: b, variances, degreesOfFreedom } = growth;
  const q2 = studentTQuantile(0.975, degreesOfFreedom) ** 2;
  const distance = Math.log(capacity) - a;
  const leading = b * b - q2 * variances.slope;
  if (leading <= 0)
    return {
      kind: 'notDetectable',
      reason: `Growth of ${percent(growth.growthPerPeriod)} a period (95% ${percent(growth.growthInterval.lower)} to ${percent(growth.growthInterval.upper)}) cannot be told from none.`,
    };
  if (b < 0) return { kind: 'notDetectable', reason: `Usage shrinks by ${percent(-growth.growthPerPeriod)} a period.` };
  const half = distance * b + q2 * variances.covariance;
  const last = distance ** 2 - q2 * variances.intercept;
  // Zero only by rounding below 0: the discriminant is that of an interval around t*.
  const root = Math.sqrt(Math.max(0, half * half - leading * last));
  return {
    kind: 'at',
    periods: distance / b,
    interval: { lower: (half - root) / leading, upper: (half + root) / leading },
  };
}

/** Usage in one period, with the 95% interval of a single value (not of the line). Beyond the history it is an extrapolation. */
export function predictUsage(
  growth: Extract<Growth, { kind: 'fit' }>,
  period: number,
): { value: number; interval: Interval; extrapolated: boolean } {
  const { intercept, slope, residualError, degreesOfFreedom, times } = growth;
  const at = intercept + slope * period;
  const error = residualError * Math.sqrt(1 + 1 / times.count + (period - times.mean) ** 2 / times.squares);
  const reach = studentTQuantile(0.975, degreesOfFreedom) * error;
  return {
    value: Math.exp(at),
    interval: { lower: Math.exp(at - reach), upper: Math.exp(at + reach) },
    extrapolated: period > times.last,
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
