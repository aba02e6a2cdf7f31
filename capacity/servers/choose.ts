/** Functions or a service of tasks, for a plan: what holds, what binds, what it costs, and where the cheaper one changes. Pure. */
import type { PriceList } from '../../aws/prices.ts';
import { serverLimits } from '../../aws/servers/server-limits.ts';
import { cost } from '../cost/cost.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { type Load, loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { bindingQuota } from '../headroom/headroom.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { type ProjectionPoint, project } from '../projection/projection.ts';
import { crossings } from './crossover.ts';
import { type ServiceCost, serviceCost } from './service-cost.ts';
import type { Bound, ServiceCosts } from './service-costs.ts';
import { type ServiceDemand, type ServiceSize, serviceDemand } from './service-demand.ts';

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
  functions: {
    usdPerMonth: number;
    /** Whether every component of the bill is known. */
    isComplete: boolean;
    /** Null: no quota has a known demand. */
    binding: { name: string; utilisation: number } | null;
    holds: boolean;
  };
  service: {
    usdPerMonth: Record<Bound, number>;
    demand: ServiceDemand;
    cost: ServiceCost;
    /** What there is too little of; empty: it holds. */
    exceeded: ServiceExcess[];
  };
}

export type ServiceExcess =
  | { kind: 'mostTasks'; needed: number; limit: number }
  | { kind: 'fargateVcpu'; needed: number; limit: number }
  | { kind: 'targets'; needed: number; limit: number };

export interface Crossover {
  cheaperBeyond: 'functions' | 'service';
  connections: number;
  messagesPerSecond: number;
  webhooksPerSecond: number;
  usdPerMonth: number;
  /** With the costs of a unit at either end of their intervals; null: there is no crossing. */
  interval: { from: number | null; to: number | null };
}

export interface ChoiceInput {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
  prices: PriceList;
  size: ServiceSize;
  costs: ServiceCosts;
  /** How far the functions' durations may be from their coefficients, either way: 1 where they were measured. */
  durationFactor: number;
}

const bounds: readonly Bound[] = ['low', 'mid', 'high'];
/** Of the plan's users today. */
const searchedFactors = { least: 1 / 100, most: 10_000 };

export function choose(input: ChoiceInput): Choice {
  const { plan, coefficients, deployment } = input;
  const { points } = project(plan, coefficients, quotasInForce(deployment, plan.quotas), deployment);
  const shown = points.filter((point, index) => index === 0 || point.stageBegins || index === points.length - 1);
  const today = loadOfPlan(plan).peakConnections;
  return {
    days: shown.map((point) => dayOf(point, input)),
    crossovers: crossoversOf(input),
    searched: { from: today * searchedFactors.least, to: today * searchedFactors.most },
  };
}

const functionsBill = (load: Load, { coefficients, deployment, prices }: ChoiceInput) =>
  cost({ load, coefficients, deployment }, prices);

/** With durations at an end of their interval. */
function functionsUsd(load: Load, input: ChoiceInput, bound: Bound): number {
  const { components, usdPerMonth } = functionsBill(load, input);
  const duration = components.find(({ id }) => id === 'lambda.duration')?.amount;
  const factor = { low: 1 / input.durationFactor, mid: 1, high: input.durationFactor }[bound];
  return usdPerMonth + (duration?.kind === 'value' ? duration.usdPerMonth * (factor - 1) : 0);
}

const otherEnd: Record<Bound, Bound> = { low: 'high', mid: 'mid', high: 'low' };

function serviceBill(load: Load, input: ChoiceInput, bound: Bound): ServiceCost {
  const demand = serviceDemand(load, input.size, input.costs, bound);
  return serviceCost(load, demand, input.size, functionsBill(load, input));
}

function dayOf({ load, date, stage, headroom }: ProjectionPoint, input: ChoiceInput): ChoiceDay {
  const functions = functionsBill(load, input);
  const binding = bindingQuota(headroom);
  const demand = serviceDemand(load, input.size, input.costs);
  const [low = 0, mid = 0, high = 0] = bounds.map((bound) => serviceBill(load, input, bound).usdPerMonth);
  return {
    ...{ stage, date, connections: load.peakConnections },
    messagesPerSecond: load.messageRatePerSecond,
    webhooksPerSecond: load.webhookBurst?.ratePerSecond ?? load.webhookRatePerSecond,
    functions: {
      usdPerMonth: functions.usdPerMonth,
      isComplete: functions.complete,
      binding:
        binding.kind === 'binds' ? { name: binding.binding.name, utilisation: binding.binding.utilisation } : null,
      holds: binding.kind === 'binds' && binding.binding.utilisation <= 1,
    },
    service: {
      usdPerMonth: { low, mid, high },
      demand,
      cost: serviceBill(load, input, 'mid'),
      exceeded: excessOf(demand, input),
    },
  };
}

function excessOf({ tasks }: ServiceDemand, { size, plan }: ChoiceInput): ServiceExcess[] {
  const vcpu = (tasks * size.cpuUnits) / 1_024;
  const vcpuLimit = plan.quotas['L-3032A538'] ?? serverLimits.fargateVcpu.value;
  const targets = serverLimits.targetsOfBalancer.value;
  return [
    ...(tasks > size.mostTasks ? [{ kind: 'mostTasks' as const, needed: tasks, limit: size.mostTasks }] : []),
    ...(size.capacity === 'fargate' && vcpu > vcpuLimit
      ? [{ kind: 'fargateVcpu' as const, needed: vcpu, limit: vcpuLimit }]
      : []),
    ...(tasks > targets ? [{ kind: 'targets' as const, needed: tasks, limit: targets }] : []),
  ];
}

/** Growth of users alone: everything that the plan says of a user stays. */
function crossoversOf(input: ChoiceInput): Crossover[] {
  const { plan } = input;
  const loadAt = (factor: number): Load => loadOfPlan({ ...plan, users: plan.users * factor });
  const ofBound = (bound: Bound) =>
    crossings(
      // Where one is dearest the other is cheapest: the widest that the two intervals allow.
      (factor) => functionsUsd(loadAt(factor), input, otherEnd[bound]),
      (factor) => serviceBill(loadAt(factor), input, bound).usdPerMonth,
      { from: searchedFactors.least, to: searchedFactors.most },
    );
  const [low = [], mid = [], high = []] = bounds.map(ofBound);
  return mid.map(({ factor, cheaper }, index) => {
    const load = loadAt(factor);
    const connectionsAt = (found: typeof mid) => {
      const same = found[index];
      return same?.cheaper === cheaper ? loadAt(same.factor).peakConnections : null;
    };
    return {
      cheaperBeyond: cheaper === 'first' ? 'functions' : 'service',
      connections: load.peakConnections,
      messagesPerSecond: load.messageRatePerSecond,
      webhooksPerSecond: load.webhookRatePerSecond,
      usdPerMonth: functionsBill(load, input).usdPerMonth,
      interval: { from: connectionsAt(low), to: connectionsAt(high) },
    };
  });
}
