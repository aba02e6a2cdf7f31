/** Metrics of each route, which CloudWatch charges for as custom metrics where an API's setting switches them on. */
import type { Deployment } from '../headroom/deployment.ts';

/**
 * ConnectCount, MessageCount, IntegrationError, ClientError, ExecutionError and IntegrationLatency; Count, 4xx, 5xx, Latency, IntegrationLatency
 * and DataProcessed (API Gateway developer guide, read 2026-11). An upper bound: a metric is charged for only in hours in which it has data.
 */
const metricsPerRoute = 6;

export const routeMetrics = ({ webSocket, webhook }: Pick<Deployment, 'webSocket' | 'webhook'>): number =>
  [webSocket, webhook].reduce((sum, api) => sum + (api?.detailedMetrics ? api.routes * metricsPerRoute : 0), 0);
