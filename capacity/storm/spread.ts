/** Percentiles of times in whole ms, in seconds: the smallest value with at least that share of the values at or below it. */
import type { Spread } from './spec.ts';

export function spreadOf(timesMs: Int32Array): Spread | null {
  if (timesMs.length === 0) return null;
  const sorted = timesMs.toSorted();
  const at = (share: number) => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1_000;
  return { p50Seconds: at(0.5), p90Seconds: at(0.9), p99Seconds: at(0.99), maxSeconds: at(1) };
}
