/** Every variant of the reference stack against one plan: what holds, what binds, what it costs at three sizes. Pure. */
import type { PriceList } from '../../aws/prices.ts';
import { loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { billOf, type ChoiceInput, type Functions, pointsOfFunctions, pointsOfService, serviceBill } from './choose.ts';
import { type Hold, holdOf } from './hold.ts';
import type { ServiceSize } from './service-demand.ts';

/** What a variant is. `way`: that of webhooks, by the name of its setting, and `webhookApi`: of functions alone. */
export interface VariantName {
  compute: 'lambda' | 'server';
  /** Where tasks run; null: of functions. */
  capacity: ServiceSize['capacity'] | null;
  store: 'dynamodb' | 'postgres';
  way: 'lambda' | 'direct' | 'forward' | 'mock' | null;
  webhookApi: 'http' | 'rest' | null;
}

/** Where what a unit of load costs it comes from. */
export type VariantBasis = { kind: 'assumed' } | { kind: 'run' | 'profile'; id: string; from: 'local' | 'aws' };

export type Variant = { name: VariantName; basis: VariantBasis } & (
  | { kind: 'functions'; functions: Functions }
  /** `shared`: the functions whose queue and store it has. */
  | { kind: 'service'; size: ServiceSize; shared: Functions }
);

export interface VariantSize {
  /** Of the plan's users today. */
  factor: number;
  connections: number;
  hold: Hold;
  /** Of the components that are known. */
  usdPerMonth: number;
  /** Components whose amount is not known. */
  unknown: string[];
}

export interface VariantRow {
  name: VariantName;
  basis: VariantBasis;
  /** Ascending; the first is the plan today. */
  sizes: VariantSize[];
}

/** Today, and with ten and a hundred times the users. */
const factors = [1, 10, 100] as const;

interface VariantInput extends Pick<ChoiceInput, 'plan' | 'costs'> {
  prices: PriceList;
  variants: readonly Variant[];
}

export const variantRows = ({ variants, ...input }: VariantInput): VariantRow[] =>
  variants.map((variant) => ({
    ...{ name: variant.name, basis: variant.basis },
    sizes: factors.map((factor) =>
      sizeOf(variant, factor, {
        ...input,
        plan: { ...input.plan, users: input.plan.users * factor, horizonMonths: 0 },
      }),
    ),
  }));

function sizeOf(variant: Variant, factor: number, input: Omit<VariantInput, 'variants'>): VariantSize {
  const { plan, prices, costs } = input;
  const load = loadOfPlan(plan);
  const { quotas, points } = pointsOf(variant, plan, input);
  const about = {
    ...{ factor, connections: load.peakConnections },
    hold: holdOf(points[0]?.headroom ?? [], quotas),
  };
  if (variant.kind === 'service') {
    const { size, shared } = variant;
    const { usdPerMonth, unknown } = serviceBill(load, { size, costs, shared, prices }, 'mid');
    return { ...about, usdPerMonth, unknown };
  }
  const { usdPerMonth, components } = billOf(load, variant.functions, prices);
  const unknown = components.flatMap(({ name, amount }) => (amount.kind === 'unknown' ? [name] : []));
  return { ...about, usdPerMonth, unknown };
}

const pointsOf = (variant: Variant, plan: UsagePlan, { costs }: Pick<ChoiceInput, 'costs'>) =>
  variant.kind === 'functions'
    ? pointsOfFunctions(plan, variant.functions)
    : pointsOfService(plan, { size: variant.size, costs, shared: variant.shared });
