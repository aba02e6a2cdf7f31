/** Growth and rollout over time: how many times today's users there are on a date. Calendar dates only, no clock. */
import type { RolloutStage, UsagePlan } from '../demand/plan.ts';
import { mostMonths } from '../demand/plan-bounds.ts';

const dayMs = 86_400_000;
/** Mean length of a month in the Gregorian calendar. */
export const daysPerMonth = 365.2425 / 12;

type Dated = Pick<UsagePlan, 'asOf' | 'rollout' | 'growthPerMonth'>;

/** Months from the plan's date to another date, a month being 30.44 days. */
function monthsUntil(plan: Pick<UsagePlan, 'asOf'>, date: string): number {
  return (Date.parse(date) - Date.parse(plan.asOf)) / dayMs / daysPerMonth;
}

/** The date (YYYY-MM-DD) that many months after the plan's: whole months by the calendar, fractions to the day. */
export function dateAfter(plan: Pick<UsagePlan, 'asOf'>, months: number): string {
  const from = new Date(Date.parse(plan.asOf));
  if (!Number.isInteger(months))
    return new Date(from.getTime() + Math.round(months * daysPerMonth) * dayMs).toISOString().slice(0, 10);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay))).toISOString().slice(0, 10);
}

/** The stage in force that many months after the plan's date: the last one that has begun; before the first, the first. */
export function stageAt(plan: Pick<UsagePlan, 'asOf' | 'rollout'>, months: number): RolloutStage | null {
  const inOrder = ordered(plan.rollout);
  // Half an hour of tolerance: a stage begins on its date, whatever rounding months went through.
  const latest = Date.parse(plan.asOf) + (months + 1e-3) * daysPerMonth * dayMs;
  return (inOrder.findLast(({ ms }) => ms <= latest) ?? inOrder[0])?.stage ?? null;
}

interface BegunAt {
  stage: RolloutStage;
  ms: number;
}
/** A projection asks thousands of times for the same stages. */
const orders = new WeakMap<readonly RolloutStage[], readonly BegunAt[]>();

function ordered(rollout: readonly RolloutStage[]): readonly BegunAt[] {
  const before = orders.get(rollout);
  if (before) return before;
  const inOrder = rollout.map((stage) => ({ stage, ms: Date.parse(stage.date) })).toSorted((a, b) => a.ms - b.ms);
  orders.set(rollout, inOrder);
  return inOrder;
}

/** (1+g)^t · r(t) / r(now): users at t months over users today. r is the stage table, a step function; without stages r is 1. */
export function fractionOfUsers(plan: Dated, months: number): number {
  const now = stageAt(plan, 0)?.share ?? 1;
  const then = stageAt(plan, months)?.share ?? 1;
  return (1 + plan.growthPerMonth) ** months * (then / now);
}

/** Every month of the horizon (at most {@link mostMonths}) and the first day of every stage within it, ascending; a month's day that is a stage's comes once. */
export function momentsOf(plan: UsagePlan): { months: number; stageBegins: boolean; date: string }[] {
  const horizon = Math.min(plan.horizonMonths, mostMonths);
  const monthly = Array.from({ length: horizon + 1 }, (_, months) => ({
    months,
    stageBegins: false,
    date: dateAfter(plan, months),
  }));
  const stages = plan.rollout
    .map((stage) => ({ months: monthsUntil(plan, stage.date), stageBegins: true, date: stage.date }))
    .filter(({ months }) => months > 0 && months <= horizon);
  const between = monthly.filter(({ date }) => !stages.some((stage) => stage.date === date));
  return [...between, ...stages].toSorted((a, b) => a.months - b.months);
}
