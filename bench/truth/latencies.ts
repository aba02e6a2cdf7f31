import { highestValueOf } from '../../engine/src/buckets.ts';
import type { ClientRecord, HistogramName } from '../../engine/src/records.ts';

/** The latencies that a tool reports. Null: not reported. */
export interface Reported {
  meanMs: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
}

/** All values of a histogram over the records, ascending, in milliseconds. */
export function valuesMs(records: readonly ClientRecord[], name: HistogramName): Float64Array {
  const values: number[] = [];
  for (const { histograms } of records)
    for (const [index, count] of Object.entries(histograms[name] ?? {}))
      for (let n = 0; n < count; n++) values.push(highestValueOf(Number(index)) / 1_000);
  return Float64Array.from(values).toSorted();
}

/** The value at or below which this share of the values lies. */
export function quantileOf(sorted: Float64Array, q: number): number {
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

export function reportedOf(sorted: Float64Array): Reported {
  const meanMs = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { meanMs, p90Ms: quantileOf(sorted, 0.9), p99Ms: quantileOf(sorted, 0.99) };
}
