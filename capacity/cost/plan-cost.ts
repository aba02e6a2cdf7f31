/** What a plan costs as it grows. */

import type { PriceList } from '../../aws/prices.ts';
import type { Load } from '../demand/load.ts';
import type { Projection } from '../projection/projection.ts';
import { type Cost, cost, type PricedWorkload } from './cost.ts';

export interface CostOfDay {
  label: string;
  date: string;
  months: number;
  cost: Cost;
}

/** The projection's cost today, on the day each stage begins and at the end of the horizon: ascending, each day once, by the projection's own loads. */
export const costOfProjection = (
  projection: Pick<Projection, 'points' | 'horizonMonths'>,
  using: Omit<PricedWorkload, 'load'>,
  prices: PriceList,
): CostOfDay[] => costOfDays(projection, (load) => cost({ ...using, load }, prices));

/** The same of any bill. */
export function costOfDays(
  { points, horizonMonths }: Pick<Projection, 'points' | 'horizonMonths'>,
  billOf: (load: Load) => Cost,
): CostOfDay[] {
  const labelOf = (index: number): string | null => {
    if (index === 0) return 'today';
    const point = points[index];
    if (point?.stageBegins) return point.stage;
    return index === points.length - 1 ? `in ${horizonMonths} ${horizonMonths === 1 ? 'month' : 'months'}` : null;
  };
  return points.flatMap(({ date, months, load }, index) => {
    const label = labelOf(index);
    return label === null ? [] : [{ label, date, months, cost: billOf(load) }];
  });
}
