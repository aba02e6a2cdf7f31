/** Receives metrics of other processes and of faults, for the store, the decision log and the fault counts. */
import type { MetricStore } from '../cloudwatch/store/metric-store.ts';
import { faultsFired } from '../interference/interference.ts';
import type { MetricBatch } from '../process/messages.ts';
import type { DecisionLog } from '../quota/decision-log.ts';

export class MetricIntake {
  /** How often each fault has fired, by its name. */
  readonly fired = new Map<string, number>();
  #store: MetricStore;
  #decisions: DecisionLog | null;

  constructor(store: MetricStore, decisions: DecisionLog | null) {
    this.#store = store;
    this.#decisions = decisions;
  }

  put(batches: readonly MetricBatch[]): void {
    for (const batch of batches) {
      const series = this.#store.series(batch.namespace, batch.name, batch.dimensions, batch.unit);
      for (const value of batch.values) {
        series.add(value, batch.timestampMs);
        this.#decisions?.put({ ...batch, value });
        if (batch.name === faultsFired) this.#count(batch.dimensions.Fault ?? '', value);
      }
    }
  }

  #count(fault: string, times: number): void {
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + times);
  }
}
