/** Objectives and latencies as tables. */

import type { LatencyRow, LatencySummary, PercentileMs } from '../../analysis/latency.ts';
import { count, milliseconds, percent } from '../../analysis/numbers.ts';
import { doubtInWords, type SloRow } from '../../analysis/slo.ts';
import type { VerdictStatus } from '../../analysis/verdict.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

/** The interval is of independent samples: see percentileInterval. */
const intervalNote =
  '95% CI: from order statistics of the bucket counts (Conover, Practical Nonparametric Statistics, 3.2), for independent samples; p99 needs 368. It is too narrow where requests wait for one another: repeat the run to see how much it varies.';
const failedNote =
  'Percentiles are of everything that was due. What failed, timed out or never came counts as slower than everything else; a percentile that falls among it is not given.';
export const tooFewNote =
  '* Too few samples for this percentile at 95% confidence (p95 needs 59, p99 299, p99.9 2,995).';

/** `status`: of the run; one that is invalid or did not finish judges nothing. */
export function sloTable(slo: readonly SloRow[], status: VerdictStatus): Table {
  const judges = status === 'ok' || status === 'sloBroken';
  return {
    id: 'slo',
    caption: 'Service level objective',
    columns: [words('objective'), figure('measured'), figure('allowed'), words('')],
    rows: slo.map((row) => {
      const { name, unit, limit, kept } = row;
      const show = unit === 'ms' ? milliseconds : percent;
      return [
        { text: name },
        measuredCell(row),
        { text: show(limit) },
        kept === null || !judges
          ? { text: 'not judged', tone: 'muted' }
          : kept
            ? { text: 'met', tone: 'good' }
            : { text: 'missed', tone: 'bad' },
      ];
    }),
    notes: slo.some(({ tooFewSamples }) => tooFewSamples) ? [tooFewNote] : [],
  };
}

function measuredCell({ unit, measured, tooFewSamples, interval95, failedShare, notJudged }: SloRow): Cell {
  if (failedShare !== null) return { text: noneOf('p99', failedShare), tone: 'bad' };
  if (notJudged?.kind === 'generator') return { text: 'not judged', tone: 'muted', detail: doubtInWords(notJudged) };
  if (measured === null) return { text: 'not measured', tone: 'muted' };
  const show = unit === 'ms' ? milliseconds : percent;
  return { text: show(measured) + (tooFewSamples ? ' *' : ''), ...intervalDetail(interval95) };
}

/** What stands in place of a percentile that lies among what failed. */
const noneOf = (percentile: string, failedShare: number): string => `no ${percentile}: ${percent(failedShare)} failed`;

export function latencyTable(latency: readonly LatencyRow[]): Table {
  const latencies = latency.filter(({ kind }) => kind === 'latency');
  const service = latency.filter(({ kind }) => kind === 'serviceTime');
  return {
    id: 'latency',
    caption: 'Latency from the intended time',
    columns: [words(''), figure('samples'), ...Object.values(columnNames).map(figure)],
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
    notes: [
      tooFewNote,
      ...(latency.some(({ steady, run }) => (steady?.failed ?? 0) + (run?.failed ?? 0) > 0) ? [failedNote] : []),
      intervalNote,
    ],
  };
}

const rowOf = (name: string, meaning: string, summary: LatencySummary | null): Cell[] => [
  { text: name, detail: meaning },
  summary
    ? { text: count(summary.samples), ...(summary.failed > 0 && { detail: `and ${count(summary.failed)} failed` }) }
    : { text: 'none', tone: 'muted' },
  ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((at) => ({
    ...percentileCell(summary?.[at], columnNames[at]),
    ...(at === 'p99' && intervalDetail(summary?.p99.interval95 ?? null)),
  })),
];

/** Beside each p99. */
export const intervalDetail = (interval: PercentileMs['interval95']): Pick<Cell, 'detail'> =>
  interval === null ? {} : { detail: `95% CI ${milliseconds(interval.lowerMs)} to ${milliseconds(interval.upperMs)}` };

const columnNames = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', max: 'max' } as const;

export function percentileCell(percentile: PercentileMs | undefined, name: string): Cell {
  if (percentile === undefined) return { text: '–', tone: 'muted' };
  if (percentile.kind === 'failed') return { text: noneOf(name, percentile.failedShare), tone: 'bad' };
  return { text: milliseconds(percentile.ms) + (percentile.tooFewSamples ? ' *' : '') };
}
