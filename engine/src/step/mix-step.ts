/** Several messages and several webhook URLs of one step, and how often each is taken. */
import type { Mix } from '../core/schedule/mix.ts';
import type { FleetFields } from './fleet-fields.ts';
import { StepProblem } from './step-values.ts';

/** Undefined: the message alone. */
export function readMessageMix({ message, hooks, alsoMessages, messageMix }: FleetFields): Mix | undefined {
  if (alsoMessages.length > 0 && (message === null || hooks !== null))
    throw new StepProblem(
      hooks === null
        ? 'fleet.alsoMessages: these are sent beside message: give message as well.'
        : 'fleet.alsoMessages: with hooks, buildMessage makes all messages: leave it out.',
    );
  return mixOf(alsoMessages, messageMix, { of: 'message', others: 'alsoMessages', mix: 'messageMix' });
}

/** `others`: URLs, checked. Undefined: all are posted to the first. */
export function readWebhookMix(
  webhookUrl: string,
  others: string[],
  { webhookMix }: Pick<FleetFields, 'webhookMix'>,
): Mix | undefined {
  const { origin } = new URL(webhookUrl);
  const elsewhere = others.find((url) => new URL(url).origin !== origin);
  if (elsewhere !== undefined)
    throw new StepProblem(
      `fleet.alsoWebhookUrls: all webhooks of a step go to one host, which is that of webhookUrl, ${origin}; found ${new URL(elsewhere).origin}.`,
    );
  return mixOf(others, webhookMix, { of: 'webhookUrl', others: 'alsoWebhookUrls', mix: 'webhookMix' });
}

function mixOf(also: string[], weights: number[], names: { of: string; others: string; mix: string }): Mix | undefined {
  if (also.length === 0) {
    if (weights.length <= 1) return undefined;
    throw new StepProblem(`fleet.${names.mix}: ${weights.length} weights, but ${names.others} is missing.`);
  }
  const expected = also.length + 1;
  if (weights.length === 0) return { also, weights: new Array<number>(expected).fill(1) };
  if (weights.length === expected) return { also, weights };
  throw new StepProblem(
    `fleet.${names.mix}: expected ${expected} weights, of ${names.of} and of each of ${names.others}, found ${weights.length}.`,
  );
}
