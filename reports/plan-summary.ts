/** A plan in a few lines: what binds, when, what to do by when, what it costs, and until when the fallback's throttle does. */
import type { CostOfDay } from '../capacity/cost/plan-cost.ts';
import type { FallbackUse } from '../capacity/fallback/fallback-use.ts';
import type { KnownHeadroom } from '../capacity/headroom/headroom.ts';
import type { DateInterval, Exhaustion } from '../capacity/projection/exhaustion.ts';
import type { Advice } from './analysis/advice/advice.ts';
import { fallbackLine } from './analysis/fallback-words.ts';
import { dollars, percent, plural, quantity } from './analysis/numbers.ts';
import type { ReportedProjection } from './analysis/reported-projection.ts';
import { shortened } from './analysis/shortened.ts';

export interface SummaryInput {
  binding: KnownHeadroom | null;
  runnerUp: KnownHeadroom | null;
  projection: ReportedProjection;
  /** In their order. */
  recommendations: readonly Advice[];
  cost: readonly CostOfDay[];
  /** Null: the stack has none. */
  fallback: Pick<FallbackUse, 'outlook'> | null;
  /** Why the coefficients are not to be relied on, a sentence; null: they are. */
  doubt: string | null;
}

export const summaryOf = (input: SummaryInput): [name: string, text: string][] => [
  ['Binds', bindsLine(input)],
  ['When', whenLine(input)],
  ['Do', doLine(input)],
  ['Costs', costLine(input.cost)],
  ...fallbackLine(input.fallback),
  ...(input.doubt === null ? [] : [['Doubt', input.doubt] satisfies [string, string]]),
];

function bindsLine({ binding, runnerUp }: SummaryInput): string {
  if (binding === null) return 'Unknown: no quota has a known demand.';
  const { name, utilisation, limit, unit, basis } = binding;
  const next = runnerUp === null ? '' : `; next ${runnerUp.name}, ${percent(runnerUp.utilisation)}`;
  return `${name}: ${percent(utilisation)} of ${quantity(limit, unit)}${basis === 'burst' ? ' in a burst' : ''} today${next}`;
}

function whenLine({ projection }: SummaryInput): string {
  const { first, exhaustions, horizonMonths } = projection;
  if (first !== null) {
    const others = exhaustions.filter(({ kind }) => kind === 'at').length - 1;
    const more = others > 0 ? `; ${plural(others, 'other')} within ${plural(horizonMonths, 'month')}` : '';
    if (first.months <= 0) return `Exceeded today: ${first.name} is at ${percent(first.utilisation)}${more}`;
    return `${first.name} runs out on ${first.date}${atStage(first.stage)}${rangeOf(first.interval)}${more}`;
  }
  const perhaps = firstPerhaps(exhaustions);
  if (perhaps)
    return `Not within ${plural(horizonMonths, 'month')} by the best estimate${growthOf(projection)}; ${perhaps.name} may run out from ${perhaps.interval.earliest.date} on${levelOf(perhaps.interval)}`;
  return `No quota runs out within ${plural(horizonMonths, 'month')}${growthOf(projection)}`;
}

/** The earliest of the quotas that run out only within the uncertainty. */
export const firstPerhaps = (
  exhaustions: readonly Exhaustion[],
): Extract<Exhaustion, { kind: 'perhaps' }> | undefined => exhaustions.find((each) => each.kind === 'perhaps');

const atStage = (stage: string | null): string => (stage === null ? '' : `, at stage “${shortened(stage)}”`);

const levels: Record<DateInterval['level'], string> = { '95%': '95% CI', approximate: 'approximate range' };

/** ` (95% CI: 2026-06-01 to 2026-09-12)`. Nothing where the uncertainty is not known, or less than a day: the first day of a stage. */
export const rangeOf = (interval: DateInterval | null): string =>
  interval === null || interval.earliest.date === interval.latest?.date
    ? ''
    : ` (${levels[interval.level]}: ${interval.earliest.date} to ${interval.latest?.date ?? 'beyond the horizon'})`;

export const levelOf = ({ level }: DateInterval): string => (level === '95%' ? ' (95%)' : ' (approximately)');

/** Growth where it is the reason. */
function growthOf({ growth, growthPerMonth, direction }: ReportedProjection): string {
  if (growth === 'fitted' && direction === 'unclear') return ': growth cannot be told from zero';
  if (growthPerMonth < 0) return `: users shrink by ${percent(-growthPerMonth)} a month`;
  return '';
}

function doLine({ recommendations, projection: { horizonMonths } }: SummaryInput): string {
  const acts = recommendations.filter(({ kind }) => kind !== 'keep' && kind !== 'unknown');
  const [first] = acts;
  if (first === undefined) return 'Nothing has to change';
  const action = first.action.replace(/\.$/, '');
  const others = acts.length > 1 ? ` (${acts.length - 1} more below)` : '';
  return first.by === null
    ? `Nothing is due within ${plural(horizonMonths, 'month')}. Worth setting: ${action.charAt(0).toLowerCase()}${action.slice(1)}${others}`
    : `${action}${others}`;
}

/** `$34,269 a month on AWS today, $61,000 in 12 months`. */
export function costLine(cost: readonly CostOfDay[]): string {
  const [today, ...later] = cost;
  if (today === undefined) return 'Unknown';
  const end = later.at(-1);
  const then =
    end === undefined ? '' : `, ${monthly(end)} ${end.label.startsWith('in ') ? end.label : `on ${end.date}`}`;
  return `${monthly(today)} a month on AWS today${then}`;
}

const monthly = ({ cost: { usdPerMonth, complete } }: CostOfDay): string =>
  `${dollars(usdPerMonth)}${complete ? '' : ' and unknown parts'}`;
