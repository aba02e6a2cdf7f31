import { bucketIndexOf } from '../buckets.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  clientRecordVersion,
  counterNames,
  type HistogramName,
  histogramNames,
} from '../records.ts';

/** Counts of values by bucket, with the list of buckets that are not empty, so that a second with few values is cheap to read out. */
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

type FailureKey = string;

/** What a fleet counts until the next line is written. Everything is a count, so lines add up. */
export class Tally {
  readonly #counters: Record<CounterName, number>;
  readonly #histograms: Record<HistogramName, Buckets>;
  #closeCodes: Record<string, number> = {};
  #failures: Record<FailureKey, number> = {};

  constructor() {
    this.#counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
    this.#histograms = Object.fromEntries(histogramNames.map((name) => [name, new Buckets()])) as Record<
      HistogramName,
      Buckets
    >;
  }

  count(name: CounterName, by = 1): void {
    this.#counters[name] += by;
  }
  recordMicros(name: HistogramName, micros: number): void {
    this.#histograms[name].record(micros);
  }
  countCloseCode(code: number): void {
    this.#closeCodes[code] = (this.#closeCodes[code] ?? 0) + 1;
  }
  /** A failure's code or status, e.g. "connect ECONNREFUSED". The caller keeps the number of different keys small. */
  countFailure(key: FailureKey): void {
    this.#failures[key] = (this.#failures[key] ?? 0) + 1;
  }

  /** The counts since the last call as a line; counting starts again at 0. */
  take(line: Pick<ClientRecord, 'second' | 'fleet' | 'phase' | 'openConnections'>): ClientRecord {
    const record: ClientRecord = { version: clientRecordVersion, ...line, counters: {}, histograms: {} };
    for (const name of counterNames) {
      if (this.#counters[name] !== 0) record.counters[name] = this.#counters[name];
      this.#counters[name] = 0;
    }
    for (const name of histogramNames) {
      const counts = this.#histograms[name].take();
      if (counts !== undefined) record.histograms[name] = counts;
    }
    if (Object.keys(this.#closeCodes).length > 0) record.closeCodes = this.#closeCodes;
    if (Object.keys(this.#failures).length > 0) record.failures = this.#failures;
    this.#closeCodes = {};
    this.#failures = {};
    return record;
  }
}
