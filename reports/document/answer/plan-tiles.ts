/** What a plan comes to, as tiles: what binds now, when a quota runs out at which stage, what it costs, and the one thing to do next. */
import type { CostOfDay } from '../../../capacity/cost/plan-cost.ts';
import type { KnownHeadroom } from '../../../capacity/headroom/headroom.ts';
import type { Advice } from '../../analysis/advice/advice.ts';
import { approx, dollars, percent, plural, quantity } from '../../analysis/numbers.ts';
import type { ReportedProjection } from '../../analysis/reported-projection.ts';
import { shortened } from '../../analysis/shortened.ts';
import { firstPerhaps, rangeOf } from '../../plan-summary.ts';
import type { Tile } from '../document.ts';
import { toneOfUtilisation } from '../tone.ts';

export interface PlanAnswer {
  binding: KnownHeadroom | null;
  runnerUp: KnownHeadroom | null;
  projection: ReportedProjection | null;
  cost: readonly CostOfDay[];
  recommendations: readonly Advice[];
  /** Quotas that have a row in the tables. */
  anchorOf: (quotaId: string) => string | undefined;
}

export function bindsTile({ binding, runnerUp, anchorOf }: PlanAnswer): Tile {
  const about = { id: 'binds', name: 'Binds now' };
  if (binding === null) return { ...about, value: 'Unknown', detail: 'No quota has a known demand.', tone: 'muted' };
  const { quotaId, name, utilisation, demand, limit, unit, basis } = binding;
  const next = runnerUp === null ? '' : `; next ${runnerUp.name}, ${percent(runnerUp.utilisation)}`;
  const anchor = anchorOf(quotaId);
  return {
    ...about,
    value: `${percent(utilisation)} used`,
    detail: `${name}: ${approx(demand)} of ${quantity(limit, unit)}${basis === 'burst' ? ' in a burst' : ''}${next}`,
    tone: toneOfUtilisation(utilisation),
    ...(anchor !== undefined && { anchor }),
  };
}

export function runsOutTile({ projection }: PlanAnswer): Tile {
  const about = { id: 'runs-out', name: 'Runs out' };
  if (projection === null) return { ...about, value: 'Unknown', detail: 'Nothing could be projected.', tone: 'muted' };
  const { first, exhaustions, horizonMonths } = projection;
  const within = plural(horizonMonths, 'month');
  if (first === null) {
    const perhaps = firstPerhaps(exhaustions);
    if (perhaps === undefined)
      return {
        ...about,
        value: `Not in ${within}`,
        detail: 'No quota runs out within the plan’s horizon.',
        tone: 'good',
        anchor: 'projection',
      };
    return {
      ...about,
      value: `Perhaps ${perhaps.interval.earliest.date}`,
      detail: `${perhaps.name} may run out from then on; by the best estimate it lasts for ${within}.`,
      tone: 'near',
      anchor: 'projection',
    };
  }
  const others = exhaustions.filter(({ kind }) => kind === 'at').length - 1;
  const more = others > 0 ? `; ${plural(others, 'other')} within ${within}` : '';
  const stage = first.stage === null ? '' : `, at stage “${shortened(first.stage)}”`;
  return first.months <= 0
    ? {
        ...about,
        value: 'Today',
        detail: `${first.name} is at ${percent(first.utilisation)}${more}`,
        tone: 'bad',
        anchor: 'projection',
      }
    : {
        ...about,
        value: first.date,
        detail: `${first.name}${stage}${rangeOf(first.interval)}${more}`,
        tone: 'near',
        anchor: 'projection',
      };
}

export function costTile({ cost }: PlanAnswer): Tile {
  const about = { id: 'cost-a-month', name: 'Costs a month' };
  const [today, ...later] = cost;
  if (today === undefined) return { ...about, value: 'Unknown', detail: 'Nothing could be priced.', tone: 'muted' };
  const { region, complete } = today.cost;
  const end = later.at(-1);
  const then =
    end === undefined
      ? ''
      : `, ${dollars(end.cost.usdPerMonth)} ${end.label.startsWith('in ') ? end.label : `on ${end.date}`}`;
  return {
    ...about,
    value: dollars(today.cost.usdPerMonth),
    detail: `today${then}; AWS’s prices of ${region}, modelled${complete ? '' : '; some parts are unknown'}`,
    anchor: 'cost',
  };
}

export function nextTile({ recommendations, projection }: PlanAnswer): Tile {
  const about = { id: 'next', name: 'Do next' };
  const acts = recommendations.filter(({ kind }) => kind !== 'keep' && kind !== 'unknown');
  const [first] = acts;
  if (first === undefined) return { ...about, value: 'Nothing', detail: 'Nothing has to change.', tone: 'good' };
  const others = acts.length > 1 ? ` ${acts.length - 1} more below.` : '';
  if (first.by === null)
    return {
      ...about,
      value: 'Nothing is due',
      detail: `Within ${plural(projection?.horizonMonths ?? 0, 'month')}. Worth setting: ${first.action.charAt(0).toLowerCase()}${first.action.slice(1)}${others}`,
      tone: 'good',
      anchor: 'recommendations',
    };
  const isNow = first.by === projection?.asOf;
  const action = first.action.replace(`, by ${first.by}.`, '.');
  return {
    ...about,
    value: isNow ? 'Now' : `By ${first.by}`,
    detail: `${action}${others}`,
    tone: first.kind === 'redesign' || isNow ? 'bad' : 'near',
    anchor: 'recommendations',
  };
}
