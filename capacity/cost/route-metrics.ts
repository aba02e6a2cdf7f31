/** Metrics of each route, which CloudWatch charges for as custom metrics where the stack's setting `detailedMetrics` switches them on. */
import type { Deployment } from '../headroom/quota.ts';

/** $connect, $disconnect, $default, ping, subscribe and publish; GET and POST of the webhook path. */
const routes = { webSocket: 6, http: 2 };
/**
 * ConnectCount, MessageCount, IntegrationError, ClientError, ExecutionError and IntegrationLatency; Count, 4xx, 5xx, Latency, IntegrationLatency
 * and DataProcessed (API Gateway developer guide, read 2026-11). An upper bound: a metric is charged for only in hours in which it has data.
 */
const metricsPerRoute = { webSocket: 6, http: 6 };

export const routeMetrics = ({ detailedMetrics = false }: Deployment): number =>
  detailedMetrics ? routes.webSocket * metricsPerRoute.webSocket + routes.http * metricsPerRoute.http : 0;
