/**
 * A mergeable distribution of values from which percentiles are read: exact while it holds few distinct values,
 * then a sketch with a relative error of at most 0.5%.
 * Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch", VLDB 2019: bucket i holds γ^(i−1) < |x| ≤ γ^i, γ = (1 + α) / (1 − α).
 */

/** α: relative error of a percentile once the distribution is sketched. */
export const relativeError = 0.005;
/** Distinct values that are kept exactly. */
export const exactValueLimit = 32;

const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);
// Separates the indices of positive, zero and negative values. |index| ≤ ln(1.8e308) / ln γ < 71,000; below 1e-9 a value counts as zero.
const signOffset = 1_000_000;
const smallestMagnitude = 1e-9;

function bucketOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < smallestMagnitude) return 0;
  const index = Math.ceil(Math.log(magnitude) / logGamma) + signOffset;
  return value < 0 ? -index : index;
}

/** The middle of a bucket: within α of everything in it. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const magnitude = (2 * gamma ** (Math.abs(bucket) - signOffset)) / (gamma + 1);
  return bucket < 0 ? -magnitude : magnitude;
}

export class Distribution {
  #exact = true;
  /** Value (exact) or bucket (sketched) → count. Both sort as the values do. */
  #counts = new Map<number, number>();
  #total = 0;

  add(value: number, count: number): void {
    const key = this.#exact ? value : bucketOf(value);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    this.#total += count;
    if (this.#exact && this.#counts.size > exactValueLimit) this.#sketch();
  }

  merge(other: Distribution): void {
    if (!other.#exact && this.#exact) this.#sketch();
    if (other.#exact) {
      for (const [value, count] of other.#counts) this.add(value, count);
      return;
    }
    for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += other.#total;
  }

  /** Value at a percentile (0 to 100) by nearest rank: the smallest with at least that share of the values at or below it. Undefined when empty. */
  percentile(percent: number): number | undefined {
    // The ratio is rounded before ceil: 99.9% of 1,000 is the 999th value, though 0.999 × 1,000 may come out slightly higher.
    const rank = Math.max(1, Math.ceil(Number(((percent / 100) * this.#total).toPrecision(12))));
    let seen = 0;
    for (const key of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(key) ?? 0;
      if (seen >= rank) return this.#exact ? key : middleOf(key);
    }
    return undefined;
  }

  #sketch(): void {
    const exact = this.#counts;
    this.#exact = false;
    this.#counts = new Map();
    for (const [value, count] of exact) {
      const bucket = bucketOf(value);
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
  }
}
