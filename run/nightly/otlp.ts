/** The newest values as gauges to an OpenTelemetry collector, by OTLP over HTTP. */

import type { JudgedHistory } from '../../history/judged-history.ts';
import { type NewestValue, newestValues } from '../../reports/trend/formats/newest-values.ts';
import { messageOf } from '../errors.ts';

/** A collector that does not answer must not keep a nightly job. */
const timeoutMs = 10_000;

/** By the variables of OpenTelemetry's specification; null: nobody wants them. */
export function otlpEndpoint({
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: own,
  OTEL_EXPORTER_OTLP_ENDPOINT: shared,
}: NodeJS.ProcessEnv): string | null {
  if (own) return own;
  return shared ? `${shared.replace(/\/$/, '')}/v1/metrics` : null;
}

/** Settles when the collector has them. Rejects with its reason otherwise. */
export async function sendOtlp(
  history: JudgedHistory,
  { endpoint, loadline }: { endpoint: string; loadline: string },
): Promise<number> {
  const values = newestValues(history);
  const [{ OTLPMetricExporter }, { DataPointType, AggregationTemporality }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/exporter-metrics-otlp-http'),
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/resources'),
    ]);
  const gauge: typeof DataPointType.GAUGE = DataPointType.GAUGE;
  const exporter = new OTLPMetricExporter({ url: endpoint, timeoutMillis: timeoutMs });
  const byUnit = Map.groupBy(values, ({ series }) => series.unit);
  const metrics = [...byUnit].map(([unit, some]) => ({
    descriptor: {
      name: 'loadline.nightly',
      description: 'Newest value of each series of the nightly suite.',
      unit,
      valueType: 1,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: gauge,
    dataPoints: some.map(pointOf),
  }));
  await new Promise<void>((resolve, reject) => {
    exporter.export(
      {
        resource: resourceFromAttributes({ 'service.name': 'loadline', 'service.version': loadline }),
        scopeMetrics: [{ scope: { name: 'loadline', version: loadline }, metrics }],
      },
      ({ code, error }) => (code === 0 ? resolve() : reject(error ?? new Error('the collector refused them'))),
    );
  }).finally(() => exporter.shutdown());
  return values.length;
}

/** Where a collector is set. What was measured is written already, so one that is away costs a sentence. */
export async function sendNewest(
  history: JudgedHistory,
  {
    environment,
    loadline,
    say,
    send = sendOtlp,
  }: { environment: NodeJS.ProcessEnv; loadline: string; say: (line: string) => void; send?: typeof sendOtlp },
): Promise<void> {
  const endpoint = otlpEndpoint(environment);
  if (endpoint === null) return;
  // Users, paths and queries of collectors are keys: a log of CI has the host only.
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : 'the collector';
  try {
    say(`Sent: ${await send(history, { endpoint, loadline })} values to ${host}.`);
  } catch (cause) {
    const reason = messageOf(cause)
      .replaceAll(endpoint, host)
      .replaceAll(/https?:\/\/[^\s'"]+/g, host);
    say(
      `The newest values could not be sent to ${host} (${reason}): check OTEL_EXPORTER_OTLP_ENDPOINT. They are in the history.`,
    );
  }
}

function pointOf({ series, entry, metric, point }: NewestValue) {
  const time: [number, number] = [Math.floor(Date.parse(point.at) / 1_000), 0];
  const attributes = {
    entry,
    metric,
    target: series.target,
    worse: series.harm,
    ...(point.commit && { commit: point.commit }),
  };
  return { startTime: time, endTime: time, attributes, value: point.value };
}
