/** Counters and histograms until the next line is written. Everything is a count, so lines add up. */
import { bucketIndexOf } from '../../buckets.ts';
import {
  type BucketCounts,
  type CounterName,
  counterNames,
  type HistogramName,
  histogramNames,
  type RouteCounts,
} from '../../records.ts';

/** Counts of values by bucket. A list of the non-empty buckets makes it cheap to read out a second with few values. */
class Buckets {
  #counts = new Uint32Array(4_096);
  #used: number[] = [];

  record(micros: number): void {
    const index = bucketIndexOf(micros);
    if (index >= this.#counts.length) this.#grow(index);
    const before = this.#counts[index] ?? 0;
    if (before === 0) this.#used.push(index);
    this.#counts[index] = before + 1;
  }

  take(): BucketCounts | undefined {
    if (this.#used.length === 0) return undefined;
    const taken: BucketCounts = {};
    for (const index of this.#used) {
      taken[String(index)] = this.#counts[index] ?? 0;
      this.#counts[index] = 0;
    }
    this.#used = [];
    return taken;
  }

  #grow(index: number): void {
    const larger = new Uint32Array(2 ** Math.ceil(Math.log2(index + 1)));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}

export class Counts {
  readonly #counters: Record<CounterName, number>;
  readonly #counterNames: readonly CounterName[];
  readonly #histograms: ReadonlyMap<HistogramName, Buckets>;

  /** What is kept; default: all. */
  constructor({
    counters = counterNames,
    histograms = histogramNames,
  }: { counters?: readonly CounterName[]; histograms?: readonly HistogramName[] } = {}) {
    this.#counterNames = counters;
    this.#counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
    this.#histograms = new Map(histograms.map((name) => [name, new Buckets()]));
  }

  count(name: CounterName, by: number): void {
    this.#counters[name] += by;
  }
  recordMicros(name: HistogramName, micros: number): void {
    this.#histograms.get(name)?.record(micros);
  }

  /** Those that are not 0, after which all are. */
  take(): RouteCounts {
    const taken: RouteCounts = { counters: {}, histograms: {} };
    for (const name of this.#counterNames) {
      if (this.#counters[name] !== 0) taken.counters[name] = this.#counters[name];
      this.#counters[name] = 0;
    }
    for (const [name, buckets] of this.#histograms) {
      const counts = buckets.take();
      if (counts !== undefined) taken.histograms[name] = counts;
    }
    return taken;
  }
}
