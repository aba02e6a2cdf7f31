/** The noise of a series: how far a night lies from its neighbours, and how much of that the next night inherits. Pure. */

export interface Noise {
  /** Standard deviation, robust against single outliers. */
  deviation: number;
  /** Correlation with the night before, 0 to {@link mostCorrelation}. */
  correlation: number;
  /** Independent values that the deviation is worth. */
  degreesOfFreedom: number;
}

/** Beyond it, a series has no mean that could change. */
const mostCorrelation = 0.9;
/** A residual counts as at most this many median deviations: one bad night is no noise. */
const clipDeviations = 3;
/** Share of the estimated correlation that is believed: in full, slow noise would hide as many changes as it feigns. Simulated (bench/regression). */
const believed = 0.8;
/** Median absolute deviation of a normal distribution → its standard deviation. */
const normalConsistency = 1.4826;

/**
 * `residuals`: values without the mean of their stretch, oldest first, at least 3. The correlation is the lag-1 estimate, with its bias taken back
 * (Kendall, Biometrika 41, 1954: −(1 + 3ρ)/n), and never below 0: alternation is not trusted to make means more exact.
 */
export function noiseOf(residuals: readonly number[]): Noise {
  const count = residuals.length;
  const typical = normalConsistency * median(residuals.map(Math.abs));
  // More than half of the nights are alike: then the others are the noise.
  const limit = typical > 0 ? clipDeviations * typical : Number.POSITIVE_INFINITY;
  let squares = 0;
  let products = 0;
  let before = 0;
  for (const residual of residuals) {
    const clipped = Math.max(-limit, Math.min(limit, residual));
    squares += clipped * clipped;
    products += clipped * before;
    before = clipped;
  }
  const raw = squares > 0 ? products / squares : 0;
  const correlation = Math.max(0, Math.min(mostCorrelation, believed * (raw + (1 + 3 * raw) / count)));
  return {
    deviation: Math.sqrt(squares / (count - 1)),
    correlation,
    degreesOfFreedom: Math.max(2, (count * (1 - correlation)) / (1 + correlation) - 1),
  };
}

/** Variance of the mean of `count` nights in a row, as a share of one night's: first-order autoregression. */
export function varianceOfMean(count: number, correlation: number): number {
  // Σ (1 − j/n) ρ^j over j = 1 … n − 1, in closed form.
  const power = correlation ** count;
  const sum = correlation / (1 - correlation) - (correlation * (1 - power)) / (count * (1 - correlation) ** 2);
  return (1 + 2 * sum) / count;
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
