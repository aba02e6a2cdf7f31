/** Functions or a service of tasks, for a plan: what holds, what binds, what it costs, and where the cheaper one changes. Pure. */
import type { PriceList } from '../../aws/prices.ts';
import { type Cost, cost } from '../cost/cost.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { type Load, loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';
import type { QuotaInForce } from '../headroom/quota.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { type ProjectionPoint, projectPoints } from '../projection/projection.ts';
import { crossings } from './crossover.ts';
import { type Hold, holdOf } from './hold.ts';
import { type ServiceCost, serviceCost, unknownOfFunctions } from './service-cost.ts';
import type { Bound, ServiceCosts } from './service-costs.ts';
import { type ServiceDemand, type ServiceSize, serviceDemand } from './service-demand.ts';
import { deploymentOfService, serviceQuotas } from './service-quotas.ts';

export interface Choice {
  days: ChoiceDay[];
  /** Of connections at the peak, with everything else of the plan in proportion. */
  crossovers: Crossover[];
  /** Between how many connections they were looked for. */
  searched: { from: number; to: number };
}

export interface ChoiceDay {
  /** Null: of no stage. */
  stage: string | null;
  date: string;
  connections: number;
  messagesPerSecond: number;
  webhooksPerSecond: number;
  functions: Hold & {
    /** Of the components that are known. */
    usdPerMonth: number;
    /** Components whose amount is not known, and which the service does not have. */
    unknown: string[];
  };
  service: Hold & {
    usdPerMonth: Record<Bound, number>;
    demand: ServiceDemand;
    cost: ServiceCost;
  };
  /** Components of both bills whose amount is not known. */
  unknownInBoth: string[];
}

export interface Crossover {
  cheaperBeyond: 'functions' | 'service';
  connections: number;
  messagesPerSecond: number;
  webhooksPerSecond: number;
  usdPerMonth: number;
  /** With the costs of a unit at either end of their intervals; null: there is no crossing. */
  interval: { from: number | null; to: number | null };
  /** Components of the functions' bill that are not known, and so not compared. Empty: both bills are complete but for what they share. */
  without: string[];
}

/** A stack of functions, with what a unit of load costs it. */
export interface Functions {
  coefficients: Coefficients;
  deployment: Deployment;
}

export interface ChoiceInput {
  plan: UsagePlan;
  functions: Functions;
  /** The functions whose table, queue and secrets the service has, in the store that it can have. */
  shared: Functions;
  prices: PriceList;
  size: ServiceSize;
  costs: ServiceCosts;
  /** How far the functions' durations may be from their coefficients, either way: 1 where they were measured on AWS. */
  durationFactor: number;
}

const bounds: readonly Bound[] = ['low', 'mid', 'high'];
/** Of the plan's users today. */
const searchedFactors = { least: 1 / 100, most: 10_000 };

/** On the plan's dates. */
export interface Points {
  quotas: QuotaInForce[];
  points: ProjectionPoint[];
}

export function pointsOfFunctions(plan: UsagePlan, { coefficients, deployment }: Functions): Points {
  const quotas = quotasInForce(deployment, plan.quotas);
  return { quotas, points: projectPoints(plan, coefficients, quotas, deployment) };
}

/** The limits of its tasks, and those of the queue and the table that it has like the functions. */
export function pointsOfService(
  plan: UsagePlan,
  { size, costs, shared }: Pick<ChoiceInput, 'size' | 'costs' | 'shared'>,
): Points {
  const { region } = shared.deployment;
  const quotas = serviceQuotas(size, costs, { region, overrides: plan.quotas });
  const own = projectPoints(plan, shared.coefficients, quotas, deploymentOfService(region, size));
  const others = pointsOfFunctions(plan, shared);
  const isShared = (id: string) => others.quotas.some((quota) => quota.id === id && isOfQueueOrTable(quota));
  return {
    quotas: [...quotas, ...others.quotas.filter(isOfQueueOrTable)],
    points: own.map((point, n) => ({
      ...point,
      headroom: [...point.headroom, ...(others.points[n]?.headroom.filter(({ quotaId }) => isShared(quotaId)) ?? [])],
    })),
  };
}

/** Rows of the queue that say something of functions or their pollers, and nothing of tasks. */
const ofPollers: ReadonlySet<string> = new Set(['sqsInFlightMessages', 'sqsMaxReceiveCount', 'sqsRetention']);

/** How long a message waits for tasks is not known, but after an outage it has waited for all of it. */
export const isOfQueueOrTable = ({ id, quota, service }: QuotaInForce): boolean =>
  service === 'dynamodb' || (service === 'sqs' && (!ofPollers.has(quota) || id.startsWith('sqsRetention.outage')));

export function choose(input: ChoiceInput): Choice {
  const today = loadOfPlan(input.plan).peakConnections;
  return {
    days: choiceDays(input),
    crossovers: crossoversOf(input),
    searched: { from: today * searchedFactors.least, to: today * searchedFactors.most },
  };
}

/** Today, at each stage, and at the end of the horizon. */
export function choiceDays(input: ChoiceInput): ChoiceDay[] {
  const { plan } = input;
  const functions = pointsOfFunctions(plan, input.functions);
  const service = pointsOfService(plan, input);
  const last = functions.points.length - 1;
  return functions.points.flatMap((point, index) => {
    const ofService = service.points[index];
    if (ofService === undefined || (index > 0 && index < last && !point.stageBegins)) return [];
    return [
      dayOf(point, input, {
        functions: holdOf(point.headroom, functions.quotas),
        service: holdOf(ofService.headroom, service.quotas),
      }),
    ];
  });
}

export const billOf = (load: Load, functions: Functions, prices: PriceList): Cost =>
  cost({ load, ...functions }, prices);

/** With durations at an end of their interval. */
function functionsUsd(
  { components, usdPerMonth }: Cost,
  { durationFactor }: Pick<ChoiceInput, 'durationFactor'>,
  bound: Bound,
): number {
  const duration = components.find(({ id }) => id === 'lambda.duration')?.amount;
  const factor = { low: 1 / durationFactor, mid: 1, high: durationFactor }[bound];
  return usdPerMonth + (duration?.kind === 'value' ? duration.usdPerMonth * (factor - 1) : 0);
}

const otherEnd: Record<Bound, Bound> = { low: 'high', mid: 'mid', high: 'low' };

export type ServiceBill = Pick<ChoiceInput, 'size' | 'costs' | 'shared' | 'prices'>;

export const serviceBill = (load: Load, bill: ServiceBill, bound: Bound): ServiceCost =>
  serviceBillWith(billOf(load, bill.shared, bill.prices), load, { ...bill, bound });

/** `shared`: the bill of the functions whose table, queue and secrets it has. */
function serviceBillWith(
  shared: Cost,
  load: Load,
  { size, costs, bound }: Pick<ServiceBill, 'size' | 'costs'> & { bound: Bound },
): ServiceCost {
  return serviceCost(load, serviceDemand(load, size, costs, bound), size, shared);
}

function dayOf(
  { load, date, stage }: ProjectionPoint,
  input: ChoiceInput,
  holds: { functions: Hold; service: Hold },
): ChoiceDay {
  const functions = billOf(load, input.functions, input.prices);
  const [low = 0, mid = 0, high = 0] = bounds.map((bound) => serviceBill(load, input, bound).usdPerMonth);
  const ofService = serviceBill(load, input, 'mid');
  return {
    ...{ stage, date, connections: load.peakConnections },
    messagesPerSecond: load.messageRatePerSecond,
    webhooksPerSecond: load.webhookBurst?.ratePerSecond ?? load.webhookRatePerSecond,
    functions: { ...holds.functions, usdPerMonth: functions.usdPerMonth, unknown: unknownOfFunctions(functions) },
    service: {
      ...holds.service,
      usdPerMonth: { low, mid, high },
      demand: serviceDemand(load, input.size, input.costs),
      cost: ofService,
    },
    unknownInBoth: ofService.unknown,
  };
}

/** Growth of users alone: everything that the plan says of a user stays. */
function crossoversOf(input: ChoiceInput): Crossover[] {
  const { plan } = input;
  const loadAt = (factor: number): Load => loadOfPlan({ ...plan, users: plan.users * factor });
  // The same at each end of the intervals: most of what there is to calculate.
  const known = new Map<number, { load: Load; own: Cost; shared: Cost }>();
  const billsAt = (factor: number) => {
    const before = known.get(factor);
    if (before !== undefined) return before;
    const load = loadAt(factor);
    const bills = {
      ...{ load, own: billOf(load, input.functions, input.prices) },
      shared: billOf(load, input.shared, input.prices),
    };
    known.set(factor, bills);
    return bills;
  };
  const serviceUsd = (factor: number, bound: Bound): number => {
    const { load, shared } = billsAt(factor);
    return serviceBillWith(shared, load, { ...input, bound }).usdPerMonth;
  };
  const ofBound = (bound: Bound) =>
    crossings(
      // Where one is dearest the other is cheapest: the widest that the two intervals allow.
      (factor) => functionsUsd(billsAt(factor).own, input, otherEnd[bound]),
      (factor) => serviceUsd(factor, bound),
      { from: searchedFactors.least, to: searchedFactors.most },
    );
  const [low = [], mid = [], high = []] = bounds.map(ofBound);
  return mid.map(({ factor, cheaper }, index) => {
    const load = loadAt(factor);
    const bill = billOf(load, input.functions, input.prices);
    const connectionsAt = (found: typeof mid) => {
      const same = found[index];
      return same?.cheaper === cheaper ? loadAt(same.factor).peakConnections : null;
    };
    return {
      cheaperBeyond: cheaper === 'first' ? 'functions' : 'service',
      connections: load.peakConnections,
      messagesPerSecond: load.messageRatePerSecond,
      webhooksPerSecond: load.webhookRatePerSecond,
      usdPerMonth: bill.usdPerMonth,
      interval: { from: connectionsAt(low), to: connectionsAt(high) },
      without: unknownOfFunctions(bill),
    };
  });
}
