/**
 * The metrics of the local target, in memory. One aggregate per metric and second; older ones are rolled up to minutes,
 * by age or when there are too many, so that a soak of hours fits in memory.
 */
import { Aggregate } from './aggregate.ts';
import { MetricSeries } from './metric-series.ts';
import type { MetricSink, MetricValue } from './metric-sink.ts';

type Dimensions = Readonly<Record<string, string>>;

/** One metric regardless of unit, as ListMetrics lists it. */
interface Metric {
  namespace: string;
  name: string;
  dimensions: Dimensions;
  /** Milliseconds since the epoch of the newest value. */
  lastTimestampMs: number;
}

export interface MetricStoreOptions {
  /** Retention of per-second values, in seconds. Default 3 h, as CloudWatch keeps periods under 60 s. */
  secondsRetentionSeconds?: number;
  /** Retention of per-minute values, in seconds. Default 15 days, as CloudWatch does. */
  minutesRetentionSeconds?: number;
  /** Aggregates in memory, at most (about 150 bytes each for a counter, 1.5 kB for a latency). Default 200,000. */
  maxAggregates?: number;
}

export class MetricStore implements MetricSink {
  readonly #secondsRetention: number;
  readonly #minutesRetention: number;
  readonly #maxAggregates: number;
  readonly #metrics = new Map<string, Map<string, MetricSeries>>();
  // Services keep passing the same dimensions object, so no key has to be built.
  readonly #byObject = new WeakMap<Dimensions, Map<string, MetricSeries>>();
  #aggregates = 0;
  #compactAt: number;
  #newestSecond = Number.NEGATIVE_INFINITY;
  #rolledUpBefore = Number.NEGATIVE_INFINITY;
  #nextRollUp = Number.NEGATIVE_INFINITY;

  constructor(options: MetricStoreOptions = {}) {
    this.#secondsRetention = options.secondsRetentionSeconds ?? 3 * 3_600;
    this.#minutesRetention = options.minutesRetentionSeconds ?? 15 * 86_400;
    this.#maxAggregates = options.maxAggregates ?? 200_000;
    this.#compactAt = this.#maxAggregates;
  }

  put(metric: MetricValue): void {
    this.series(metric.namespace, metric.name, metric.dimensions, metric.unit).add(metric.value, metric.timestampMs);
  }

  /**
   * The series of one metric in one unit, created if it is new; keep it and call `add(value, timestampMs)` on a hot path.
   * The dimensions object must not be changed afterwards.
   */
  series(namespace: string, name: string, dimensions: Dimensions, unit: string): MetricSeries {
    let known = this.#byObject.get(dimensions);
    if (known === undefined) {
      known = new Map();
      this.#byObject.set(dimensions, known);
    }
    // By the name alone: the same dimensions object rarely has the same name in two namespaces or units; then the most recent one is kept.
    const last = known.get(name);
    if (last !== undefined && last.identity.namespace === namespace && last.identity.unit === unit) return last;
    const series = this.#findOrMake(namespace, name, dimensions, unit);
    known.set(name, series);
    return series;
  }

  /** The series of a metric with exactly these dimensions, one for each unit (or of the one unit). Empty if there is none. */
  find(namespace: string, name: string, dimensions: Dimensions, unit?: string): MetricSeries[] {
    const units = this.#metrics.get(metricKey(namespace, name, dimensions));
    if (units === undefined) return [];
    return [...units.values()].filter((series) => unit === undefined || series.identity.unit === unit);
  }

  /**
   * The values of a metric merged by period, ascending: [second at which the period begins, aggregate].
   * Periods are counted from `startSecond`; the end is not included; a period without values is absent.
   */
  query(
    series: readonly MetricSeries[],
    window: { startSecond: number; endSecond: number; periodSeconds: number },
  ): [second: number, aggregate: Aggregate][] {
    const { startSecond, endSecond, periodSeconds } = window;
    const periods = new Map<number, Aggregate>();
    for (const one of series) {
      one.forEachIn(startSecond, endSecond, (second, aggregate) => {
        const begin = second - ((second - startSecond) % periodSeconds);
        let merged = periods.get(begin);
        if (merged === undefined) {
          merged = new Aggregate();
          periods.set(begin, merged);
        }
        merged.merge(aggregate);
      });
    }
    return [...periods].sort(([a], [b]) => a - b);
  }

  /** Every metric, in the order in which they first appeared. */
  *list(): Generator<Metric> {
    for (const units of this.#metrics.values()) {
      let metric: Metric | undefined;
      for (const { identity, lastTimestampMs } of units.values()) {
        if (metric === undefined) {
          const { namespace, name, dimensions } = identity;
          metric = { namespace, name, dimensions, lastTimestampMs };
        }
        metric.lastTimestampMs = Math.max(metric.lastTimestampMs, lastTimestampMs);
      }
      if (metric !== undefined && metric.lastTimestampMs > Number.NEGATIVE_INFINITY) yield metric;
    }
  }

  /** Before this second values are kept per minute only; −Infinity while nothing has been rolled up. */
  get rolledUpBefore(): number {
    return this.#rolledUpBefore;
  }

  get aggregateCount(): number {
    return this.#aggregates;
  }

  #findOrMake(namespace: string, name: string, dimensions: Dimensions, unit: string): MetricSeries {
    const key = metricKey(namespace, name, dimensions);
    let units = this.#metrics.get(key);
    if (units === undefined) {
      units = new Map();
      this.#metrics.set(key, units);
    }
    let series = units.get(unit);
    if (series === undefined) {
      series = new MetricSeries({ namespace, name, dimensions: { ...dimensions }, unit }, (second) =>
        this.#grow(second),
      );
      units.set(unit, series);
    }
    return series;
  }

  #grow(second: number): void {
    if (second > this.#newestSecond) this.#newestSecond = second;
    // Checked once a minute: a roll-up walks through everything.
    if (this.#newestSecond >= this.#nextRollUp) {
      this.#nextRollUp = this.#newestSecond + 60;
      this.#rollUp(this.#newestSecond - this.#secondsRetention);
    }
    if (this.#aggregates >= this.#compactAt) this.#compact();
    this.#aggregates++;
  }

  /** Frees space, in small steps because the gateway waits meanwhile: first by rolling up seconds before their retention ends, then by dropping minutes. */
  #compact(): void {
    const goal = 0.97 * this.#maxAggregates;
    for (let keep = this.#secondsRetention; this.#aggregates > goal && keep > 60; keep *= 0.98) {
      this.#rollUp(this.#newestSecond - 0.98 * keep);
    }
    for (let keep = this.#minutesRetention; this.#aggregates > goal && keep > 120; keep *= 0.98) {
      this.#forget(this.#newestSecond - 0.98 * keep);
    }
    // If the last minute alone exceeds the limit nothing can be dropped, and retrying at every value is pointless.
    this.#compactAt = this.#aggregates <= goal ? this.#maxAggregates : Math.ceil(1.1 * this.#aggregates);
  }

  #rollUp(before: number): void {
    const second = Math.floor(before / 60) * 60;
    if (second <= this.#rolledUpBefore) return;
    let changed = false;
    for (const units of this.#metrics.values()) {
      for (const series of units.values()) {
        if (series.rollUp(second)) changed = true;
      }
    }
    if (changed) this.#rolledUpBefore = second;
    this.#forget(this.#newestSecond - this.#minutesRetention);
  }

  #forget(before: number): void {
    let count = 0;
    for (const units of this.#metrics.values()) {
      for (const series of units.values()) {
        series.forget(before);
        count += series.aggregateCount;
      }
    }
    this.#aggregates = count;
  }
}

function metricKey(namespace: string, name: string, dimensions: Dimensions): string {
  return JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
