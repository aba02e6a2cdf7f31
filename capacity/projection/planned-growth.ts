/** The growth of a plan, and its uncertainty. */

import type { UsagePlan } from '../demand/plan.ts';
import { type End, fitGrowth, type Growth, type Interval } from './growth.ts';

export type PlannedGrowth =
  | { kind: 'stated'; perMonth: number }
  /** Fitted to the plan's history; the interval is at 95%. `perMonth` is 0 where growth cannot be told from zero: then only the interval says more. */
  | {
      kind: 'fitted';
      perMonth: number;
      interval: Interval;
      direction: Growth['direction'];
      /** Users after so many months over those that `perMonth` alone would give, at an end of a 95% interval. 1 now. */
      bend(months: number, end: End): number;
    };

/** Compound growth of users a month: the plan's number, or what its history shows ({@link fitGrowth}). */
export function growthOf(plan: Pick<UsagePlan, 'growthPerMonth' | 'growthHistory'>): PlannedGrowth {
  if (!plan.growthHistory || plan.growthHistory.length === 0) return { kind: 'stated', perMonth: plan.growthPerMonth };
  const growth = fitGrowth(plan.growthHistory);
  const perMonth = growth.direction === 'unclear' ? 0 : growth.perPeriod;
  return {
    kind: 'fitted',
    perMonth,
    interval: growth.interval,
    direction: growth.direction,
    bend: bendOf(growth, perMonth),
  };
}

/** A history of wild scatter would have more users than there are numbers. */
const farthest = Math.log(1e9);

/** Between two months, in proportion. */
function bendOf(growth: Growth, perMonth: number): (months: number, end: End) => number {
  const known = { lower: new Map([[0, 0]]), upper: new Map([[0, 0]]) };
  const slope = Math.log1p(perMonth);
  const bentAt = (month: number, end: End): number => {
    const already = known[end].get(month);
    if (already !== undefined) return already;
    const bend = growth.ahead(month, end) - slope * month;
    // A last month above the line puts all of the interval below what it grows to by the slope alone: that is in it, too.
    const bent = end === 'lower' ? Math.max(-farthest, Math.min(0, bend)) : Math.min(farthest, Math.max(0, bend));
    known[end].set(month, bent);
    return bent;
  };
  return (months, end) => {
    const [before, after] = [bentAt(Math.floor(months), end), bentAt(Math.ceil(months), end)];
    return Math.exp(before + (months - Math.floor(months)) * (after - before));
  };
}
