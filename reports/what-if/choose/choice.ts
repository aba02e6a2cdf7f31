/** The answer to changed inputs of a comparison: what `loadline choose` would say. Pure. */
import { usualDeployment } from '../../../aws/servers/rolling-deployment.ts';
import { loadOfPlan } from '../../../capacity/demand/load.ts';
import type { UsagePlan } from '../../../capacity/demand/plan.ts';
import { mostUsers } from '../../../capacity/demand/plan-bounds.ts';
import { choiceDays } from '../../../capacity/servers/choose.ts';
import { isKnownInstance, tasksOfInstance } from '../../../capacity/servers/instances.ts';
import type { ServiceSize } from '../../../capacity/servers/service-demand.ts';
import { type ChooseAnswer, type ChooseAnswerInput, chooseAnswer, todayOf } from '../../choose/choose-report.ts';
import { type ChoiceInputs, type Control, type Inputs, withValue } from '../control.ts';
import { lastPosition, valueAt } from '../slider.ts';

/** What the report was made from: whatever a reader does not change. */
export type ChoiceBase = ChooseAnswerInput;

type Load = ChoiceInputs['load'];
type Tasks = ChoiceInputs['tasks'];

export const choiceInputsOf = ({
  plan,
  functions: { deployment },
  size,
}: ChoiceBase): Inputs & {
  choice: ChoiceInputs;
} => ({ plan, deployment, choice: { load: loadIn(plan), tasks: tasksIn(size) } });

function loadIn(plan: UsagePlan): Load {
  const { peakConnections, messageRatePerSecond, webhookRatePerSecond } = loadOfPlan(plan);
  const rounded = (value: number) => Number(value.toPrecision(digits));
  return {
    connections: rounded(peakConnections),
    messagesPerSecond: rounded(messageRatePerSecond),
    webhooksPerSecond: rounded(webhookRatePerSecond),
  };
}

/** Of what a user does: so that a plan can be read, and a rate is what it was asked to be. */
const digits = 6;
const secondsPerMinute = 60;
const secondsPerDay = 86_400;

const tasksIn = ({ deployment = usualDeployment, ...size }: ServiceSize): Tasks => ({
  ...{ capacity: size.capacity, instanceType: size.instanceType, size: taskSize(size) },
  ...{ targetCpuPercent: size.targetCpuPercent, connectionsPerTask: size.connectionsPerTask },
  ...{ most: size.mostTasks, maximumPercent: deployment.maximumPercent },
});

/** Its name among the sizes of tasks. */
const taskSize = ({ cpuUnits, memoryMb }: Pick<ServiceSize, 'cpuUnits' | 'memoryMb'>): string =>
  `${cpuUnits}/${memoryMb}`;

export function unitsOfTask(size: string): Pick<ServiceSize, 'cpuUnits' | 'memoryMb'> {
  const [cpuUnits = 0, memoryMb = 0] = size.split('/').map(Number);
  return { cpuUnits, memoryMb };
}

export const sizeWith = (size: ServiceSize, tasks: Tasks): ServiceSize => ({
  ...size,
  ...unitsOfTask(tasks.size),
  ...{ capacity: tasks.capacity, instanceType: tasks.instanceType },
  ...{ targetCpuPercent: tasks.targetCpuPercent, connectionsPerTask: tasks.connectionsPerTask },
  ...{ mostTasks: tasks.most, leastTasks: Math.min(size.leastTasks, tasks.most) },
  deployment: { ...usualDeployment, ...size.deployment, maximumPercent: tasks.maximumPercent },
});

/**
 * The plan whose load today is this: more or fewer users, each of whom does so much. Each value that gives the load already stays as it is. Loads are in proportion to users, and rates to what a
 * user does; a rate that the plan has none of is by its definition.
 */
export function planOf({ plan, choice }: Inputs): UsagePlan {
  if (choice === undefined) return plan;
  const { connections, messagesPerSecond, webhooksPerSecond } = choice.load;
  const now = loadIn(plan);
  const users =
    connections === now.connections
      ? plan.users
      : Math.min(mostUsers, Math.max(1, Math.round((plan.users * connections) / now.connections)));
  const each = (rate: number, before: number, { perUser, ofUser }: { perUser: number; ofUser: number }) => {
    if (users === plan.users && rate === before) return perUser;
    const value = before > 0 ? (perUser * rate * plan.users) / (before * users) : (rate * ofUser) / users;
    return Number(value.toPrecision(digits));
  };
  return {
    ...plan,
    users,
    messagesPerUserPerMinute: each(messagesPerSecond, now.messagesPerSecond, {
      ...{ perUser: plan.messagesPerUserPerMinute, ofUser: secondsPerMinute / plan.peakConcurrency },
    }),
    webhooksPerUserPerDay: each(webhooksPerSecond, now.webhooksPerSecond, {
      ...{ perUser: plan.webhooksPerUserPerDay, ofUser: secondsPerDay },
    }),
  };
}

function changed(base: ChoiceBase, inputs: Inputs): ChoiceBase {
  const { tasks } = inputs.choice ?? { tasks: tasksIn(base.size) };
  const variants = base.variants.flatMap((variant): ChoiceBase['variants'] => {
    if (variant.kind === 'functions') return [variant];
    const { capacity } = variant.size;
    const size = { ...sizeWith(variant.size, tasks), capacity };
    return capacity === 'ec2' && !hasRoom(tasks) ? [] : [{ ...variant, size }];
  });
  return { ...base, plan: planOf(inputs), size: sizeWith(base.size, tasks), variants };
}

/** For one task on an instance of the type. */
export const hasRoom = ({ instanceType, size }: Pick<Tasks, 'instanceType' | 'size'>): boolean =>
  isKnownInstance(instanceType) && tasksOfInstance({ instanceType, ...unitsOfTask(size) }) > 0;

export const answerToChoice = (base: ChoiceBase, inputs: Inputs): ChooseAnswer => chooseAnswer(changed(base, inputs));

/** What holds, and costs less, today. */
function todayWith(base: ChoiceBase, inputs: Inputs): ChooseAnswer['today'] {
  const input = changed(base, inputs);
  const { plan } = input;
  // Today does not depend on later stages.
  const days = choiceDays({ ...input, plan: { ...plan, rollout: plan.rollout.slice(0, 1), horizonMonths: 0 } });
  return todayOf({ days });
}

/** What the rest of a slider does to the answer. */
export type Turn =
  /** Up to the value it is one, beyond it the other. */
  | { kind: 'turns'; value: number; before: ChooseAnswer['today']; beyond: ChooseAnswer['today'] }
  /** Both ends of it have the same answer. */
  | { kind: 'stays'; today: ChooseAnswer['today'] }
  | { kind: 'unknown' };

/** Where along a slider the answer changes, by bisection of its positions. Yields after each, so that a page can answer its reader in between. */
export function* seekTurn(base: ChoiceBase, inputs: Inputs, control: Control): Generator<undefined, Turn> {
  const { input } = control;
  if (input.kind !== 'number') return { kind: 'unknown' };
  const shown = (position: number) => valueAt(position, input.slider, input.bounds);
  const at = (position: number) => todayWith(base, withValue(inputs, control, shown(position)));
  const before = at(0);
  yield;
  const last = at(lastPosition);
  if (before === last) return { kind: 'stays', today: before };
  let [from, to, beyond] = [0, lastPosition, last];
  while (to - from > 1) {
    yield;
    const middle = Math.round((from + to) / 2);
    const found = at(middle);
    if (found === before) from = middle;
    else [to, beyond] = [middle, found];
  }
  return { kind: 'turns', value: shown(from), before, beyond };
}
