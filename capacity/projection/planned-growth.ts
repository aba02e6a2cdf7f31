/** The growth of a plan, and its uncertainty. */

import type { UsagePlan } from '../demand/plan.ts';
import { fitGrowth, type Interval } from './growth.ts';

export type PlannedGrowth =
  | { kind: 'stated'; perMonth: number }
  /** Fitted to the plan's history; the interval is at 95%. */
  | { kind: 'fitted'; perMonth: number; interval: Interval }
  /** The history does not show that users grow. `perMonth` is 0: the projection follows from the rollout's stages alone. */
  | { kind: 'notDetectable'; perMonth: 0; reason: string };

/** Compound growth of users a month: the plan's number, or what its history shows (log-linear, see fitGrowth). */
export function growthOf(plan: Pick<UsagePlan, 'growthPerMonth' | 'growthHistory'>): PlannedGrowth {
  if (!plan.growthHistory || plan.growthHistory.length === 0) return { kind: 'stated', perMonth: plan.growthPerMonth };
  const growth = fitGrowth(plan.growthHistory);
  if (growth.kind === 'notDetectable') return { ...growth, perMonth: 0 };
  return { kind: 'fitted', perMonth: growth.perPeriod, interval: growth.interval };
}
