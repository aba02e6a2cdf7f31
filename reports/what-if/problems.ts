/** Why inputs cannot be calculated: the rules of a plan's file and of the stack's settings. Pure. */
import { pollerCapacity } from '../../capacity/demand/pollers.ts';
import { usageProblems } from '../../capacity/demand/usage-rules.ts';
import type { Deployment, FedQueue } from '../../capacity/headroom/deployment.ts';
import type { Bounds, Control, Inputs } from './control.ts';
import { readAt } from './control.ts';

/** A sentence each, beginning with what it is about. */
export const problemsOf = (inputs: Inputs, controls: readonly Control[]): string[] => [
  ...controls.flatMap((control) => problemOf(control, readAt(inputs, control.path))),
  ...usageProblems(inputs.plan).map(({ path, message }) => `${path.join('.')}: ${message}.`),
  ...settingsProblems(inputs.deployment),
];

function problemOf({ label, input }: Control, value: unknown): string[] {
  switch (input.kind) {
    case 'number': {
      if (typeof value !== 'number') return input.absent === null ? [`${label}: expected a number.`] : [];
      const expected = expectedOf(value, input.bounds);
      return expected === null ? [] : [`${label}: expected ${expected}, found ${value}.`];
    }
    case 'date':
      return isDate(value) ? [] : [`${label}: expected a date.`];
    case 'text':
      return typeof value === 'string' && value !== '' ? [] : [`${label}: expected a name.`];
    case 'choice':
      return input.options.some(([option]) => option === value) ? [] : [`${label}: expected one of its options.`];
    case 'switch':
      return [];
  }
}

/** What is wrong with a number, or null. */
export function expectedOf(value: number, { least, aboveLeast, most, belowMost, whole }: Bounds): string | null {
  if (Number.isNaN(value)) return 'a number';
  if (value < least || (aboveLeast && value === least))
    return `a number ${aboveLeast ? 'above' : 'of at least'} ${least}`;
  if (value > most || (belowMost && value === most)) return `a number ${belowMost ? 'below' : 'of at most'} ${most}`;
  return whole && !Number.isInteger(value) ? 'a whole number' : null;
}

/** From 2000 to 2199, as a plan's file has it. */
export function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^2[01]\d\d-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function settingsProblems({ queues, functions, code }: Deployment): string[] {
  const rememberedSeconds = code?.storage?.eventTtlSeconds ?? Number.POSITIVE_INFINITY;
  return queues.flatMap((queue) => {
    const { provisionedPollers, visibilityTimeoutSeconds } = queue;
    const reserved = functions.find(({ id }) => id === queue.function)?.reservedConcurrency ?? null;
    return [
      ...(provisionedPollers && provisionedPollers.minimum > provisionedPollers.maximum
        ? [`Pollers of ${queue.id}: expected at most as many kept as there may be.`]
        : []),
      // The settings of the reference stack refuse these; of another stack they are calculated.
      ...(code && reserved !== null && mostOf(queue) > reserved
        ? [
            `Maximum concurrency of ${queue.id}: expected at most what ${queue.function} reserves (${reserved}); otherwise its pollers are throttled, and messages end up in the dead-letter queue.`,
          ]
        : []),
      ...(rememberedSeconds <= visibilityTimeoutSeconds
        ? [
            'An event is remembered: expected longer than the visibility timeout; otherwise it is forgotten before its message is received again.',
          ]
        : []),
    ];
  });
}

const mostOf = (queue: FedQueue): number =>
  queue.provisionedPollers ? pollerCapacity(queue).most : (queue.maximumConcurrency ?? Number.POSITIVE_INFINITY);
