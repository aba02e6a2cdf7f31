/** The growth of a plan, and how sure it is. */
import { exhaustion, fitGrowth } from './growth.ts';
import type { UsagePlan } from './plan.ts';
import type { Interval } from './usl.ts';

export type PlannedGrowth =
  | { kind: 'stated'; perMonth: number }
  /** Fitted to the plan's history; the interval is at 95%. */
  | { kind: 'fitted'; perMonth: number; interval: Interval }
  /** The history does not show that users grow. `perMonth` is 0: what follows is from the rollout's stages alone. */
  | { kind: 'notDetectable'; perMonth: 0; reason: string };

/** Compound growth of users a month: the plan's number, or what its history shows (log-linear, see fitGrowth). */
export function growthOf(plan: Pick<UsagePlan, 'growthPerMonth' | 'growthHistory'>): PlannedGrowth {
  if (!plan.growthHistory || plan.growthHistory.length === 0) return { kind: 'stated', perMonth: plan.growthPerMonth };
  const growth = fitGrowth(plan.growthHistory);
  // Whether any capacity is ever reached: the answer is the slope's, whatever the capacity.
  const answer = exhaustion(growth, Math.max(...plan.growthHistory, 1) * 2);
  if (growth.kind === 'refused' || answer.kind === 'notDetectable')
    return {
      kind: 'notDetectable',
      perMonth: 0,
      reason: answer.kind === 'notDetectable' ? answer.reason : 'The history was refused.',
    };
  return { kind: 'fitted', perMonth: growth.growthPerPeriod, interval: growth.growthInterval };
}
