/** Metrics of a function's URL. Source: Lambda developer guide, "Monitoring Lambda function URLs", read November 2026. */
import type { MetricSink } from '../../cloudwatch/store/metric-sink.ts';
import type { ApiMetricName } from '../api-metrics.ts';

/** What an HTTP API counts → what a URL calls it. It has no others. */
const names: Readonly<Partial<Record<ApiMetricName, string>>> = {
  Count: 'UrlRequestCount',
  '4xx': 'Url4xxCount',
  '5xx': 'Url5xxCount',
  Latency: 'UrlRequestLatency',
};

export class UrlMetrics {
  #sink: MetricSink;
  #dimensions: Readonly<Record<string, string>>;

  constructor(sink: MetricSink, functionName: string) {
    this.#sink = sink;
    this.#dimensions = Object.freeze({ FunctionName: functionName });
  }

  put(name: ApiMetricName, value: number, timestampMs: number): void {
    const own = names[name];
    if (own === undefined) return;
    const unit = name === 'Latency' ? 'Milliseconds' : 'Count';
    this.#sink.put({ namespace: 'AWS/Lambda', name: own, dimensions: this.#dimensions, unit, value, timestampMs });
  }
}
