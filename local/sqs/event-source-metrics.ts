/** AWS/Lambda's metrics of an event source, if its MetricsConfig requests EventCount. Source: Lambda metrics, read November 2026. */
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';

export type EventCount =
  /** Read from the queue. */
  | 'PolledEventCount'
  /** Left out by the filters of the event source. */
  | 'FilteredOutEventCount'
  /** In an invocation that ran, successful or not. */
  | 'InvokedEventCount'
  /** In an invocation that failed, or named as failed by the function. */
  | 'FailedInvokeEventCount'
  /** Deleted from the queue after they succeeded. */
  | 'DeletedEventCount'
  /** Dropped while the function was throttled: their visibility timeout has expired. */
  | 'DroppedEventCount';

export class EventSourceMetrics {
  #sink: MetricSink;
  #dimensions: Readonly<Record<string, string>>;
  #nowMs: () => number;

  /** @param nowMs ms since the epoch */
  constructor(sink: MetricSink, eventSourceMappingUuid: string, nowMs: () => number) {
    this.#sink = sink;
    this.#dimensions = { EventSourceMappingUUID: eventSourceMappingUuid };
    this.#nowMs = nowMs;
  }

  count(name: EventCount, value: number): void {
    const timestampMs = this.#nowMs();
    const dimensions = this.#dimensions;
    this.#sink.put({ namespace: 'AWS/Lambda', name, dimensions, unit: 'Count', value, timestampMs });
  }
}
