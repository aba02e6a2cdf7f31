/** Headroom as two tables: the quotas that more users use up, and the sizes and timeouts that they don't. */
import { designWords } from '../analysis/advice/design-words.ts';
import { type HeadroomCell, type HeadroomRow, isExceeded, isWorthShowing } from '../analysis/headroom-rows.ts';
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
  const shown = headroom.filter(isWorthShowing);
  return [
    tableOf(
      { id: 'headroom', caption: `Quotas by headroom${modelled}`, withRun },
      shown.filter(({ grows }) => grows),
      [
        'Each cell: utilisation of the quota, and the demand in the limit’s unit. Headroom = 1 − demand / quota.',
        'A burst above a bucket’s rate is compared with rate + burst / duration, which is what a full bucket carries.',
        'Limits are AWS’s documented defaults unless the row says otherwise; the report’s JSON names each one’s source and the date it was read.',
      ],
    ),
    tableOf(
      { id: 'sizes', caption: `Sizes, timeouts and single keys${modelled}`, withRun },
      shown.filter(({ grows }) => !grows),
      [
        'These do not grow with the number of users; they bind only once exceeded. Those that no load moves (stages, routes, memory) are listed only if they are exceeded; the report’s JSON has them all.',
      ],
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
      { text: count(row.limit), detail: row.unit + burstOf(row) },
      utilisationCell(row.today, row),
      ...row.later.map(({ cell }) => utilisationCell(cell, row)),
      ...(withRun ? [utilisationCell(row.run, row)] : []),
    ]),
    notes,
  };
}

const confidenceOf = { H: null, M: 'one secondary source', L: 'sources conflict' } as const;

function burstOf({ burst, burstConfidence, confidence }: HeadroomRow): string {
  if (burst === null) return '';
  const doubt = burstConfidence === null || burstConfidence === confidence ? null : confidenceOf[burstConfidence];
  return `, burst ${count(burst)}${doubt === null ? '' : ` (${doubt})`}`;
}

function originOf(row: HeadroomRow): string {
  const { code, limitFrom, confidence } = row;
  const from = {
    default: null,
    region: 'Region’s default',
    plan: 'from the plan',
    setting: 'stack setting',
    derived: 'derived from another quota',
  }[limitFrom];
  return [code, from, confidenceOf[confidence], remedyOf(row)].filter((part) => part !== null).join(' · ');
}

/** How the limit is moved; of what is exceeded and cannot be moved, what would mend it. */
function remedyOf(row: HeadroomRow): string {
  const [first] = row.remedies;
  switch (first.kind) {
    case 'raise':
      if (first.code === null) return 'raised by AWS Support';
      return first.code === row.code ? 'raised on request' : `follows ${first.code}`;
    case 'set':
      return `set: ${first.setting}`;
    case 'redesign':
      return isExceeded(row)
        ? `not adjustable: ${first.designs.map((design) => designWords[design]).join(', or ')}`
        : 'not adjustable';
  }
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
