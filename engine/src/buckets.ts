/**
 * Bucket indices of a log-linear histogram with 3 significant digits: the layout of HdrHistogram
 * (sub-bucket count 2,048, unit magnitude 0), so that a count is a (index, count) pair that adds up exactly
 * across threads, workers and machines. Relative error at most 1/1,024.
 * Source: G. Tene, HdrHistogram, `countsArrayIndex` and `valueFromIndex`.
 */
const subBucketBits = 11;
const subBucketCount = 2 ** subBucketBits;
const subBucketHalfCount = subBucketCount / 2;

/** Index of a value. The value is a whole number ≥ 0 below 2^53 (microseconds by convention); fractions are truncated, negatives count as 0. */
export function bucketIndexOf(value: number): number {
  const whole = value < 0 ? 0 : Math.floor(value);
  if (whole < subBucketCount) return whole;
  const bucket = Math.floor(Math.log2(whole)) - (subBucketBits - 1);
  const sub = Math.floor(whole / 2 ** bucket);
  // log2 of a number just under a power of two may round up; then the sub-bucket falls short of its half.
  if (sub < subBucketHalfCount)
    return (bucket + 1) * subBucketHalfCount + Math.floor(whole / 2 ** (bucket - 1)) - subBucketHalfCount;
  return (bucket + 1) * subBucketHalfCount + sub - subBucketHalfCount;
}

/** Smallest value that has this index. */
export function lowestValueOf(index: number): number {
  if (index < subBucketCount) return index;
  const bucket = Math.floor(index / subBucketHalfCount) - 1;
  const sub = (index % subBucketHalfCount) + subBucketHalfCount;
  return sub * 2 ** bucket;
}

/** Largest whole value that has this index: what a percentile reports, as HdrHistogram does. */
export function highestValueOf(index: number): number {
  return lowestValueOf(index + 1) - 1;
}
