/** What moves the choice: each input by itself, half and twice as large. Pure. */
import { type Load, loadOfPlan } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import { billOf, type ChoiceInput, pointsOfFunctions, pointsOfService, serviceBill } from './choose.ts';
import { crossings } from './crossover.ts';
import { type HoldState, holdOf } from './hold.ts';
import type { Estimate, ServiceCosts } from './service-costs.ts';

export type MovedInput =
  | 'users'
  | 'messages'
  | 'webhooks'
  | 'evenness'
  | 'taskCpu'
  | 'taskMemory'
  | 'functionDurations';

export interface Moved {
  functions: { usdPerMonth: number; state: HoldState };
  service: { usdPerMonth: number; state: HoldState; tasks: number };
  /** Connections from which on tasks are cheaper, with everything else of the plan in proportion; null: from none, or there and back more than once. */
  serviceBeyond: number | null;
}

export interface Move {
  input: MovedInput;
  half: Moved;
  twice: Moved;
}

const between = { from: 1 / 100, to: 1_000 };
/** Coarser than for the answer itself: a row says in which direction, and how far. */
const steps = 40;

/** Of the plan today. An input that the plan has none of is left out. */
export function movesOf(input: ChoiceInput): Move[] {
  return (Object.keys(moved) as MovedInput[]).flatMap((each) => {
    const [half, twice] = [moved[each](input, 1 / 2), moved[each](input, 2)];
    return half === null || twice === null ? [] : [{ input: each, half: answerTo(half), twice: answerTo(twice) }];
  });
}

interface Changed extends ChoiceInput {
  /** Of functions, beside their coefficients. */
  durations?: number;
}

const planned = (input: ChoiceInput, plan: Partial<UsagePlan>): Changed => ({
  ...input,
  plan: { ...input.plan, ...plan },
});

const moved: Record<MovedInput, (input: ChoiceInput, by: number) => Changed | null> = {
  users: (input, by) => planned(input, { users: input.plan.users * by }),
  messages: (input, by) =>
    input.plan.messagesPerUserPerMinute === 0
      ? null
      : planned(input, { messagesPerUserPerMinute: input.plan.messagesPerUserPerMinute * by }),
  webhooks: (input, by) =>
    input.plan.webhooksPerUserPerDay === 0
      ? null
      : planned(input, { webhooksPerUserPerDay: input.plan.webhooksPerUserPerDay * by }),
  evenness: (input, by) => {
    const { meanToPeak } = input.plan;
    return meanToPeak === undefined ? null : planned(input, { meanToPeak: Math.min(1, meanToPeak * by) });
  },
  taskCpu: (input, by) => ({ ...input, costs: { ...input.costs, cpuSeconds: scaledCpu(input.costs.cpuSeconds, by) } }),
  taskMemory: (input, by) => ({
    ...input,
    costs: { ...input.costs, bytesPerConnection: scaled(input.costs.bytesPerConnection, by) },
  }),
  functionDurations: (input, by) => ({ ...input, durations: by }),
};

const scaled = ({ low, mid, high }: Estimate, by: number): Estimate => ({
  low: low * by,
  mid: mid * by,
  high: high * by,
});

const scaledCpu = (
  { connect, message, webhook, push }: ServiceCosts['cpuSeconds'],
  by: number,
): ServiceCosts['cpuSeconds'] => ({
  ...{ connect: scaled(connect, by), message: scaled(message, by) },
  ...{ webhook: scaled(webhook, by), push: scaled(push, by) },
});

function answerTo(input: Changed): Moved {
  const today = { ...input, plan: { ...input.plan, rollout: input.plan.rollout.slice(0, 1), horizonMonths: 0 } };
  const { plan } = today;
  const load = loadOfPlan(plan);
  const [functions, service] = [pointsOfFunctions(plan, today.functions), pointsOfService(plan, today)];
  const stateOf = ({ points, quotas }: typeof functions) => holdOf(points[0]?.headroom ?? [], quotas).state;
  const bill = serviceBill(load, today, 'mid');
  const at = (factor: number) => loadOfPlan({ ...plan, users: plan.users * factor });
  const found = crossings(
    (factor) => functionsUsd(at(factor), today),
    (factor) => serviceBill(at(factor), today, 'mid').usdPerMonth,
    { ...between, steps },
  );
  const [only] = found;
  return {
    functions: { usdPerMonth: functionsUsd(load, today), state: stateOf(functions) },
    service: { usdPerMonth: bill.usdPerMonth, state: stateOf(service), tasks: bill.tasks },
    serviceBeyond: found.length === 1 && only?.cheaper === 'second' ? at(only.factor).peakConnections : null,
  };
}

function functionsUsd(load: Load, { functions, prices, durations = 1 }: Changed): number {
  const { components, usdPerMonth } = billOf(load, functions, prices);
  const duration = components.find(({ id }) => id === 'lambda.duration')?.amount;
  return usdPerMonth + (duration?.kind === 'value' ? duration.usdPerMonth * (durations - 1) : 0);
}
