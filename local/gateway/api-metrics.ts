/** AWS/ApiGateway metrics of one API: by ApiId, and by ApiId and Stage, as API Gateway publishes them. */
import type { MetricSink } from '../cloudwatch/metric-sink.ts';

export type ApiMetricName =
  // WebSocket APIs
  | 'ConnectCount'
  | 'MessageCount'
  | 'IntegrationError'
  | 'ClientError'
  | 'ExecutionError'
  | 'IntegrationLatency'
  // HTTP APIs; 4xx and 5xx are in lower case on AWS, too
  | 'Count'
  | '4xx'
  | '5xx'
  | 'Latency'
  | 'DataProcessed';

const units: Readonly<Partial<Record<ApiMetricName, string>>> = {
  IntegrationLatency: 'Milliseconds',
  Latency: 'Milliseconds',
  DataProcessed: 'Bytes',
};

export class ApiMetrics {
  #sink: MetricSink;
  #dimensions: readonly Readonly<Record<string, string>>[];

  constructor(sink: MetricSink, api: { apiId: string; stage: string }) {
    this.#sink = sink;
    this.#dimensions = [Object.freeze({ ApiId: api.apiId }), Object.freeze({ ApiId: api.apiId, Stage: api.stage })];
  }

  put(name: ApiMetricName, value: number, timestampMs: number): void {
    for (const dimensions of this.#dimensions) {
      this.#sink.put({
        namespace: 'AWS/ApiGateway',
        name,
        dimensions,
        unit: units[name] ?? 'Count',
        value,
        timestampMs,
      });
    }
  }
}
