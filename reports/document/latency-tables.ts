/** Objectives and latencies as tables. */

import type { LatencyRow, LatencySummary, PercentileMs } from '../analysis/latency.ts';
import { count, milliseconds, percent } from '../analysis/numbers.ts';
import type { SloRow } from '../analysis/slo.ts';
import { type Cell, figure, type Table, words } from './document.ts';

const tooFewNote = '* Too few samples for this percentile at 95% confidence (p95 needs 59, p99 299, p99.9 2,995).';

export function sloTable(slo: readonly SloRow[]): Table {
  return {
    id: 'slo',
    caption: 'Service level objective',
    columns: [words('objective'), figure('measured'), figure('allowed'), words('')],
    rows: slo.map(({ name, unit, measured, limit, kept, tooFewSamples }) => {
      const show = unit === 'ms' ? milliseconds : percent;
      return [
        { text: name },
        measured === null
          ? { text: 'not measured', tone: 'muted' }
          : { text: show(measured) + (tooFewSamples ? ' *' : '') },
        { text: show(limit) },
        kept === null
          ? { text: 'not judged', tone: 'muted' }
          : kept
            ? { text: 'kept', tone: 'good' }
            : { text: 'broken', tone: 'bad' },
      ];
    }),
    notes: slo.some(({ tooFewSamples }) => tooFewSamples) ? [tooFewNote] : [],
  };
}

export function latencyTable(latency: readonly LatencyRow[]): Table {
  const latencies = latency.filter(({ kind }) => kind === 'latency');
  const service = latency.filter(({ kind }) => kind === 'serviceTime');
  return {
    id: 'latency',
    caption: 'Latency from the intended time',
    columns: [words(''), ...['samples', 'p50', 'p90', 'p99', 'p99.9', 'max'].map(figure)],
    rows: [
      ...latencies.map(({ id, name, meaning, steady, run }) =>
        // Connects come before the steady state; the rest is judged in it.
        id === 'connect' ? rowOf(name, `${meaning}, whole run`, run) : rowOf(name, `${meaning}, steady state`, steady),
      ),
      ...latencies.filter(({ id }) => id !== 'connect').map(({ name, run }) => rowOf(`${name}, whole run`, '', run)),
      ...service.map(({ name, meaning, steady }) =>
        rowOf(`${name} (not a latency)`, `${meaning}, steady state`, steady),
      ),
    ],
    notes: [tooFewNote],
  };
}

const rowOf = (name: string, meaning: string, summary: LatencySummary | null): Cell[] => [
  { text: name, detail: meaning },
  summary ? { text: count(summary.samples) } : { text: 'none', tone: 'muted' },
  ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((at) => percentileCell(summary?.[at])),
];

const percentileCell = (percentile: PercentileMs | undefined): Cell =>
  percentile
    ? { text: milliseconds(percentile.ms) + (percentile.tooFewSamples ? ' *' : '') }
    : { text: '–', tone: 'muted' };
