/** Where a series stops warming up. */

/** Values of a batch: their means are nearly independent. */
const batch = 5;
const fewestBatches = 4;

export type WarmUp =
  /** The first `drop` values are warm-up. */
  { kind: 'steady'; drop: number } | { kind: 'notSteady'; reason: string };

/**
 * MSER-5: with z the means of five values each, drop the d batches that minimise g(d) = Σ_{j>d} (z_j − mean)² / (m − d)², d ≤ m/2, the
 * smallest on a tie. K. P. White, Simulation 69(6), 1997; White, Cobb, Spratt, WSC 2000. A minimum at the end of the range means that the
 * series has not settled: extend the run or reject it. Any unit; equally spaced values in order of time; up to four at the end that do not fill
 * a batch are ignored. Blind to a drift that begins only after the middle.
 */
export function trimWarmUp(series: readonly number[]): WarmUp {
  const m = Math.floor(series.length / batch);
  if (m < fewestBatches)
    return {
      kind: 'notSteady',
      reason: `${series.length} values are too few to judge: at least ${batch * fewestBatches} are needed.`,
    };
  if (!series.every(Number.isFinite)) return { kind: 'notSteady', reason: 'A value of the series is not a number.' };
  const means = Array.from(
    { length: m },
    (_, j) => series.slice(j * batch, (j + 1) * batch).reduce((sum, value) => sum + value, 0) / batch,
  );
  const last = Math.floor(m / 2);
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  // From the back, mean and squared deviations are carried on (Welford).
  let [mean, squares] = [0, 0];
  for (let d = m - 1; d >= 0; d -= 1) {
    const z = means[d] ?? 0;
    const off = z - mean;
    mean += off / (m - d);
    squares += off * (z - mean);
    const g = squares / (m - d) ** 2;
    if (d <= last && g <= least) [best, least] = [d, g];
  }
  if (best === last)
    return {
      kind: 'notSteady',
      reason: `Half of the series would have to be dropped and it may still not be steady. Extend the run beyond ${series.length} values.`,
    };
  return { kind: 'steady', drop: best * batch };
}
