/** When each quota runs out, as a table. */
import type { Exhaustion } from '../../../capacity/projection/exhaustion.ts';
import { percent, plural } from '../../analysis/numbers.ts';
import type { ReportedProjection } from '../../analysis/reported-projection.ts';
import { rangeOf } from '../../plan-summary.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

/** How fast users grow, how sure that is, and where it comes from. */
function growthSentence({
  growthPerMonth,
  growthInterval,
  direction,
  growth,
  asOf,
  exhaustions,
}: ReportedProjection): string {
  const from = `a month from ${asOf}, times the share of each rollout stage`;
  const change = growthPerMonth < 0 ? `shrink by ${percent(-growthPerMonth)}` : `grow by ${percent(growthPerMonth)}`;
  if (growth === 'stated' || growthInterval === null)
    return `Users ${change} ${from}: the plan’s own figures, so they have no interval.`;
  const { lower, upper } = growthInterval;
  const interval = `95% CI: ${signed(lower)} to ${signed(upper)}`;
  const fitted =
    direction === 'unclear'
      ? `Growth fitted to the plan’s history cannot be told from zero (${interval} a month): users are taken to stay from ${asOf} on, times the share of each rollout stage, and the upper end gives the earliest dates.`
      : `Users ${change} (${interval}) ${from}, fitted to the plan’s history.`;
  const approximate = exhaustions.some((each) => 'interval' in each && each.interval?.level === 'approximate')
    ? ' Ranges that also hold the coefficients’ standard errors are approximate.'
    : '';
  return `${fitted} The intervals hold 95% of the days on which users reach what a quota carries, whether the history’s scatter is independent, lasts for some months or is a random walk, as long as users go on as in the history.${approximate}`;
}

/** Rounding is no growth. */
const signed = (share: number): string => {
  if (Math.abs(share) < 1e-6) return '0%';
  return share < 0 ? `−${percent(-share)}` : percent(share);
};

export function projectionTable(projection: ReportedProjection | null): Table | null {
  if (!projection) return null;
  const { modelled, exhaustions, horizonMonths } = projection;
  const known = exhaustions
    .filter((each) => each.kind !== 'unknown')
    .filter((each) => !each.fixed || each.kind === 'at')
    .toSorted((a, b) => lastUse(b) - lastUse(a));
  const small = known.filter((each) => lastUse(each) < smallShare);
  return {
    id: 'projection',
    caption: `Projected exhaustion of each quota${modelled ? ', modelled' : ''}`,
    columns: [words('quota'), words('projected exhaustion'), words('stage'), figure('utilisation at that date')],
    rows: known.filter((each) => !small.includes(each)).map((each) => rowOf(each, horizonMonths)),
    ...(small.length > 0 && {
      more: {
        line: `${plural(small.length, 'more quota')} under ${percent(smallShare)} at the end of the horizon`,
        rows: small.map((each) => rowOf(each, horizonMonths)),
      },
    }),
    notes: [
      `${growthSentence(projection)} A quota that is not exhausted shows its utilisation at the end of the horizon.`,
    ],
  };
}

const smallShare = 0.1;

/** By which those that last are sorted; what runs out, or may, stays before them in its own order. */
function lastUse(each: Exclude<Exhaustion, { kind: 'unknown' }>): number {
  return each.kind === 'notWithinHorizon' ? each.utilisationAtEnd : Number.POSITIVE_INFINITY;
}

function rowOf(each: Exclude<Exhaustion, { kind: 'unknown' }>, horizonMonths: number): Cell[] {
  const name: Cell = { text: each.name, detail: each.code ?? '' };
  if (each.kind === 'at')
    return [
      name,
      {
        text: each.months <= 0 ? `${each.date}: already exceeded` : each.date,
        detail: detailOf(each),
        tone: 'bad',
      },
      { text: each.stage ?? '–' },
      { text: percent(each.utilisation) },
    ];
  const lasts = `not within ${plural(horizonMonths, 'month')}`;
  return [
    name,
    each.kind === 'perhaps'
      ? { text: `${lasts}; perhaps from ${each.interval.earliest.date}`, detail: detailOf(each), tone: 'near' }
      : { text: lasts, tone: 'good' },
    { text: '–', tone: 'muted' },
    { text: percent(each.utilisationAtEnd) },
  ];
}

const detailOf = ({ interval, askBy }: Pick<Extract<Exhaustion, { kind: 'at' }>, 'interval' | 'askBy'>): string =>
  [rangeOf(interval).replace(/^ \((.*)\)$/, '$1'), askBy && `request the increase by ${askBy}`]
    .filter(Boolean)
    .join('; ');
