/** Publishes that the target confirmed and that a subscriber never got, though connected and subscribed throughout. */
import type { Observation } from '../../../record/observation.ts';
import { count, plural } from '../numbers.ts';
import type { Reason } from '../warnings/reason.ts';

/** As report.json has them. Neither number may be above 0 in a run that is OK. */
export interface MissedPublishes {
  publishes: number;
  /** Messages to subscribers: each such subscriber of each publish. */
  messages: number;
  /** At most {@link namedPublishes}; all are in events.json of the run folder. */
  named: NonNullable<Observation['client']['missedPublishes']>;
}

/** Publishes that a report names. */
const namedPublishes = 10;
/** Users that a sentence names of each. */
const namedUsers = 2;

export const missedPublishesOf = ({ totals, missedPublishes = [] }: Observation['client']): MissedPublishes => ({
  publishes: totals.publishesMissed,
  messages: totals.fanOutMissed,
  named: missedPublishes.slice(0, namedPublishes),
});

/** `p-3 on c-1a2b-f0-0 (u-7), p-9 on c-1a2b-f0-1 (u-2, u-4 and 3 more) and 12 more (events.json)`. Empty when none is known. */
export function missedPublishNames({ publishes, named }: MissedPublishes): string {
  const names = named.map(({ id, channel, subscribers, users }) => {
    const shown = users.slice(0, namedUsers);
    const others = subscribers - shown.length;
    const who =
      shown.length === 0
        ? plural(subscribers, 'subscriber')
        : `${shown.join(', ')}${others > 0 ? ` and ${count(others)} more` : ''}`;
    return `${id} on ${channel} (${who})`;
  });
  const more = publishes - names.length;
  if (names.length === 0) return '';
  return `${names.join(', ')}${more > 0 ? ` and ${count(more)} more (events.json)` : ''}`;
}

/** Why the target failed its subscribers, whatever share of errors the plan allows. `answered`: publishes that it confirmed. */
export function missedPublishReasons(missed: MissedPublishes, answered: number): Reason[] {
  const { publishes, messages } = missed;
  if (publishes === 0) return [];
  const names = missedPublishNames(missed);
  return [
    {
      code: 'publishesMissed',
      sentence: `${plural(publishes, 'publish', 'publishes')} of ${count(answered)} confirmed never reached ${plural(messages, 'subscriber')} with a connection and a confirmed subscription from before ${publishes === 1 ? 'it was' : 'they were'} sent until the end of the drain${names === '' ? '' : `: ${names}`}.`,
      next: 'Look in logs/ for pushes that were answered with 410 (gone), and for subscriptions that the stack no longer has; a longer drain separates late from missed.',
    },
  ];
}
