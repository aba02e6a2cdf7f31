/** Processor time of this process, all of its threads included, as the system counts it (getrusage): it does not grow while others have the processor. */
import type { MetricBatch } from './messages.ts';

export const processorMetric = { namespace: 'Loadline/Local', name: 'ProcessorTime', unit: 'Microseconds' } as const;
const none = Object.freeze({});

export class ProcessorTime {
  #last = process.cpuUsage();

  /** Microseconds since the last call, user and system. */
  takeMicros(): number {
    const { user, system } = process.cpuUsage(this.#last);
    this.#last = process.cpuUsage();
    return user + system;
  }

  /** The same as a metric, which adds up over the processes of a target. */
  drain(timestampMs: number): MetricBatch {
    return { ...processorMetric, dimensions: none, timestampMs, values: [this.takeMicros()] };
  }
}
