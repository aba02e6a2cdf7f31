/** Headroom as two tables: the quotas that more users use up, and the sizes and timeouts that they don't. */
import { designWords } from '../../analysis/advice/design-words.ts';
import { type HeadroomCell, type HeadroomRow, isExceeded, isWorthShowing } from '../../analysis/headroom-rows.ts';
import { count, percent, plural, quantity } from '../../analysis/numbers.ts';
import { shortened } from '../../analysis/shortened.ts';
import { type Cell, figure, type Table, words } from '../document.ts';
import { quotaAnchor } from '../quota-links.ts';
import { toneOfUtilisation } from '../tone.ts';

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
  all: readonly HeadroomRow[],
  notes: string[],
): Table {
  const shown = shownColumns(all);
  const later = all[0]?.later ?? [];
  const left = later.filter((_, i) => !shown.includes(i));
  const rowOf = (row: HeadroomRow): Cell[] => [
    {
      text: row.name,
      detail: [originOf(row), ...unknownsOf(row, withRun)].join(' · '),
      anchor: quotaAnchor(row.quotaId),
    },
    { text: count(row.limit), detail: row.unit + burstOf(row) },
    utilisationCell(row.today, row),
    ...shown.map((i) => utilisationCell(row.later[i]?.cell ?? notComputed, row)),
    ...(withRun ? [utilisationCell(row.run, row)] : []),
  ];
  const small = all.filter((row, i) => i >= alwaysShown && isSmall(row));
  return {
    id,
    caption,
    columns: [
      words('quota'),
      figure('limit'),
      figure('plan today'),
      ...shown.flatMap((i) => later[i] ?? []).map(({ label, date }) => figure(`${shortened(label, 30)}, ${date}`)),
      ...(withRun ? [figure('this run')] : []),
    ],
    rows: all.filter((row) => !small.includes(row)).map(rowOf),
    ...(small.length > 0 && {
      more: {
        line: `${plural(small.length, 'more row')} of which nothing reaches ${percent(smallShare)}, today or later`,
        rows: small.map(rowOf),
      },
    }),
    notes: [
      ...notes,
      ...(left.length > 0
        ? [
            `Stages without a column, because no further quota is exceeded there: ${left.map(({ label, date }) => `${shortened(label, 30)} (${date})`).join(', ')}.`,
          ]
        : []),
    ],
  };
}

const notComputed: HeadroomCell = { kind: 'unknown', reason: 'It was not computed.' };
/** What binds, and what comes next, is shown however small. */
const alwaysShown = 3;
const smallShare = 0.1;
const isSmall = ({ today, later, run }: HeadroomRow): boolean =>
  [today, ...later.map(({ cell }) => cell)].every((cell) => cell.kind === 'value' && cell.utilisation < smallShare) &&
  (run.kind === 'unknown' || run.utilisation < smallShare);

/** More do not fit beside each other. */
const mostColumns = 5;

/** Of the later days the first and the last, those on which a further quota is exceeded, then the earliest. */
function shownColumns(rows: readonly HeadroomRow[]): number[] {
  const days = rows[0]?.later.length ?? 0;
  if (days <= mostColumns) return Array.from({ length: days }, (_, i) => i);
  const exceeded = Array.from(
    { length: days },
    (_, i) =>
      rows.filter(({ later }) => {
        const cell = later[i]?.cell;
        return cell?.kind === 'value' && cell.utilisation > 1;
      }).length,
  );
  const rises = exceeded.flatMap((many, i) => (many > (exceeded[i - 1] ?? 0) ? [i] : []));
  const chosen = new Set([0, days - 1]);
  for (const i of [...rises, ...exceeded.keys()]) if (chosen.size < mostColumns) chosen.add(i);
  return [...chosen].toSorted((a, b) => a - b);
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

/** Why cells of it are unknown, each reason once: a column of numbers has no room for sentences. */
function unknownsOf({ today, later, run }: HeadroomRow, withRun: boolean): string[] {
  const reasonOf = (cell: HeadroomCell) => (cell.kind === 'unknown' ? [cell.reason] : []);
  const ofPlan = new Set([today, ...later.map(({ cell }) => cell)].flatMap(reasonOf));
  const ofRun = withRun ? reasonOf(run).filter((reason) => !ofPlan.has(reason)) : [];
  return [...[...ofPlan].map((reason) => `unknown: ${reason}`), ...ofRun.map((reason) => `this run: ${reason}`)];
}

function utilisationCell(cell: HeadroomCell, { unit, limit }: HeadroomRow): Cell {
  if (cell.kind === 'unknown') return { text: 'unknown', tone: 'muted' };
  const exceeded = cell.utilisation > 1;
  const burst = cell.basis === 'burst' ? ' in a burst' : '';
  const risen = cell.basis === 'sustained' && cell.limit > limit ? ` of ${quantity(cell.limit, unit)}` : '';
  const throttled =
    exceeded && cell.secondsToThrottle !== null ? `, throttled after ${quantity(cell.secondsToThrottle, 's')}` : '';
  return {
    text: percent(cell.utilisation) + (exceeded ? ' exceeded' : ''),
    tone: toneOfUtilisation(cell.utilisation),
    detail: `${quantity(cell.demand, unit)}${burst}${risen}${throttled}`,
    bar: Math.min(1, cell.utilisation),
  };
}
