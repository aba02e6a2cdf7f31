/** What the plan costs a month, at each point of its projection. Pure. */
import type { PriceList } from '../../../aws/prices.ts';
import { type Cost, cost, type PricedWorkload } from '../../../capacity/cost/cost.ts';
import type { Load } from '../../../capacity/demand/load.ts';
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
  projection: Pick<Projection, 'points'>,
  using: Omit<PricedWorkload, 'load'>,
  prices: PriceList,
): CostPoint[] => billsOverTime(projection, (load) => cost({ ...using, load }, prices));

/** The same of any bill. */
export const billsOverTime = ({ points }: Pick<Projection, 'points'>, billOf: (load: Load) => Cost): CostPoint[] =>
  points.map(({ date, load }) => {
    const { usdPerMonth, usdPerUserMonth, components } = billOf(load);
    const known = components.flatMap(({ id, name, amount }) =>
      amount.kind === 'value' ? [{ id, name, usdPerMonth: amount.usdPerMonth }] : [],
    );
    return { date, usdPerMonth, usdPerUserMonth, components: known };
  });
