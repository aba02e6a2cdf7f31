/** What is kept of the values of one metric in one second (or minute). */
import { Distribution } from './distribution.ts';

/** Values pre-aggregated by the caller. */
export interface StatisticSet {
  count: number;
  sum: number;
  min: number;
  max: number;
}

export class Aggregate implements StatisticSet {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** Absent while all values are equal (most counters), so that a counter's aggregate needs no map. */
  #distribution: Distribution | undefined;
  /** A statistic set was added: its values are unknown, so there are no percentiles. */
  #opaque = false;

  add(value: number, count: number): void {
    if (this.#distribution !== undefined) {
      this.#distribution.add(value, count);
    } else if (this.count > 0 && !this.#opaque && (value !== this.min || value !== this.max)) {
      this.#spread().add(value, count);
    }
    this.count += count;
    this.sum += value * count;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  addStatistics(set: StatisticSet): void {
    if (set.min === set.max) {
      this.add(set.min, set.count);
    } else {
      this.#opaque = true;
      this.#distribution = undefined;
      this.#addTotals(set);
    }
  }

  merge(other: Aggregate): void {
    if (other.#distribution === undefined) {
      if (other.count > 0) this.addStatistics(other);
    } else {
      if (!this.#opaque) (this.#distribution ?? this.#spread()).merge(other.#distribution);
      this.#addTotals(other);
    }
  }

  /** Undefined when empty, or when a statistic set hides the values. */
  percentile(percent: number): number | undefined {
    if (this.count === 0 || this.#opaque) return undefined;
    if (percent === 0 || this.#distribution === undefined) return this.min;
    if (percent === 100) return this.max;
    const value = this.#distribution.percentile(percent);
    // The middle of a sketch's bucket may lie just outside the observed range.
    return value === undefined ? undefined : Math.min(this.max, Math.max(this.min, value));
  }

  #spread(): Distribution {
    this.#distribution = new Distribution();
    if (this.count > 0) this.#distribution.add(this.min, this.count);
    return this.#distribution;
  }

  #addTotals(set: StatisticSet): void {
    this.count += set.count;
    this.sum += set.sum;
    this.min = Math.min(this.min, set.min);
    this.max = Math.max(this.max, set.max);
  }
}
