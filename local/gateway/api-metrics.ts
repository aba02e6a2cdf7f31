/** AWS/ApiGateway metrics of one API: by ApiId (REST: ApiName), by ApiId and Stage, and if enabled by Route too, as API Gateway publishes them. */
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';

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
  // REST APIs
  | '4XXError'
  | '5XXError'
  | 'DataProcessed';

const units: Readonly<Partial<Record<ApiMetricName, string>>> = {
  IntegrationLatency: 'Milliseconds',
  Latency: 'Milliseconds',
  DataProcessed: 'Bytes',
};

export interface MeteredApi {
  apiId: string;
  stage: string;
  /** Of a REST API, which is counted by it. */
  name?: string;
  routes: readonly { routeKey: string; detailedMetrics: boolean }[];
}

type Dimensions = Readonly<Record<string, string>>;

export class ApiMetrics {
  #sink: MetricSink;
  #dimensions: readonly Dimensions[];
  #byRoute: ReadonlyMap<string, readonly Dimensions[]>;

  constructor(sink: MetricSink, { apiId, stage, name, routes }: MeteredApi) {
    this.#sink = sink;
    const own: Dimensions = name === undefined ? { ApiId: apiId } : { ApiName: name };
    this.#dimensions = [Object.freeze(own), Object.freeze({ ...own, Stage: stage })];
    const detailed = routes.filter(({ detailedMetrics }) => detailedMetrics);
    this.#byRoute = new Map(
      detailed.map(({ routeKey }) => [
        routeKey,
        [...this.#dimensions, Object.freeze({ ...own, Stage: stage, Route: routeKey })],
      ]),
    );
  }

  /** `routeKey`: the route, if any; counted separately if the stage has detailed metrics enabled. */
  put(name: ApiMetricName, value: number, timestampMs: number, routeKey?: string): void {
    const all = (routeKey === undefined ? undefined : this.#byRoute.get(routeKey)) ?? this.#dimensions;
    for (const dimensions of all) {
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
