/** What a reader must know about a ledger even if it balances. */
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
  const { offlineByServer, offlineByClient, deadLettered, inFlight, waitingBefore, unattributed, accepted } = events;
  return [
    ...reasonIf(
      asksServer && !events.confirmed,
      'offlineUnconfirmed',
      `The stack’s own count of offline events is missing; the client’s (${count(offlineByClient)}) is used instead, unconfirmed.`,
      'Check that the deliver function’s metrics (namespace Loadline) reach CloudWatch.',
    ),
    ...reasonIf(
      events.confirmed && offlineByServer !== offlineByClient,
      'offlineDiffers',
      `The stack counted ${plural(offlineByServer ?? 0, 'offline event')}, but the client expected ${count(offlineByClient)}.`,
      'Owners who disconnect during the run, or other traffic on the target, can explain the difference.',
    ),
    ...reasonIf(
      asksServer && (inFlight === null || deadLettered === null),
      'queuesUnknown',
      'The numbers of events in flight and dead-lettered are not available: the queues could not be read at the end.',
      'Look in logs/ for why GetQueueAttributes failed.',
    ),
    ...reasonIf(
      (deadLettered ?? 0) > 0,
      'deadLettered',
      `${plural(deadLettered ?? 0, 'event')} went to the dead-letter queue.`,
      'Inspect them there, and read the deliver function’s log.',
    ),
    ...reasonIf(
      (inFlight ?? 0) > 0,
      'inFlight',
      `${plural(inFlight ?? 0, 'message')} ${inFlight === 1 ? 'was' : 'were'} still in the queue at the end.`,
      'Drain for longer, or look at the deliver function’s concurrency.',
    ),
    ...reasonIf(
      waitingBefore > 0,
      'queueNotEmpty',
      `${plural(waitingBefore, 'message')} of an earlier load ${waitingBefore === 1 ? 'was' : 'were'} in the queue when this one began.`,
      'Wait until the queue is empty, or purge it, before a run.',
    ),
    ...reasonIf(
      unattributed > 0,
      'unattributed',
      `${plural(unattributed, 'more event')} came out than the ${count(accepted)} accepted: posts that got no answer but were queued, or second copies of delivered events (replays, messages that SQS delivered twice, retries after a failure, an earlier load’s) left in the queue or found offline.`,
      'The ledger is exact only without them: lower the load until every post is answered, and drain for longer.',
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
      'Delivery is at least once, and clients drop duplicates. Many of them point to retries of deliver.',
    ),
    ...reasonIf(
      pushes.unexpected > 0,
      'pushesUnexpected',
      `${plural(pushes.unexpected, 'push', 'pushes')} arrived on another user’s connections, or for unknown events.`,
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
