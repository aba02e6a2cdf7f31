/** Headroom as two tables: the quotas that more users use up, and the sizes and timeouts that they don't. */
import type { HeadroomCell, HeadroomRow } from '../analysis/headroom-rows.ts';
import { count, percent, quantity } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from './document.ts';
import { quotaAnchor } from './quota-links.ts';

interface Of {
  /** The run was on AWS itself: its headroom is measured there. */
  onAws: boolean;
  /** There is a column for what the run offered. */
  withRun: boolean;
}

export function headroomTables(headroom: readonly HeadroomRow[], { onAws, withRun }: Of): Table[] {
  const modelled = onAws ? '' : ', modelled on AWS';
  return [
    tableOf(
      { id: 'headroom', caption: `Quotas by headroom${modelled}`, withRun },
      headroom.filter(({ grows }) => grows),
      [
        'Each cell: utilisation of the quota, and the demand in the limit’s unit. Headroom = 1 − demand / quota.',
        'A burst above a bucket’s rate is compared with rate + burst / duration, which is what a full bucket carries.',
        'Limits are AWS’s documented defaults unless the row says otherwise; the report’s JSON names each one’s source and the date it was read.',
      ],
    ),
    tableOf(
      { id: 'sizes', caption: `Sizes, timeouts and single keys${modelled}`, withRun },
      headroom.filter(({ grows }) => !grows),
      ['These do not grow with the number of users; they bind only once exceeded.'],
    ),
  ];
}

function tableOf(
  { id, caption, withRun }: { id: string; caption: string; withRun: boolean },
  rows: readonly HeadroomRow[],
  notes: string[],
): Table {
  const later = rows[0]?.later ?? [];
  return {
    id,
    caption,
    columns: [
      words('quota'),
      figure('limit'),
      figure('plan today'),
      ...later.map(({ label, date }) => figure(`${label}, ${date}`)),
      ...(withRun ? [figure('this run')] : []),
    ],
    rows: rows.map((row) => [
      { text: row.name, detail: originOf(row), anchor: quotaAnchor(row.quotaId) },
      { text: count(row.limit), detail: row.unit + (row.burst === null ? '' : `, burst ${count(row.burst)}`) },
      utilisationCell(row.today, row),
      ...row.later.map(({ cell }) => utilisationCell(cell, row)),
      ...(withRun ? [utilisationCell(row.run, row)] : []),
    ]),
    notes,
  };
}

function originOf({ code, limitFrom, adjustable }: HeadroomRow): string {
  const from = {
    default: null,
    region: 'Region’s default',
    plan: 'from the plan',
    setting: 'stack setting',
    derived: 'derived from another quota',
  }[limitFrom];
  const raise = { yes: 'adjustable', no: 'not adjustable', setting: from === null ? 'a setting' : null }[adjustable];
  return [code, from, raise].filter((part) => part !== null).join(' · ');
}

function utilisationCell(cell: HeadroomCell, { unit, limit }: HeadroomRow): Cell {
  if (cell.kind === 'unknown') return { text: 'unknown', tone: 'muted', detail: cell.reason };
  const exceeded = cell.utilisation > 1;
  const burst = cell.basis === 'burst' ? ' in a burst' : '';
  const risen = cell.basis === 'sustained' && cell.limit > limit ? ` of ${quantity(cell.limit, unit)}` : '';
  const throttled =
    exceeded && cell.secondsToThrottle !== null ? `, throttled after ${quantity(cell.secondsToThrottle, 's')}` : '';
  return {
    text: percent(cell.utilisation) + (exceeded ? ' exceeded' : ''),
    tone: exceeded ? 'bad' : cell.utilisation > 0.7 ? 'near' : 'good',
    detail: `${quantity(cell.demand, unit)}${burst}${risen}${throttled}`,
    bar: Math.min(1, cell.utilisation),
  };
}
