/** What the plan costs a month, at each point of its projection. Pure. */
import type { PriceList } from '../../../aws/prices.ts';
import { cost, type PricedWorkload } from '../../../capacity/cost/cost.ts';
import type { Projection } from '../../../capacity/projection/projection.ts';

export interface CostPoint {
  date: string;
  usdPerMonth: number;
  /** Null without users. */
  usdPerUserMonth: number | null;
  /** By the component's id; one that is not known is missing, and not in the sum. */
  components: { id: string; name: string; usdPerMonth: number }[];
}

export const costOverTime = (
  { points }: Pick<Projection, 'points'>,
  using: Omit<PricedWorkload, 'load'>,
  prices: PriceList,
): CostPoint[] =>
  points.map(({ date, load }) => {
    const { usdPerMonth, usdPerUserMonth, components } = cost({ ...using, load }, prices);
    const known = components.flatMap(({ id, name, amount }) =>
      amount.kind === 'value' ? [{ id, name, usdPerMonth: amount.usdPerMonth }] : [],
    );
    return { date, usdPerMonth, usdPerUserMonth, components: known };
  });
