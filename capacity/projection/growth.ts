/** Growth seen in a history, and how far ahead it can be told. */
import { studentTDistribution, studentTQuantile } from '../statistics/student-t.ts';

/** From `lower` to `upper`, both included. */
export interface Interval {
  lower: number;
  upper: number;
}

export interface Growth {
  /** Compound growth a period, e^b − 1: the best estimate, negative where usage shrinks. */
  perPeriod: number;
  /** Of perPeriod, at 95%. */
  interval: Interval;
  /** What the interval says: all of it above 0, all of it below, or neither can be excluded. */
  direction: 'grows' | 'shrinks' | 'unclear';
  /** The natural logarithm of what is reached so many whole periods after the last value, over the last value: an end of a 95% interval. */
  ahead(periods: number, end: End): number;
}

export type End = keyof Interval;

/** Two for the line, and two to see the scatter. */
const fewestPoints = 4;

/**
 * Correlation of one residual with the next: independent ones (counts, measured by chance), those that last for some periods (campaigns,
 * holidays), and a random walk, in which each deviation stays for good. A history of some months cannot tell them apart, so each counts by its
 * likelihood.
 */
const correlations = [0, 0.6, 1] as const;

/**
 * Each end is left by this share: a third of 2.5%. A Bayesian interval of a linear model under its invariant prior holds its level exactly,
 * averaged over the three kinds of residuals; so each kind by itself misses at most three times as often, 5%. In simulation
 * (`npm run bench:coverage`) that holds for the day on which a path first reaches a limit as well.
 */
const tailShare = 0.025 / correlations.length;

/**
 * Compound growth y = exp(a + b·t + e) of values in any unit, above 0, one a period; at least 4. For each correlation of the residuals e the line
 * is fitted by generalised least squares to ln y; the three answers are mixed by their restricted likelihood. Holds for a history with one slope:
 * a rollout stage in it is none. Throws a RangeError for fewer values, or one that is not above 0.
 */
export function fitGrowth(values: readonly number[]): Growth {
  if (values.length < fewestPoints || !values.every((value) => value > 0 && Number.isFinite(value)))
    throw new RangeError(`Growth needs ${fewestPoints} values above 0 in the history.`);
  const logs = values.map(Math.log);
  const lines = weighted(correlations.map((correlation) => lineOf(logs, correlation)));
  const slope = lines.reduce((sum, { weight, slope }) => sum + weight * slope, 0);
  const slopes = intervalOf(
    lines.map((line) => ({ weight: line.weight, mean: line.slope, error: line.slopeError })),
    logs.length - 2,
  );
  // A line without scatter is known but for rounding.
  const atLeast = Math.min(slope, slopes.lower);
  const atMost = Math.max(slope, slopes.upper);
  return {
    perPeriod: Math.expm1(slope),
    interval: { lower: Math.expm1(atLeast), upper: Math.expm1(atMost) },
    direction: atLeast > negligible ? 'grows' : atMost < -negligible ? 'shrinks' : 'unclear',
    ahead: (periods, end) =>
      quantileOf(
        lines.map((line) => ({ weight: line.weight, ...line.ahead(periods) })),
        shares[end],
        logs.length - 2,
      ),
  };
}

/** Growth a period below this is none. */
const negligible = 1e-9;
/** Of the squares of the residuals: below it they are rounding. */
const leastSquares = 1e-24;

interface Line {
  slope: number;
  slopeError: number;
  logLikelihood: number;
  /** Change from the last value: where it is expected, and its standard error. */
  ahead(periods: number): { mean: number; error: number };
}

/**
 * The line under one correlation ρ, by least squares on y(t) − ρ·y(t−1), the first value scaled by √(1 − ρ²) (S. J. Prais, C. B. Winsten, Trend
 * estimators and serial correlation, 1954); under ρ = 1 the mean of the differences. Time is 0 at the last value, so `level` is the line there.
 * Likelihood: restricted, D. A. Harville, Biometrika 61, 1974, which has the scatter and the line integrated out.
 */
function lineOf(logs: readonly number[], correlation: number): Line {
  const count = logs.length;
  const last = logs.at(-1) ?? 0;
  const freedom = count - 2;
  if (correlation === 1) {
    const differences = logs.slice(1).map((value, i) => value - (logs[i] ?? 0));
    const slope = (last - (logs[0] ?? 0)) / (count - 1);
    const squares = Math.max(leastSquares, sum(differences.map((each) => (each - slope) ** 2)));
    const variance = squares / freedom;
    return {
      slope,
      slopeError: Math.sqrt(variance / (count - 1)),
      logLikelihood: -Math.log(count - 1) / 2 - (freedom / 2) * Math.log(squares),
      ahead: (periods) => ({
        mean: slope * periods,
        error: Math.sqrt(variance * (periods ** 2 / (count - 1) + periods)),
      }),
    };
  }
  const first = Math.sqrt(1 - correlation ** 2);
  const rows = logs.map((value, i) => {
    const time = i - (count - 1);
    return i === 0
      ? { one: first, time: first * time, value: first * value }
      : {
          one: 1 - correlation,
          time: time - correlation * (time - 1),
          value: value - correlation * (logs[i - 1] ?? 0),
        };
  });
  const [ones, cross, times] = [
    sum(rows.map(({ one }) => one * one)),
    sum(rows.map(({ one, time }) => one * time)),
    sum(rows.map(({ time }) => time * time)),
  ];
  const determinant = ones * times - cross ** 2;
  const [byOne, byTime] = [
    sum(rows.map(({ one, value }) => one * value)),
    sum(rows.map(({ time, value }) => time * value)),
  ];
  const level = (times * byOne - cross * byTime) / determinant;
  const slope = (ones * byTime - cross * byOne) / determinant;
  const squares = Math.max(
    leastSquares,
    sum(rows.map(({ one, time, value }) => (value - level * one - slope * time) ** 2)),
  );
  const variance = squares / freedom;
  return {
    slope,
    slopeError: Math.sqrt((variance * ones) / determinant),
    logLikelihood: Math.log((1 - correlation ** 2) / determinant) / 2 - (freedom / 2) * Math.log(squares),
    ahead(periods) {
      const left = correlation ** periods;
      const [byLevel, bySlope] = [1 - left, periods];
      // Of the line's own error, and of the residual then, given the one now.
      const line = (byLevel ** 2 * times - 2 * byLevel * bySlope * cross + bySlope ** 2 * ones) / determinant;
      const residual = (1 - left ** 2) / (1 - correlation ** 2);
      return {
        mean: byLevel * (level - last) + bySlope * slope,
        error: Math.sqrt(variance * (line + residual)),
      };
    },
  };
}

function weighted(lines: readonly Line[]): (Line & { weight: number })[] {
  const most = Math.max(...lines.map(({ logLikelihood }) => logLikelihood));
  const weights = lines.map(({ logLikelihood }) => Math.exp(logLikelihood - most));
  const whole = sum(weights);
  return lines.map((line, i) => ({ ...line, weight: (weights[i] ?? 0) / whole }));
}

interface Component {
  weight: number;
  mean: number;
  error: number;
}

const intervalOf = (mixture: readonly Component[], freedom: number): Interval => ({
  lower: quantileOf(mixture, shares.lower, freedom),
  upper: quantileOf(mixture, shares.upper, freedom),
});

const shares: Record<End, number> = { lower: tailShare, upper: 1 - tailShare };

/** Quantile of a mixture of Student's t distributions, by bisection between those of its components. */
function quantileOf(mixture: readonly Component[], share: number, freedom: number): number {
  const reach = studentTQuantile(share, freedom);
  const ends = mixture.map(({ mean, error }) => mean + reach * error);
  let [low, high] = [Math.min(...ends), Math.max(...ends)];
  const tolerance = Math.max(1e-12, 1e-6 * (high - low));
  while (high - low > tolerance) {
    const middle = (low + high) / 2;
    const below = sum(
      mixture.map(({ weight, mean, error }) => {
        // Known exactly: its distribution is a step.
        if (error === 0) return middle >= mean ? weight : 0;
        return weight * studentTDistribution((middle - mean) / error, freedom);
      }),
    );
    if (below < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
