/** The part of a projection that reports keep: the dates, without the tables behind them. */
import type { Load } from '../../capacity/demand/load.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Exhaustion } from '../../capacity/projection/exhaustion.ts';
import type { Growth, Interval } from '../../capacity/projection/growth.ts';
import type { Projection } from '../../capacity/projection/projection.ts';

export interface ReportedProjection {
  modelled: boolean;
  asOf: string;
  horizonMonths: number;
  growthPerMonth: number;
  /** `stated` by the plan, or `fitted` to its history. */
  growth: 'stated' | 'fitted';
  /** Of growthPerMonth at 95%, and what it says: users grow, shrink, or neither can be told. Null where the plan states the growth. */
  growthInterval: Interval | null;
  direction: Growth['direction'] | null;
  first: Extract<Exhaustion, { kind: 'at' }> | null;
  exhaustions: Exhaustion[];
  points: {
    date: string;
    months: number;
    stage: string | null;
    stageBegins: boolean;
    load: Load;
    bindingQuotaId: string | null;
    utilisation: number | null;
  }[];
  /** Of the quotas that come nearest to their limits within the horizon: demand over quota at each of the points, null where it is not known. */
  nearest: { quotaId: string; name: string; utilisations: (number | null)[] }[];
}

/** Of one drawing: more lines cannot be told apart. */
const mostDrawn = 6;

function nearestOf({ points }: Projection): ReportedProjection['nearest'] {
  const [first] = points;
  const rows = (first?.headroom ?? []).map(({ quotaId, name, grows }) => {
    const utilisations = points.map(({ headroom }) => {
      const row = headroom.find((each) => each.quotaId === quotaId);
      return row?.kind === 'value' && Number.isFinite(row.utilisation) ? row.utilisation : null;
    });
    return { quotaId, name, grows, utilisations, most: Math.max(...utilisations.map((value) => value ?? 0)) };
  });
  return rows
    .filter(({ grows, most }) => most > 0 && (grows || most > 1))
    .toSorted((a, b) => b.most - a.most)
    .slice(0, mostDrawn)
    .map(({ quotaId, name, utilisations }) => ({ quotaId, name, utilisations }));
}

export function reportedProjection(projection: Projection, plan: UsagePlan, modelled: boolean): ReportedProjection {
  const { first, exhaustions, horizonMonths, growth } = projection;
  const points = projection.points.map(({ date, months, stage, stageBegins, load, binding }) => ({
    ...{ date, months, stage, stageBegins, load },
    bindingQuotaId: binding.kind === 'binds' ? binding.binding.quotaId : null,
    utilisation: binding.kind === 'binds' ? binding.binding.utilisation : null,
  }));
  return {
    modelled,
    asOf: plan.asOf,
    horizonMonths,
    growthPerMonth: growth.perMonth,
    growth: growth.kind,
    growthInterval: growth.kind === 'fitted' ? growth.interval : null,
    direction: growth.kind === 'fitted' ? growth.direction : null,
    first,
    exhaustions,
    points,
    nearest: nearestOf(projection),
  };
}
