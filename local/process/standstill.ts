/** Whether this process stood still: it was stopped, or its machine had other work. */
import type { MetricBatch } from './messages.ts';

export const standstillMetric = { namespace: 'Loadline/Local', name: 'Standstill', unit: 'Milliseconds' } as const;

/** Shorter pauses are ordinary on a busy machine, and far below what an objective allows. */
const noticeableMs = 250;
const probeMs = 50;

/** A timer that notes how late it is. (monitorEventLoopDelay misses a pause that begins just after its reset.) */
export class StandstillWatch {
  #lastMs = performance.now();
  #longestMs = 0;
  readonly #timer = setInterval(() => this.#probe(), probeMs);

  /** The longest pause that ended since the last call, in milliseconds; 0: none worth mentioning. */
  longestMs(): number {
    this.#probe();
    const longestMs = Math.round(this.#longestMs);
    this.#longestMs = 0;
    return longestMs >= noticeableMs ? longestMs : 0;
  }

  /** The same as a metric; empty where there was none. */
  drain(timestampMs: number): MetricBatch[] {
    const longestMs = this.longestMs();
    return longestMs === 0 ? [] : [{ ...standstillMetric, dimensions: {}, timestampMs, values: [longestMs] }];
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #probe(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - probeMs);
    this.#lastMs = nowMs;
  }
}
