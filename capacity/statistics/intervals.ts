/** The uncertainty of a percentile or a share. */
import { inverseBeta, regularisedBeta } from './incomplete-beta.ts';
import { requiredSamples, type ValueCount } from './percentile.ts';

type Refused = { kind: 'refused'; reason: string };

export type PercentileInterval =
  | {
      kind: 'value';
      lower: number;
      upper: number;
      /** 1-based places of the two values in ascending order. */
      lowerRank: number;
      upperRank: number;
      /** Exact probability that the interval holds the quantile, of a continuous distribution; at least the confidence asked for. */
      coverage: number;
    }
  | Refused;

/**
 * Confidence interval of the q-quantile from order statistics, whatever the distribution: ranks l = qbinom(α/2, n, q) and
 * u = qbinom(1 − α/2, n, q) + 1. W. J. Conover, Practical Nonparametric Statistics, 3.2. Takes single values or counted ones
 * (buckets of a histogram; then exact to the width of a bucket), in any order and unit. Refused when a rank falls outside the sample: too few.
 * Holds for independent samples: requests of one stall are not, so their interval is too narrow; repeat whole trials instead.
 */
export function percentileInterval(
  values: readonly (number | ValueCount)[],
  quantile: number,
  confidence = 0.95,
): PercentileInterval {
  if (!(quantile > 0 && quantile < 1 && confidence > 0 && confidence < 1))
    return { kind: 'refused', reason: 'Quantile and confidence must lie between 0 and 1.' };
  const counted = values.map((value) => (typeof value === 'number' ? { value, count: 1 } : value));
  if (!counted.every(({ value, count }) => Number.isFinite(value) && Number.isInteger(count) && count >= 0))
    return { kind: 'refused', reason: 'Values must be numbers and counts whole numbers.' };
  const ascending = counted.toSorted((a, b) => a.value - b.value);
  const samples = ascending.reduce((sum, { count }) => sum + count, 0);
  const alpha = 1 - confidence;
  const lowerRank = binomialQuantile(alpha / 2, samples, quantile);
  const upperRank = binomialQuantile(1 - alpha / 2, samples, quantile) + 1;
  if (lowerRank < 1 || upperRank > samples) {
    // The interval exists once neither q^n nor (1 − q)^n exceeds α / 2.
    const needed = requiredSamples(Math.max(quantile, 1 - quantile), 1 - alpha / 2);
    return {
      kind: 'refused',
      reason: `${samples} samples cannot bound the ${quantile} quantile on both sides: about ${needed} are needed.`,
    };
  }
  const coverage =
    binomialDistribution(upperRank - 1, samples, quantile) - binomialDistribution(lowerRank - 1, samples, quantile);
  return {
    kind: 'value',
    lower: valueAt(ascending, lowerRank),
    upper: valueAt(ascending, upperRank),
    lowerRank,
    upperRank,
    coverage,
  };
}

/**
 * Exact interval of a share, successes over trials: the beta quantiles α/2 of (k, n−k+1) and 1 − α/2 of (k+1, n−k). C. J. Clopper, E. S. Pearson,
 * Biometrika 26, 1934. Never covers less than the confidence, usually more. Holds for independent trials of equal chance.
 */
export function proportionInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
): { kind: 'value'; lower: number; upper: number } | Refused {
  if (!(Number.isInteger(successes) && Number.isInteger(trials) && successes >= 0 && trials >= successes && trials > 0))
    return {
      kind: 'refused',
      reason: `${successes} of ${trials} is not a share: whole numbers with 0 ≤ successes ≤ trials, trials > 0.`,
    };
  if (!(confidence > 0 && confidence < 1))
    return { kind: 'refused', reason: `A confidence of ${confidence} does not lie between 0 and 1.` };
  const alpha = 1 - confidence;
  const lower = successes === 0 ? 0 : inverseBeta(alpha / 2, successes, trials - successes + 1);
  // From the other end: near 1 the complement keeps the digits.
  const upper = successes === trials ? 1 : 1 - inverseBeta(alpha / 2, trials - successes, successes + 1);
  return { kind: 'value', lower, upper };
}

/** P(X ≤ k) for X binomial (n, p). */
function binomialDistribution(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : regularisedBeta(1 - p, n - k, k + 1);
}

/** Least k with P(X ≤ k) ≥ probability. */
function binomialQuantile(probability: number, n: number, p: number): number {
  let [low, high] = [-1, n];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (binomialDistribution(middle, n, p) >= probability) high = middle;
    else low = middle;
  }
  return high;
}

function valueAt(ascending: readonly ValueCount[], rank: number): number {
  let seen = 0;
  for (const { value, count } of ascending) {
    seen += count;
    if (seen >= rank) return value;
  }
  return Number.NaN;
}
