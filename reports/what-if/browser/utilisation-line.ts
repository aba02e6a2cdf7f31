/** The fullest quota over the horizon as a line, and in words. Pure. */
import { percent } from '../../analysis/numbers.ts';
import type { PlanReport } from '../../plan-report.ts';

type Points = readonly Pick<PlanReport['projection']['points'][number], 'months' | 'utilisation' | 'stageBegins'>[];

interface Axes {
  x: (months: number) => number;
  y: (share: number) => number;
  /** Share at the top: what is beyond it, or unbounded, is drawn there. */
  top: number;
}

/** The largest that has a place of its own on the axis; at least 1. */
export const highestShare = (points: Points): number =>
  Math.max(1, ...points.map(({ utilisation }) => utilisation ?? 0).filter(Number.isFinite));

/** Where it is not known there is a gap. A stage is a step: the day before, its load was that of the stage before. */
export function pathOf(points: Points, { x, y, top }: Axes): string {
  const at = (months: number, share: number) => `${x(months).toFixed(1)},${y(Math.min(share, top)).toFixed(1)}`;
  return points
    .map(({ months, utilisation, stageBegins }, n) => {
      if (utilisation === null) return '';
      const before = points[n - 1]?.utilisation ?? null;
      if (before === null) return `M${at(months, utilisation)}`;
      return `${stageBegins ? `L${at(months, before)}` : ''}L${at(months, utilisation)}`;
    })
    .join('');
}

export function described(points: Points, horizonMonths: number): string {
  const today = points[0]?.utilisation ?? null;
  const known = points.flatMap(({ utilisation }) => utilisation ?? []);
  const words = (share: number | null) => (share === null ? 'unknown' : percent(share));
  const most = known.length === 0 ? null : Math.max(...known);
  return `The fullest quota: ${words(today)} today, ${words(most)} at most within ${horizonMonths} months.`;
}
