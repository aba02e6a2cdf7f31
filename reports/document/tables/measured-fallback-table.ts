/** What tabs asked over HTTP in a run, as a table. */
import type { Known } from '../../../capacity/known.ts';
import { approx, milliseconds, plural, quantity } from '../../analysis/numbers.ts';
import type { FallbackStretch } from '../../analysis/over-time/measured-fallback.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

const names: Record<FallbackStretch['kind'], string> = {
  steady: 'steady state',
  before: 'before the rollback',
  noticing: 'tabs notice the rollback',
  rolledBack: 'rolled back',
  switchedOn: 'switched on again',
};

/** Null: no tab asked anything. */
export function measuredFallbackTable(stretches: readonly FallbackStretch[]): Table | null {
  if (stretches.length === 0) return null;
  return {
    id: 'measuredFallback',
    caption: 'Fallback, measured: what tabs asked over HTTP, and what it took',
    columns: [
      words('in this run'),
      figure('reads of the stage'),
      figure('polls'),
      figure('p99 of a poll'),
      figure('seen by polls, p50'),
      figure('executions'),
      figure('table reads'),
      figure('connects'),
    ],
    rows: stretches.map(rowOf),
    notes: [
      'Executions of the function that answers, as many as run at a time on average; reads of the whole table, those of webhooks and closes among them. Seen: from the post of a webhook until a tab had read its event.',
    ],
  };
}

const rowOf = ({ kind, seconds, busiestPerSecond, failed, ...stretch }: FallbackStretch): Cell[] => [
  { text: names[kind], detail: quantity(seconds, 's') },
  { text: `${approx(stretch.stageReadsPerSecond)}/s` },
  { text: `${approx(stretch.pollsPerSecond)}/s`, detail: `both ${approx(busiestPerSecond)} in the busiest second` },
  {
    ...msCell(stretch.pollP99Ms),
    ...(failed > 0 && { tone: 'bad' as const, detail: `${plural(failed, 'request')} failed` }),
  },
  {
    ...msCell(stretch.seenP50Ms),
    ...(stretch.seenP99Ms !== null && { detail: `p99 ${milliseconds(stretch.seenP99Ms)}` }),
  },
  cellOf(stretch.executions, approx),
  cellOf(stretch.readUnitsPerSecond, (units) => `${approx(units)}/s`),
  { text: `${approx(stretch.connectsPerSecond)}/s` },
];

const msCell = (ms: number | null): Cell => (ms === null ? { text: '–', tone: 'muted' } : { text: milliseconds(ms) });

const cellOf = (known: Known<number>, text: (value: number) => string): Cell =>
  known.kind === 'value' ? { text: text(known.value) } : { text: 'unknown', tone: 'muted', detail: known.reason };
