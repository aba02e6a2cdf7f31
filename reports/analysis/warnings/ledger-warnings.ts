/** What a reader must know about a ledger even if it balances. */
import { namesOf } from '../events/event-reasons.ts';
import type { Ledger } from '../ledger.ts';
import { count, plural } from '../numbers.ts';
import { type Reason, reasonIf } from './reason.ts';

/** `asksServer`: the target could be asked for its own counts. */
export const ledgerWarnings = (ledger: Ledger, { asksServer }: { asksServer: boolean }): Reason[] => [
  ...eventWarnings(ledger, asksServer),
  ...pushWarnings(ledger),
  ...fanOutWarnings(ledger),
  ...clientWarnings(ledger),
];

function eventWarnings({ events }: Ledger, asksServer: boolean): Reason[] {
  const { outcomes, unconfirmed, offlineByServer, notListed, inFlight, deadLettered, waitingBefore } = events;
  // All of these the stack may have counted as offline, each at least once.
  const explained = outcomes.ownerOffline + outcomes.ownerChanged + outcomes.missed;
  return [
    ...reasonIf(
      outcomes.deliveredToSome > 0,
      'deliveredToSome',
      `${plural(outcomes.deliveredToSome, 'event')} did not reach every connection of ${outcomes.deliveredToSome === 1 ? 'its owner' : 'their owners'} that was open from before the post until the end of the drain (${namesOf(events, 'deliveredToSome')}).`,
      'Compare with the stack’s counts of pushes that were gone or throttled.',
    ),
    ...reasonIf(
      outcomes.ownerChanged > 0,
      'ownerChanged',
      `${plural(outcomes.ownerChanged, 'event')} arrived nowhere, and the stack has finished ${outcomes.ownerChanged === 1 ? 'it' : 'them'} after the drain, or while connections of ${outcomes.ownerChanged === 1 ? 'its owner' : 'their owners'} came or went: whether one was open at that moment is not known (${namesOf(events, 'ownerChanged')}).`,
      'Drain for longer; without churn and lost connections there are no others.',
    ),
    ...reasonIf(
      asksServer && unconfirmed > 0,
      'offlineUnconfirmed',
      `That ${plural(unconfirmed, 'event')} had an owner without a connection is the client’s word alone; ${offlineByServer === null ? 'the stack’s own count is missing' : `the stack counted ${count(offlineByServer)}, copies included`}.`,
      events.lost === null
        ? 'A stack of your own does not say which events it has finished: compare with what its own logs say.'
        : 'Let the collector read the table of claimed events.',
    ),
    ...reasonIf(
      asksServer && offlineByServer !== null && offlineByServer > explained,
      'offlineDiffers',
      `The stack counted ${plural(offlineByServer ?? 0, 'event')} as offline, and ${count(explained)} by id can have been: it counts every copy that it handles.`,
      'Replays, duplicates and retries explain the difference, and so does other traffic on the target.',
    ),
    ...reasonIf(
      asksServer && (inFlight === null || deadLettered === null),
      'queuesUnknown',
      'The numbers of messages in the queue and the dead-letter queue are not available: they could not be read at the end.',
      'Look in logs/ for why GetQueueAttributes failed.',
    ),
    ...reasonIf(
      notListed > 0,
      'eventsNotListed',
      `${plural(notListed, 'event')} without a push ${notListed === 1 ? 'is' : 'are'} known by number and not by id.`,
      'A fleet lists 50,000 ids and a worker elsewhere 1,000: use more of them, or a smaller load.',
    ),
    ...reasonIf(
      (deadLettered ?? 0) > 0,
      'deadLettered',
      `${plural(deadLettered ?? 0, 'message')} went to the dead-letter queue.`,
      'Inspect them there, and read the log of the function that delivers.',
    ),
    ...reasonIf(
      (inFlight ?? 0) > 0,
      'inFlight',
      `${plural(inFlight ?? 0, 'message')} ${inFlight === 1 ? 'was' : 'were'} still in the queue at the end.`,
      'Drain for longer, or look at the concurrency of the function that empties it.',
    ),
    ...reasonIf(
      waitingBefore > 0,
      'queueNotEmpty',
      `${plural(waitingBefore, 'message')} of an earlier load ${waitingBefore === 1 ? 'was' : 'were'} in the queue when this one began.`,
      'Wait until the queue is empty, or purge it, before a run.',
    ),
  ];
}

function pushWarnings({ pushes }: Ledger): Reason[] {
  return [
    ...reasonIf(
      pushes.missing !== 0,
      'pushesMissing',
      `${count(Math.abs(pushes.missing))} ${pushes.missing > 0 ? 'fewer' : 'more'} ${Math.abs(pushes.missing) === 1 ? 'push' : 'pushes'} arrived than the ${count(pushes.expected)} expected (one for each open connection of an owner).`,
      'Compare with the stack’s counts of pushes that were gone or throttled.',
    ),
    ...reasonIf(
      pushes.duplicate > 0,
      'pushesDuplicate',
      `${plural(pushes.duplicate, 'push', 'pushes')} arrived more than once.`,
      'Delivery is at least once, and clients drop duplicates. Many of them point to retries of the function that delivers.',
    ),
    ...reasonIf(
      pushes.unexpected > 0,
      'pushesUnexpected',
      `${plural(pushes.unexpected, 'push', 'pushes')} arrived for unknown events, or on connections that ${pushes.unexpected === 1 ? 'it is' : 'they are'} not for.`,
      'Run nothing else on the target. If it persists, it is a bug in the stack.',
    ),
    ...reasonIf(
      pushes.ofUnaccepted > 0,
      'pushesOfUnaccepted',
      `${plural(pushes.ofUnaccepted, 'push', 'pushes')} arrived for posts that the client does not count as accepted.`,
      'Posts that time out at the client may still have been queued.',
    ),
  ];
}

function fanOutWarnings({ fanOut }: Ledger): Reason[] {
  if (fanOut === null) return [];
  const { expected, missing, late, duplicate, unexpected, reordered } = fanOut;
  return reasonIf(
    missing + late + duplicate + unexpected + reordered > 0,
    'fanOut',
    `Of ${plural(expected, 'message')} to subscribers, ${count(missing)} never arrived, ${count(late)} arrived late, ${count(duplicate)} twice, ${count(unexpected)} at another client and ${count(reordered)} out of order.`,
    'Compare with the stack’s counts of pushes that were gone or throttled.',
  );
}

function clientWarnings({ recoveries }: Ledger): Reason[] {
  const { lost = 0, notBack = 0, abandoned = 0 } = recoveries ?? {};
  return [
    ...reasonIf(
      abandoned + notBack > 0,
      'notRecovered',
      `Of ${plural(lost, 'lost connection')}, ${count(notBack)} had not reconnected by the end; ${plural(abandoned, 'client')} gave up, or failed to reconnect for longer than a timeout.`,
      'Run for longer. Clients that give up need more attempts or a higher quota of new connections.',
    ),
  ];
}
