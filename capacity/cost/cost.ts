/** Monthly cost of a load, by component. */
import { freeUnits, type PriceList, type PriceName, priceOf } from '../../aws/prices.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { dailyMean, type Load } from '../demand/load.ts';
import { pushesPerWebhook } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { assumptionsOf, type CostOverheads, defaultOverheads } from './cost-overheads.ts';
import { fanOutMean } from './fan-out-mean.ts';
import { quantitiesOf } from './quantities.ts';
import { secondsPerMonth } from './quantity.ts';

/** What is priced: a load, what a unit of it costs the stack, and the stack. */
export interface PricedWorkload {
  load: Load;
  coefficients: Coefficients;
  deployment: Deployment;
  overheads?: Partial<CostOverheads> | undefined;
  /** Whether what AWS gives each account for nothing, every month, is taken off. Default: it is not. */
  freeTier?: boolean | undefined;
}

interface CostComponent {
  id: string;
  name: string;
  unit: string;
  sentence: string;
  amount: { kind: 'value'; quantityPerMonth: number; usdPerMonth: number } | { kind: 'unknown'; reason: string };
  priceSource: string;
  priceDate: string;
}

export interface Cost {
  region: string;
  currency: 'USD';
  components: CostComponent[];
  /** Sum of the known components; `complete` says whether that is all of them. */
  usdPerMonth: number;
  complete: boolean;
  usdPerUserMonth: number | null;
  usdPerMillionPushes: number | null;
  assumptions: string[];
}

/**
 * Monthly cost = Σ quantity · price, tier by tier. Quantities come from rates × 2,628,000 s and the run's coefficients.
 * Usage is the day's mean, not the peak ({@link dailyMean}). Metering units (32 KB, 512 KB, 64 KB) are applied to the mean size, which is exact only when sizes are alike. A component whose
 * coefficient is missing is `unknown` and not in the sum. Components with one price share its tiers, and its free units, in their order.
 */
export function cost(workload: PricedWorkload, prices: PriceList): Cost {
  const { coefficients, deployment, freeTier = false } = workload;
  const overheads = { ...defaultOverheads, ...workload.overheads };
  const load = dailyMean(workload.load);
  const before = new Map<PriceName, number>();
  const components = quantitiesOf(load, { coefficients, deployment, overheads }).map(
    ({ id, name, price: priceName, quantity, sentence }): CostComponent => {
      const price = prices[priceName];
      const about = { id, name, unit: price.unit, sentence, priceSource: price.source, priceDate: price.date };
      if (quantity.kind === 'unknown') return { ...about, amount: quantity };
      const free = freeTier ? (freeUnits[priceName] ?? 0) : 0;
      const used = before.get(priceName) ?? 0;
      const upTo = (units: number) => priceOf(Math.max(0, units - free), price);
      before.set(priceName, used + quantity.value);
      const usdPerMonth = upTo(used + quantity.value) - upTo(used);
      return { ...about, amount: { kind: 'value', quantityPerMonth: quantity.value, usdPerMonth } };
    },
  );
  const usdPerMonth = components.reduce(
    (sum, { amount }) => sum + (amount.kind === 'value' ? amount.usdPerMonth : 0),
    0,
  );
  const pushesPerMonth =
    (load.webhookRatePerSecond * pushesPerWebhook(load) + fanOutMean(load).pushesPerSecond) * secondsPerMonth;
  return {
    region: prices.region,
    currency: prices.currency,
    components,
    usdPerMonth,
    complete: components.every(({ amount }) => amount.kind === 'value'),
    usdPerUserMonth: load.users > 0 ? usdPerMonth / load.users : null,
    usdPerMillionPushes: pushesPerMonth > 0 ? (usdPerMonth / pushesPerMonth) * 1e6 : null,
    assumptions: assumptionsOf(workload.load, overheads, { deployment, freeTier }),
  };
}
