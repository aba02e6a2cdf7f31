/** What the outcomes of events mean for the verdict. */

import { count, plural } from '../numbers.ts';
import type { Reason } from '../warnings/reason.ts';
import type { EventLedger } from './event-ledger.ts';
import type { NamedOutcome } from './outcomes.ts';

/** The first ids of an outcome, in words: "e-1, e-2 and 3 more". Empty when none is known. */
export function namesOf({ ids, outcomes }: EventLedger, outcome: NamedOutcome): string {
  const named = ids[outcome];
  const more = outcomes[outcome] - named.length;
  if (named.length === 0) return '';
  return `${named.join(', ')}${more > 0 ? ` and ${count(more)} more (events.json)` : ''}`;
}

const inBrackets = (names: string): string => (names === '' ? '' : ` (${names})`);

/** Why the account of accepted events does not close, a reason each. No share of errors that a plan allows covers it. */
export function eventReasons(events: EventLedger): Reason[] {
  const { accepted, lostAmongUnknown, outcomes, excess } = events;
  const { lost } = outcomes;
  const reasons: Reason[] = [];
  const are = (value: number) => (value === 1 ? 'is' : 'are');
  if (lost > 0)
    reasons.push({
      code: 'eventsLost',
      sentence: `${lostAmongUnknown > 0 ? 'At least ' : ''}${plural(lost, 'event')} of ${count(accepted)} accepted ${are(lost)} lost: not delivered, never finished by the stack, and in neither queue${inBrackets(namesOf(events, 'lost'))}.`,
      next: 'Look in logs/ for errors of the function that delivers, and whether anything else receives from the queue or purges it.',
    });
  if (outcomes.unknown > 0)
    reasons.push({
      code: 'eventsUnknown',
      sentence: `What became of ${plural(outcomes.unknown, 'event')} of ${count(accepted)} accepted is not known${inBrackets(namesOf(events, 'unknown'))}: no push arrived, and ${events.notListed > 0 ? 'not all of their ids are known' : 'the target could not be asked for each'}${events.notAsked.length > 0 ? ` (${events.notAsked.join('; ')})` : ''}.`,
      next: 'Drain for longer, so that the queue is empty at the end, and let the collector read the dead-letter queue and the table.',
    });
  if (excess !== 0)
    reasons.push({
      code: 'eventsContradict',
      sentence: `${plural(Math.abs(excess), 'more event')} ended than the ${count(accepted)} that were accepted: the client’s records contradict each other.`,
      next: 'Part of client.ndjson is missing or was changed: run it again.',
    });
  return reasons;
}

/** Why the target failed its owners, whatever share of errors the plan allows. */
export function missedReasons(events: EventLedger): Reason[] {
  const { missed, accepted, lost } = events;
  if (missed === 0) return [];
  return [
    {
      code: 'eventsMissed',
      sentence: `${plural(missed, 'event')} of ${count(accepted)} accepted ${lost === null ? (missed === 1 ? 'is missed or lost: it ' : 'are missed or lost: they ') : ''}never reached ${missed === 1 ? 'its owner, who had' : 'their owners, who had'} a connection open from before the post until the end of the drain${inBrackets(namesOf(events, 'missed'))}.`,
      next: 'Look in logs/ for pushes that were answered with 410 (gone) or found no connection; a longer drain separates late from missed.',
    },
  ];
}
