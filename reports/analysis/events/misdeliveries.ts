/** What arrived on a connection of another user than the one it is for: no share of errors that a plan allows covers it. */
import type { Observation } from '../../../record/observation.ts';
import { count, plural } from '../numbers.ts';
import type { Reason } from '../warnings/reason.ts';

/** As report.json has them. Neither number may be above 0 in a run that is OK. */
export interface Misdeliveries {
  /** Pushes of events. */
  pushes: number;
  /** Messages of channels. */
  messages: number;
  /** At most {@link namedMisdeliveries}; events.json of the run folder has more. */
  named: NonNullable<Observation['client']['misdeliveries']>;
}

/** Those that a report names. */
const namedMisdeliveries = 10;

export const misdeliveriesOf = ({ totals, misdeliveries = [] }: Observation['client']): Misdeliveries => ({
  pushes: totals.pushesMisdelivered,
  messages: totals.fanOutMisdelivered,
  named: misdeliveries.slice(0, namedMisdeliveries),
});

/** `e-1 of u-2 to u-5, p-3 of c-0 to u-7 and 12 more (events.json)`. Empty when none is known. */
export function misdeliveryNames({ pushes, messages, named }: Misdeliveries): string {
  const names = named.map(({ id, of, to }) => `${id}${of === null ? '' : ` of ${of}`} to ${to}`);
  const more = pushes + messages - names.length;
  return names.length === 0 ? '' : `${names.join(', ')}${more > 0 ? ` and ${count(more)} more (events.json)` : ''}`;
}

/** Why the target failed its users. `isOwnStack`: what its webhooks mean is said by the user. */
export function misdeliveryReasons(misdelivered: Misdeliveries, { isOwnStack }: { isOwnStack: boolean }): Reason[] {
  const { pushes, messages } = misdelivered;
  if (pushes + messages === 0) return [];
  const names = misdeliveryNames(misdelivered);
  const parts = [
    ...(pushes > 0 ? [plural(pushes, 'push', 'pushes')] : []),
    ...(messages > 0 ? [plural(messages, 'message of channels', 'messages of channels')] : []),
  ];
  return [
    {
      code: 'misdelivered',
      sentence: `${parts.join(' and ')} arrived at other users than ${pushes + messages === 1 ? 'the one it is' : 'those they are'} for${names === '' ? '' : `: ${names}`}.`,
      next: `Look for how connections are found by user or channel: a row of somebody else’s connection, or one that was used again.${isOwnStack ? ' If everybody is meant to get each event, say so: webhook.owner is everyone.' : ''}`,
    },
  ];
}
