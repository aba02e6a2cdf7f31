/** What a plan costs as it grows. */

import type { PriceList } from '../../aws/prices.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { growthOf } from '../projection/planned-growth.ts';
import { dateAfter, monthsUntil } from '../projection/rollout.ts';
import { type Cost, cost, type PricedWorkload } from './cost.ts';

/** The plan's cost today, on the day each stage begins and at the end of the horizon: ascending, each day once. */
export function costOfPlan(
  plan: UsagePlan,
  using: Omit<PricedWorkload, 'load'>,
  prices: PriceList,
): { label: string; date: string; months: number; cost: Cost }[] {
  const stages = plan.rollout
    .map(({ stage, date }) => ({ label: stage, date, months: monthsUntil(plan, date) }))
    .filter(({ months }) => months > 0 && months < plan.horizonMonths)
    .toSorted((a, b) => a.months - b.months);
  const end = {
    label: `in ${plan.horizonMonths} months`,
    date: dateAfter(plan, plan.horizonMonths),
    months: plan.horizonMonths,
  };
  const grown = { ...plan, growthPerMonth: growthOf(plan).perMonth };
  return [{ label: 'today', date: plan.asOf, months: 0 }, ...stages, end].map((day) => ({
    ...day,
    cost: cost({ ...using, load: loadOfPlan(grown, day.months) }, prices),
  }));
}
