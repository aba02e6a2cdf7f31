/** Records → Artillery's metrics: counters exactly, latencies as bucket counters exactly, and as histograms for `ensure` and its own report. */
import { highestValueOf } from '../buckets.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  droppedCounters,
  failureCounters,
  type HistogramName,
} from '../records.ts';
import { routeBucketsOf, routeCountersOf } from './route-metrics.ts';

/** Artillery's emitter: counters, histograms and errors of a scenario. */
export interface ScenarioEvents {
  emit(event: 'started'): unknown;
  emit(event: 'error', code: string): unknown;
  emit(event: 'counter', name: string, value: number): unknown;
  emit(event: 'histogram', name: string, value: number): unknown;
}

/** Latencies that users put thresholds on, by the name they have in Artillery (in milliseconds). */
const artilleryHistograms = {
  connectMicros: 'loadline.connectMs',
  roundTripMicros: 'loadline.roundTripMs',
  webhookMicros: 'loadline.webhookMs',
  deliveryMicros: 'loadline.deliveryMs',
  publishMicros: 'loadline.publishMs',
  fanOutMicros: 'loadline.fanOutMs',
  recoveryMicros: 'loadline.recoveryMs',
} as const satisfies Partial<Record<HistogramName, string>>;

/**
 * Artillery takes a histogram value by value, and with all of them its loop would be the bottleneck. Up to this many per second are passed
 * on in full; beyond that every k-th in order of size, which keeps the percentiles to the width of k values.
 */
const maxValuesPerSecond = 200;

/** Counters of what should not happen. They start at 0: a threshold on a counter that Artillery has never heard of does not hold. */
const unwantedCounters: readonly CounterName[] = [
  ...failureCounters,
  ...droppedCounters,
  'closesUnexpected',
  'eventsDeliveredToSome',
  'eventsUnreached',
  'publishesMissed',
  'framesUnreadable',
  'framesUnexpected',
  'pushesLate',
  'pushesDuplicate',
  'pushesUnexpected',
  'pushesMisdelivered',
  'fanOutLate',
  'fanOutDuplicate',
  'fanOutUnexpected',
  'fanOutMisdelivered',
  'fanOutReordered',
];

/** Passes records to Artillery. One for all records of a step: the values that a sample skips count towards the next. */
export class ArtilleryMetrics {
  readonly #events: ScenarioEvents;
  readonly #sampled = new Map<HistogramName, { step: number; skipped: number }>();

  constructor(events: ScenarioEvents) {
    this.#events = events;
    for (const name of unwantedCounters) events.emit('counter', `loadline.${name}`, 0);
  }

  emit(record: ClientRecord): void {
    const { counters, histograms } = record;
    for (const [name, count] of Object.entries(counters)) this.#events.emit('counter', `loadline.${name}`, count);
    for (const [name, count] of [...routeCountersOf(record), ...routeBucketsOf(record)])
      this.#events.emit('counter', `loadline.${name}`, count);
    for (const [histogram, counts] of Object.entries(histograms) as [HistogramName, BucketCounts][]) {
      for (const [index, count] of Object.entries(counts))
        this.#events.emit('counter', `loadline.${histogram}.b.${index}`, count);
      if (histogram in artilleryHistograms) this.#sample(histogram as keyof typeof artilleryHistograms, counts);
    }
  }

  #sample(histogram: keyof typeof artilleryHistograms, counts: BucketCounts): void {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const state = this.#sampled.get(histogram) ?? { step: 1, skipped: 0 };
    this.#sampled.set(histogram, state);
    // It only grows: every second before and after weighs the same as soon as the rate has been seen.
    state.step = Math.max(state.step, Math.ceil(total / maxValuesPerSecond));
    const sorted = Object.entries(counts)
      .map(([index, count]) => [Number(index), count] as const)
      .toSorted(([a], [b]) => a - b);
    for (const [index, count] of sorted) {
      state.skipped += count;
      for (; state.skipped >= state.step; state.skipped -= state.step)
        this.#events.emit('histogram', artilleryHistograms[histogram], highestValueOf(index) / 1_000);
    }
  }
}
