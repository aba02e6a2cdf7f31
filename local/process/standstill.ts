/** Whether this process stood still: it was stopped, or its machine had other work. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricBatch } from './messages.ts';

export const standstillMetric = { namespace: 'Loadline/Local', name: 'Standstill', unit: 'Milliseconds' } as const;

/** Shorter pauses are ordinary on a busy machine, and far below what an objective allows. */
const noticeableMs = 250;

export class StandstillWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });

  constructor() {
    this.#delay.enable();
  }

  /** The longest pause since the last call, in milliseconds; 0: none worth mentioning. */
  longestMs(): number {
    const longestMs = Math.round(this.#delay.max / 1e6);
    this.#delay.reset();
    return longestMs >= noticeableMs ? longestMs : 0;
  }

  /** The same as a metric; empty where there was none. */
  drain(timestampMs: number): MetricBatch[] {
    const longestMs = this.longestMs();
    return longestMs === 0 ? [] : [{ ...standstillMetric, dimensions: {}, timestampMs, values: [longestMs] }];
  }

  close(): void {
    this.#delay.disable();
  }
}
