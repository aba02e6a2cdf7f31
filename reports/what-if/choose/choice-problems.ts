/** Why inputs of a comparison cannot be calculated: the rules of a plan's file and of the service's settings. Pure. */
import {
  leastTasksInDeployment,
  mostTasksInDeployment,
  usualDeployment,
} from '../../../aws/servers/rolling-deployment.ts';
import type { FieldRules } from '../bounds.ts';
import { type Control, type Inputs, readAt } from '../control.ts';
import { expectedOf, problemsOf } from '../problems.ts';
import { type ChoiceBase, hasRoom, planOf, sizeWith } from './choice.ts';

/** By rates: what a user then does has bounds of its own. */
const ofRates = { messagesPerUserPerMinute: 'Messages', webhooksPerUserPerDay: 'Webhooks' } as const;

/** A sentence each, beginning with what it is about. `sizes`: of tasks, that Fargate offers. */
export function choiceProblems(
  inputs: Inputs,
  controls: readonly Control[],
  { base, rules, sizes }: { base: ChoiceBase; rules: FieldRules; sizes: readonly string[] },
): string[] {
  const wrong = problemsOf(inputs, controls);
  return wrong.length > 0 ? wrong : [...rateProblems(inputs, rules), ...taskProblems(inputs, { base, sizes })];
}

function rateProblems(inputs: Inputs, rules: FieldRules): string[] {
  const plan = planOf(inputs);
  return Object.entries(ofRates).flatMap(([key, label]) => {
    const [value, rule] = [readAt(plan, [key]), rules[key]];
    const expected = typeof value === 'number' && rule ? expectedOf(value, rule.bounds) : null;
    return expected === null ? [] : [`${label}: expected ${expected} of each user (${key}), found ${value}.`];
  });
}

function taskProblems({ choice }: Inputs, { base, sizes }: { base: ChoiceBase; sizes: readonly string[] }): string[] {
  if (choice === undefined) return [];
  const { tasks } = choice;
  const { leastTasks, mostTasks, deployment = usualDeployment } = sizeWith(base.size, tasks);
  const stuck = numbersFrom(leastTasks, mostTasks).find(
    (count) => mostTasksInDeployment(count, deployment) <= leastTasksInDeployment(count, deployment),
  );
  return [
    ...(tasks.capacity === 'fargate' && !sizes.includes(tasks.size)
      ? ['Size of a task: expected one that Fargate offers.']
      : []),
    ...(tasks.capacity === 'ec2' && !hasRoom(tasks)
      ? [`Size of a task: expected one for which an instance of ${tasks.instanceType} has room.`]
      : []),
    ...(stuck === undefined
      ? []
      : [
          `Old and new tasks in a deployment: expected enough that one of ${stuck} can be replaced, found ${deployment.maximumPercent}%, with ${deployment.minimumHealthyPercent}% healthy.`,
        ]),
  ];
}

const numbersFrom = (least: number, most: number): number[] =>
  Array.from({ length: Math.max(0, most - least + 1) }, (_, n) => least + n);
