/** Measures of a comparison as a table: both values, the change, its interval and the verdict. */
import type { ComparedMeasure } from '../analysis/comparison/comparison.ts';
import type { MeasureGroup } from '../analysis/comparison/groups.ts';
import { plural } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from './document.ts';

const groupNames: Readonly<Record<MeasureGroup, string>> = {
  latency: 'latency',
  throughput: 'throughput',
  coefficients: 'coefficient',
  headroom: 'use of a quota',
  cost: 'cost',
};

/** No run differs from another. */
export const isEqual = ({ interval }: ComparedMeasure): boolean =>
  interval === null || (interval.lower === 1 && interval.upper === 1);

/** `equal`: rows that are behind one line. */
export function compareTable({
  id,
  caption,
  rows,
  equal,
  before,
  after,
}: {
  id: string;
  caption: string;
  rows: readonly ComparedMeasure[];
  equal: readonly ComparedMeasure[];
  before: string;
  after: string;
}): Table {
  return {
    id,
    caption,
    columns: [
      words('measure'),
      words('of'),
      figure(before),
      figure(after),
      figure('change'),
      figure('interval'),
      words('verdict'),
    ],
    rows: rows.map(cellsOf),
    ...(equal.length > 0 && {
      more: {
        line: `${plural(equal.length, 'more measure')} that ${equal.length === 1 ? 'is' : 'are'} the same in every run`,
        rows: equal.map(cellsOf),
      },
    }),
    notes: [],
  };
}

const cellsOf = (row: ComparedMeasure): Cell[] => [
  { text: row.name },
  { text: groupNames[row.group], tone: 'muted' },
  valueCell(row, row.before),
  valueCell(row, row.after),
  { text: changeOf(row) },
  row.interval === null
    ? { text: '–', tone: 'muted' }
    : { text: `${signed(row.interval.lower)} to ${signed(row.interval.upper)}` },
  verdictCell(row),
];

function valueCell({ unit }: ComparedMeasure, side: ComparedMeasure['before']): Cell {
  if (side === null) return { text: 'none', tone: 'muted' };
  const { mean, failed } = side;
  if (mean === null) return { text: 'failed', tone: 'muted' };
  const isShare = unit === 'share' || unit === 'of the quota';
  return {
    text: `${isShare ? `${shown(mean * 100)}%` : `${shown(mean)}${unit.startsWith('/') ? '' : ' '}${unit}`}${failed === 0 ? '' : `, failed in ${plural(failed, 'run')}`}`,
  };
}

const shown = (value: number): string => {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) < 0.001 && rounded !== 0
    ? rounded.toExponential(2)
    : rounded.toLocaleString('en-US', { maximumSignificantDigits: 3 });
};

/** As in +12%; of what has no ratio, why. */
export function changeOf({ ratio, verdict }: ComparedMeasure): string {
  if (ratio !== null) return signed(ratio);
  return verdict === 'worse' || verdict === 'better' ? 'all or nothing' : '–';
}

/** Beyond it one says no more than another: nothing is known. */
const most = 1_000;

/** 1.1 → +10%; 12 → ×12. */
function signed(ratio: number): string {
  if (ratio >= most || ratio <= 1 / most) return `${ratio >= most ? '×' : '÷'}${shown(most)} or more`;
  if (ratio >= 10 || ratio <= 0.1) return ratio >= 10 ? `×${shown(ratio)}` : `÷${shown(1 / ratio)}`;
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(digits)}%`;
}

const unjudgedWords = {
  oneRunEach: 'one run each: not judged',
  missing: 'missing on one side',
  failedInARun: 'failed in some runs: not judged',
  zero: 'zero in a run',
} as const;

function verdictCell({ verdict, reason }: ComparedMeasure): Cell {
  switch (verdict) {
    case 'worse':
      return { text: 'worse', tone: 'bad' };
    case 'better':
      return { text: 'better', tone: 'good' };
    case 'same':
      return { text: 'no difference', tone: 'muted' };
    case 'notJudged':
      return { text: reason === null ? 'not judged' : unjudgedWords[reason], tone: 'near' };
  }
}
