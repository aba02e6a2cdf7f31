/** When each quota runs out, as a table. */
import type { Exhaustion } from '../../capacity/projection/exhaustion.ts';
import { percent, plural } from '../analysis/numbers.ts';
import type { ReportedProjection } from '../analysis/reported-projection.ts';
import { type Cell, figure, type Table, words } from './document.ts';

const growthSources = {
  stated: 'the plan’s own figures, so they have no interval.',
  fitted: 'the growth is fitted to the plan’s history, whose scatter makes the intervals.',
  notDetectable: 'the plan’s history shows no statistically significant growth, so only the rollout stages count.',
} as const;

export function projectionTable(projection: ReportedProjection | null): Table | null {
  if (!projection) return null;
  const { modelled, exhaustions, growthPerMonth, asOf, growth, horizonMonths } = projection;
  return {
    id: 'projection',
    caption: `Projected exhaustion of each quota${modelled ? ', modelled' : ''}`,
    columns: [words('quota'), words('projected exhaustion'), words('stage'), figure('utilisation at that date')],
    rows: exhaustions.filter((each) => each.kind !== 'unknown').map((each) => rowOf(each, horizonMonths)),
    notes: [
      `Users grow by ${percent(growthPerMonth)} a month from ${asOf}, times the share of each rollout stage: ${growthSources[growth]} A quota that is not exhausted shows its utilisation at the end of the horizon.`,
    ],
  };
}

function rowOf(each: Exclude<Exhaustion, { kind: 'unknown' }>, horizonMonths: number): Cell[] {
  const name: Cell = { text: each.name, detail: each.code ?? '' };
  if (each.kind === 'at')
    return [
      name,
      {
        text: each.months <= 0 ? `${each.date}: already exceeded` : each.date,
        detail: [
          each.interval &&
            `95% CI: ${each.interval.earliest.date} to ${each.interval.latest?.date ?? 'beyond the horizon'}`,
          each.askBy && `request the increase by ${each.askBy}`,
        ]
          .filter(Boolean)
          .join('; '),
        tone: 'bad',
      },
      { text: each.stage ?? '–' },
      { text: percent(each.utilisation) },
    ];
  return [
    name,
    each.kind === 'growthNotDetectable'
      ? { text: 'growth not detectable', detail: each.reason }
      : { text: `not within ${plural(horizonMonths, 'month')}`, tone: 'good' },
    { text: '–', tone: 'muted' },
    { text: percent(each.utilisationAtEnd) },
  ];
}
