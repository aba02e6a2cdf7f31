/**
 * Metrics that AWS does not have but a report needs: how often this machine's own limits were reached, which quotas
 * refused, how many connections are open, and whether a process stood still. Namespace Loadline/Local.
 */
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import { ProcessorTime, processorMetric } from '../process/processor-time.ts';
import { StandstillWatch, standstillMetric } from '../process/standstill.ts';
import type { Refusals } from '../quota/refusals.ts';

const namespace = 'Loadline/Local';
const none = Object.freeze({});

export interface LocalMetricsSource {
  store: MetricSink;
  lambda: LambdaService;
  refusals: Refusals;
  openConnections: () => number;
}

/** Publishes once a second until the returned function is called. */
export function publishLocalMetrics({ store, lambda, refusals, openConnections }: LocalMetricsSource): () => void {
  const last = new Map<string, number>();
  const standstill = new StandstillWatch();
  const processor = new ProcessorTime();
  const publish = (timestampMs: number) => {
    const increase = (
      name: string,
      total: number,
      unit: string,
      dimensions: Readonly<Record<string, string>> = none,
    ) => {
      const key = `${name} ${Object.values(dimensions).join()}`;
      store.put({ namespace, name, dimensions, unit, value: total - (last.get(key) ?? 0), timestampMs });
      last.set(key, total);
    };
    const { coldStarts, machineWaits, machineWaitMs } = lambda.counters;
    increase('ColdStarts', coldStarts, 'Count');
    increase('EnvironmentWaits', machineWaits, 'Count');
    increase('EnvironmentWaitTime', machineWaitMs, 'Milliseconds');
    refusals.publish(store);
    store.put({ ...standstillMetric, dimensions: none, value: standstill.longestMs(), timestampMs });
    store.put({ ...processorMetric, dimensions: none, value: processor.takeMicros(), timestampMs });
    const value = openConnections();
    store.put({ namespace, name: 'OpenConnections', dimensions: none, unit: 'Count', value, timestampMs });
  };
  const timer = setInterval(() => publish(Date.now()), 1_000);
  return () => {
    clearInterval(timer);
    publish(Date.now());
    standstill.close();
  };
}
