/** Objectives and latencies as tables. */

import type { LatencyRow, LatencySummary, PercentileMs } from '../analysis/latency.ts';
import { count, milliseconds, percent } from '../analysis/numbers.ts';
import type { SloRow } from '../analysis/slo.ts';
import { type Cell, figure, type Table, words } from './document.ts';

/** The interval is of independent samples: see percentileInterval. */
const intervalNote =
  '95% CI: from order statistics of the bucket counts (Conover, Practical Nonparametric Statistics, 3.2), for independent samples; p99 needs 368. It is too narrow where requests wait for one another: repeat the run to see how much it varies.';
const tooFewNote = '* Too few samples for this percentile at 95% confidence (p95 needs 59, p99 299, p99.9 2,995).';

export function sloTable(slo: readonly SloRow[]): Table {
  return {
    id: 'slo',
    caption: 'Service level objective',
    columns: [words('objective'), figure('measured'), figure('allowed'), words('')],
    rows: slo.map(({ name, unit, measured, limit, kept, tooFewSamples, interval95 }) => {
      const show = unit === 'ms' ? milliseconds : percent;
      return [
        { text: name },
        measured === null
          ? { text: 'not measured', tone: 'muted' }
          : { text: show(measured) + (tooFewSamples ? ' *' : ''), ...intervalDetail(interval95) },
        { text: show(limit) },
        kept === null
          ? { text: 'not judged', tone: 'muted' }
          : kept
            ? { text: 'met', tone: 'good' }
            : { text: 'missed', tone: 'bad' },
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
    notes: [tooFewNote, intervalNote],
  };
}

const rowOf = (name: string, meaning: string, summary: LatencySummary | null): Cell[] => [
  { text: name, detail: meaning },
  summary ? { text: count(summary.samples) } : { text: 'none', tone: 'muted' },
  ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((at) => ({
    ...percentileCell(summary?.[at]),
    ...(at === 'p99' && intervalDetail(summary?.p99.interval95 ?? null)),
  })),
];

/** Beside each p99. */
const intervalDetail = (interval: PercentileMs['interval95']): Pick<Cell, 'detail'> =>
  interval === null ? {} : { detail: `95% CI ${milliseconds(interval.lowerMs)} to ${milliseconds(interval.upperMs)}` };

const percentileCell = (percentile: PercentileMs | undefined): Cell =>
  percentile
    ? { text: milliseconds(percentile.ms) + (percentile.tooFewSamples ? ' *' : '') }
    : { text: '–', tone: 'muted' };
