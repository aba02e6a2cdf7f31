/** All that a reader of a comparison may change, in their order. Pure. */
import { instancePrices } from '../../../aws/servers/server-prices.ts';
import { mbPerGb, unitsPerVcpu } from '../../../aws/servers/task-size.ts';
import { serviceQuotas } from '../../../capacity/servers/service-quotas.ts';
import type { FieldRules } from '../bounds.ts';
import type { Absent, Control, ControlInput, Inputs, Slider } from '../control.ts';
import { around, atLeast, linear, log, type NumberField, numberInput, planNumber, share } from '../number-control.ts';
import { controlsOfQuotas, quotaControls } from '../quota-controls.ts';
import { type ChoiceBase, choiceInputsOf, sizeWith, unitsOfTask } from './choice.ts';

/** Beyond these no plan's file is read. */
const most = { connections: 1e9, ratePerSecond: 1e7 };

/** Of the plan, what is in no rate. */
const planFields: readonly NumberField[] = [
  { key: 'webhookBurstFactor', label: 'Burst', unit: 'times the daily mean', group: 'load', slider: log(1, 1_000) },
  {
    ...{ key: 'meanToPeak', label: 'Mean load of a day', unit: 'share of the peak', group: 'load', slider: share },
    without: ['half of the peak', 0.5],
  },
  { key: 'messageBytes', label: 'Size of a message', unit: 'bytes', group: 'load', slider: log(16, 131_072) },
  { key: 'webhookBytes', label: 'Size of a webhook', unit: 'bytes', group: 'load', slider: log(64, 1_048_576) },
];

/** `sizes`: of tasks, that Fargate offers. */
export function choiceControls(
  inputs: Inputs,
  base: ChoiceBase,
  { rules, sizes }: { rules: FieldRules; sizes: readonly string[] },
): Control[] {
  const hasCurve = base.plan.hourlyLoad !== undefined || base.plan.peakHours !== undefined;
  const ofPlan = planFields.filter(({ key }) => !(key === 'meanToPeak' && hasCurve));
  return [
    ...loadControls(base),
    ...ofPlan.map((field) => planNumber([field.key], field, rules, base.plan)),
    ...taskControls(base, sizes),
    ...ofAccount(inputs, base).filter(({ id }, n, all) => all.findIndex((each) => each.id === id) === n),
  ];
}

function loadControls(base: ChoiceBase): Control[] {
  const { load } = choiceInputsOf(base).choice;
  const rate = (key: keyof typeof load, label: string, [unit, hint]: [string, string]): Control => ({
    ...{ id: key, path: ['choice', 'load', key], group: 'load', label, hint },
    input: number(unit, { from: 0, to: most.ratePerSecond }, load[key] > 0 ? around(load[key]) : log(0, 10_000)),
  });
  return [
    {
      ...{
        id: 'connections',
        path: ['choice', 'load', 'connections'],
        group: 'load',
        label: 'Connections at the peak',
      },
      hint: 'More users, who together send and get as much.',
      input: number('connections', { from: 1, to: most.connections }, around(load.connections)),
    },
    rate('messagesPerSecond', 'Messages at the peak', ['messages/s', 'Of all users together.']),
    rate('webhooksPerSecond', 'Webhooks', ['webhooks/s', 'The mean of the day; bursts are so many times as much.']),
  ];
}

const number = (unit: string, { from, to }: { from: number; to: number }, slider: Slider): ControlInput =>
  numberInput({ unit, bounds: atLeast(from, to, false), slider, absent: null });

function taskControls(base: ChoiceBase, offered: readonly string[]): Control[] {
  const { tasks } = choiceInputsOf(base).choice;
  const of = (key: keyof typeof tasks, label: string, input: ControlInput, hint = ''): Control => ({
    ...{ id: `tasks.${key}`, path: ['choice', 'tasks', key], group: 'tasks', label, hint, input },
  });
  const whole = (unit: string, [least, mostOf]: [number, number], slider: Slider, absent: Absent | null = null) =>
    numberInput({ unit, bounds: atLeast(least, mostOf), slider, absent });
  const sizes = offered.includes(tasks.size) ? offered : [...offered, tasks.size];
  return [
    of('capacity', 'Tasks run on', {
      kind: 'choice',
      options: [
        ['fargate', 'Fargate'],
        ['ec2', 'EC2 instances'],
      ],
    }),
    of('size', 'Size of a task', { kind: 'choice', options: sizes.map((size) => [size, sizeWords(size)]) }),
    of('instanceType', 'EC2 instances', {
      ...{ kind: 'choice', options: Object.keys(instancePrices).map((type) => [type, type]) },
    }),
    of('targetCpuPercent', 'CPU above which tasks are added', whole('%', [10, 90], linear(10, 90))),
    of('connectionsPerTask', 'Connections of a task', whole('connections', [100, 100_000], log(100, 100_000))),
    of('most', 'Most tasks', whole('tasks', [1, 1_000], log(1, 1_000))),
    of(
      'maximumPercent',
      'Old and new tasks in a deployment',
      whole('% of the tasks', [100, 200], linear(100, 200)),
      'deployment.maximumPercent: vCPU and connections of the database are needed for all of them.',
    ),
  ];
}

function sizeWords(size: string): string {
  const { cpuUnits, memoryMb } = unitsOfTask(size);
  return `${cpuUnits / unitsPerVcpu} vCPU, ${memoryMb / mbPerGb} GB`;
}

/** Quotas of the functions, and those of tasks that no setting gives. */
function ofAccount(inputs: Inputs, base: ChoiceBase): Control[] {
  const { region } = base.functions.deployment;
  const size = inputs.choice ? sizeWith(base.size, inputs.choice.tasks) : base.size;
  const ofTasks = serviceQuotas(size, base.costs, { region, overrides: base.plan.quotas });
  return [
    ...quotaControls(choiceInputsOf(base)),
    ...controlsOfQuotas(
      ofTasks.filter(({ isOwnLimit }) => isOwnLimit !== true),
      base.plan,
    ),
  ];
}
