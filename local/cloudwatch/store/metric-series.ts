/** The values of one metric in one unit over time: an aggregate per second, and one per minute for older values. */
import { Aggregate, type StatisticSet } from './aggregate.ts';

const secondsPerMinute = 60;

export interface SeriesIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
}

export class MetricSeries {
  readonly identity: SeriesIdentity;
  lastTimestampMs = Number.NEGATIVE_INFINITY;
  readonly #seconds = new Map<number, Aggregate>();
  readonly #minutes = new Map<number, Aggregate>();
  #cachedSecond = Number.NaN;
  #cached: Aggregate | undefined;
  readonly #onNewAggregate: (second: number) => void;

  constructor(identity: SeriesIdentity, onNewAggregate: (second: number) => void) {
    this.identity = identity;
    this.#onNewAggregate = onNewAggregate;
  }

  /** Adds a value (`count` times). Throws a RangeError for a value that is not finite: it would corrupt every later sum. */
  add(value: number, timestampMs: number, count = 1): void {
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Metric ${this.identity.namespace} ${this.identity.name}: value ${value} is not a finite number.`,
      );
    }
    this.#at(timestampMs).add(value, count);
  }

  addStatistics(set: StatisticSet, timestampMs: number): void {
    this.#at(timestampMs).addStatistics(set);
  }

  /**
   * Calls back for every aggregate in [startSecond, endSecond), in no particular order.
   * A rolled-up minute is returned as a whole, at its first second.
   */
  forEachIn(startSecond: number, endSecond: number, visit: (second: number, aggregate: Aggregate) => void): void {
    for (const aggregates of [this.#minutes, this.#seconds]) {
      if (endSecond - startSecond < aggregates.size) {
        for (let second = startSecond; second < endSecond; second++) {
          const aggregate = aggregates.get(second);
          if (aggregate !== undefined) visit(second, aggregate);
        }
      } else {
        for (const [second, aggregate] of aggregates) {
          if (second >= startSecond && second < endSecond) visit(second, aggregate);
        }
      }
    }
  }

  /** Merges the seconds before `second` into minutes. True if there were any. */
  rollUp(second: number): boolean {
    let any = false;
    for (const [key, aggregate] of this.#seconds) {
      // In order of arrival, which is almost that of time: a late one waits until those before it are old.
      if (key >= second) break;
      any = true;
      const minute = Math.floor(key / secondsPerMinute) * secondsPerMinute;
      let merged = this.#minutes.get(minute);
      if (merged === undefined) {
        merged = new Aggregate();
        this.#minutes.set(minute, merged);
      }
      merged.merge(aggregate);
      this.#seconds.delete(key);
    }
    this.#cachedSecond = Number.NaN;
    return any;
  }

  /** Forgets the minutes before `second`. */
  forget(second: number): void {
    for (const key of this.#minutes.keys()) {
      if (key >= second) break;
      this.#minutes.delete(key);
    }
  }

  get aggregateCount(): number {
    return this.#seconds.size + this.#minutes.size;
  }

  #at(timestampMs: number): Aggregate {
    if (timestampMs > this.lastTimestampMs) this.lastTimestampMs = timestampMs;
    const second = Math.floor(timestampMs / 1_000);
    if (second === this.#cachedSecond && this.#cached !== undefined) return this.#cached;
    let aggregate = this.#seconds.get(second);
    if (aggregate === undefined) {
      this.#onNewAggregate(second);
      aggregate = new Aggregate();
      this.#seconds.set(second, aggregate);
    }
    this.#cachedSecond = second;
    this.#cached = aggregate;
    return aggregate;
  }
}
