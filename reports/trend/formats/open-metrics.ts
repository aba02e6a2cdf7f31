/** OpenMetrics 1.0 text: the newest values as gauges, for a scraper or a push gateway. Source: the specification, read 2026-11. */
import type { NewestValue } from './newest-values.ts';

export function openMetricsText(values: readonly NewestValue[]): string {
  const samples = values.map(({ series, entry, metric, point }) => {
    const labels = {
      entry,
      metric,
      unit: series.unit,
      target: series.target,
      worse: series.harm,
      machine: series.machineBound ? series.machine.id : '',
    };
    const text = Object.entries(labels)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}="${escaped(value)}"`)
      .join(',');
    return `loadline_nightly{${text}} ${point.value} ${Date.parse(point.at) / 1_000}`;
  });
  return [
    '# TYPE loadline_nightly gauge',
    '# HELP loadline_nightly Newest value of each series of the nightly suite.',
    ...samples,
    '# EOF',
    '',
  ].join('\n');
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
