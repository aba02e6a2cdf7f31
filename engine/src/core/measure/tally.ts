import { bucketIndexOf } from '../../buckets.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  clientRecordVersion,
  counterNames,
  type HistogramName,
  histogramNames,
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

/** Different texts kept per second, since each error of a target may have a different text. The rest are counted together. */
const maxKeys = 100;
const otherKey = 'others';
const maxKeyLength = 120;

function countKey(counts: Record<string, number>, text: string): void {
  const key = text.slice(0, maxKeyLength);
  if (counts[key] === undefined && Object.keys(counts).length >= maxKeys)
    counts[otherKey] = (counts[otherKey] ?? 0) + 1;
  else counts[key] = (counts[key] ?? 0) + 1;
}

/** Counts of a fleet until the next line is written. Everything is a count, so lines add up. */
export class Tally {
  readonly #counters: Record<CounterName, number>;
  readonly #histograms: Record<HistogramName, Buckets>;
  #closeCodes: Record<string, number> = {};
  #closeReasons: Record<string, number> = {};
  #failures: Record<string, number> = {};

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
  /** Counts a close by its code, and by its reason if it gave one. */
  countClose(code: number, reason: string): void {
    this.#closeCodes[code] = (this.#closeCodes[code] ?? 0) + 1;
    if (reason !== '') countKey(this.#closeReasons, `${code} ${reason}`);
  }
  /** Counts a failure by its code or status, e.g. "connect ECONNREFUSED". */
  countFailure(key: string): void {
    countKey(this.#failures, key);
  }

  /** The counts since the last call as a line, after which they are reset to 0. */
  take(line: Pick<ClientRecord, 'second' | 'fleet' | 'phase' | 'openConnections' | 'machine'>): ClientRecord {
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
    if (Object.keys(this.#closeReasons).length > 0) record.closeReasons = this.#closeReasons;
    if (Object.keys(this.#failures).length > 0) record.failures = this.#failures;
    this.#closeCodes = {};
    this.#closeReasons = {};
    this.#failures = {};
    return record;
  }
}
