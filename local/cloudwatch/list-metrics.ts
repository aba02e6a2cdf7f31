/** ListMetrics. */
import type { ListMetricsInput } from './inputs.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import type { MetricStore } from './store/metric-store.ts';

const metricsPerPage = 500;
const recentMs = 3 * 3_600_000;

export function listMetrics(store: MetricStore, input: ListMetricsInput, nowMs: number) {
  const { NextToken, ...request } = input;
  const start = NextToken === undefined ? 0 : (decodePageToken(request, NextToken)[0] ?? 0);
  const matching = [...store.list()].filter(
    (metric) =>
      (input.Namespace === undefined || metric.namespace === input.Namespace) &&
      (input.MetricName === undefined || metric.name === input.MetricName) &&
      (input.RecentlyActive === undefined || metric.lastTimestampMs >= nowMs - recentMs) &&
      (input.Dimensions ?? []).every(({ Name, Value }) => {
        const actual = Object.hasOwn(metric.dimensions, Name) ? metric.dimensions[Name] : undefined;
        return actual !== undefined && (Value === undefined || actual === Value);
      }),
  );
  const end = start + metricsPerPage;
  return {
    Metrics: matching.slice(start, end).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(end < matching.length && { NextToken: encodePageToken(request, [end]) }),
  };
}
