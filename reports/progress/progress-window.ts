/** What has been measured since some moment of a run, second by second: the rates and latencies that a progress line shows. Pure. */
import { droppedCounters, failureCounters } from '../../engine/src/records.ts';
import type { ClientSecond } from '../../record/observation.ts';
import { mergeHistograms, percentileMs } from '../analysis/latency.ts';

type Counter = keyof ClientSecond['counters'];

export interface WindowLatency {
  p50Ms: number | null;
  p99Ms: number | null;
}

export class ProgressWindow {
  readonly #seconds: ClientSecond[] = [];

  add(second: ClientSecond): void {
    this.#seconds.push(second);
  }

  /** Forgets all but the newest, so that what is shown is of now. */
  keep(seconds: number): void {
    this.#seconds.splice(0, Math.max(0, this.#seconds.length - seconds));
  }

  get seconds(): number {
    return this.#seconds.length;
  }

  sum(counter: Counter): number {
    return this.#seconds.reduce((sum, { counters }) => sum + counters[counter], 0);
  }

  /** Mean per second; 0 before the first. */
  rate(counter: Counter): number {
    return this.seconds === 0 ? 0 : this.sum(counter) / this.seconds;
  }

  latency(histogram: keyof ClientSecond['histograms']): WindowLatency {
    const merged = mergeHistograms(this.#seconds.map(({ histograms }) => histograms))[histogram];
    return { p50Ms: percentileMs(merged, 0.5), p99Ms: percentileMs(merged, 0.99) };
  }

  /** Of one core, the busiest the mean of all fleets' threads; null: not known yet. */
  get generatorShare(): number | null {
    const elapsed = this.sum('threadElapsedMicros');
    return elapsed === 0 ? null : this.sum('threadCpuMicros') / elapsed;
  }

  /** What failed or was never sent, by kind. */
  get failures(): { counter: Counter; count: number }[] {
    return [...failureCounters, ...droppedCounters]
      .map((counter) => ({ counter, count: this.sum(counter) }))
      .filter(({ count }) => count > 0);
  }
}

/** The same of one second. */
export const failuresOf = ({ counters }: ClientSecond): { counter: Counter; count: number }[] =>
  [...failureCounters, ...droppedCounters]
    .map((counter) => ({ counter, count: counters[counter] }))
    .filter(({ count }) => count > 0);
