/** The ledger: every connect, message, webhook, event and push accounted for. */
import type { Observation } from '../../record/observation.ts';
import { count, plural } from './numbers.ts';
import { sumOfSeries } from './series.ts';
import type { Reason } from './warnings/reason.ts';

type Totals = Observation['client']['totals'];

/** accepted + unattributed = delivered + offline + dead-lettered + in flight + lost. Distinct event ids. */
interface EventLedger {
  accepted: number;
  delivered: number;
  offline: number;
  /** The two counts of `offline`: by the stack (null: no data) and by the client, which knows the owners that it connected. */
  offlineByServer: number | null;
  offlineByClient: number;
  /** True when the stack itself counted them. */
  confirmed: boolean;
  /** Null when the queues could not be read; then left out of the balance. */
  deadLettered: number | null;
  inFlight: number | null;
  /** Messages of an earlier load, in the queue when this one began. */
  waitingBefore: number;
  /**
   * Events beyond the accepted ones, as far as they are explained: posts that ended without an answer may still have been queued,
   * a message left in the queues may be a replay or a retry of an event that is already delivered, and an event that the stack pushed but then
   * could not mark as done comes again, when its owner may be gone: each failed receipt may be counted as offline again. So may messages that an earlier load
   * left in the queue.
   */
  unattributed: number;
  /** The rest. 0, or the run is invalid; below 0 something was counted twice. */
  lost: number;
}

export interface Ledger {
  events: EventLedger;
  pushes: {
    expected: number;
    delivered: number;
    missing: number;
    /** Came after the push timeout: neither delivered nor missing. */
    late: number;
    duplicate: number;
    unexpected: number;
    /** Pushes of events whose post the client does not count as accepted (it timed out, yet was queued). */
    ofUnaccepted: number;
    eventsDeliveredToAll: number;
  };
  connects: Outcomes;
  messages: Outcomes;
  webhooks: Outcomes;
  replays: { posted: number; accepted: number };
  /** Null when nothing was published. */
  fanOut: FanOutLedger | null;
  /** Null when no connection was lost. */
  recoveries: RecoveryLedger | null;
}

/** expected = delivered + late + missing: of each publish that was answered, one message for each subscriber. */
interface FanOutLedger {
  publishes: Outcomes;
  expected: number;
  delivered: number;
  late: number;
  missing: number;
  duplicate: number;
  unexpected: number;
  reordered: number;
}

/** Connections that were lost or dropped on purpose, and their outcome. */
interface RecoveryLedger {
  lost: number;
  recovered: number;
  /** Clients that gave up, or had failed to reconnect for longer than a timeout when the load ended, including those that were never open. */
  abandoned: number;
  /** Neither, at the end; also where clients do not reconnect at all. */
  notBack: number;
}

/** started = Σ outcomes + outstanding. */
export interface Outcomes {
  intended: number;
  dropped: number;
  started: number;
  outcomes: Record<string, number>;
  /** Started, and without an outcome at the end. Below 0: an outcome was counted twice. */
  outstanding: number;
}

export function ledgerOf({ client, server }: Observation): Ledger {
  const { totals } = client;
  return {
    events: eventLedger(totals, server),
    pushes: {
      expected: totals.pushesExpected,
      delivered: totals.pushesDelivered,
      missing: totals.pushesExpected - totals.pushesDelivered - totals.pushesLate,
      late: totals.pushesLate,
      duplicate: totals.pushesDuplicate,
      unexpected: totals.pushesUnexpected,
      ofUnaccepted: totals.pushesOfUnaccepted,
      eventsDeliveredToAll: totals.eventsDeliveredToAll,
    },
    connects: outcomesOf(
      totals.connectsIntended,
      totals.connectsIntended - totals.connectsAttempted,
      totals.connectsAttempted,
      {
        opened: totals.connectsOpened,
        refused: totals.connectsRefused,
        throttled: totals.connectsThrottled,
        'timed out': totals.connectsTimedOut,
        failed: totals.connectsFailed,
      },
    ),
    messages: outcomesOf(totals.messagesIntended, totals.messagesDropped, totals.messagesSent, {
      answered: totals.messagesAnswered,
      'timed out': totals.messagesTimedOut,
      'error frame': totals.messagesErrorFrame,
      'connection closed': totals.messagesConnectionClosed,
    }),
    webhooks: outcomesOf(totals.webhooksIntended, totals.webhooksDropped, totals.webhooksPosted, {
      accepted: totals.webhooksAccepted,
      throttled: totals.webhooksThrottled,
      rejected: totals.webhooksRejected,
      'timed out': totals.webhooksTimedOut,
      failed: totals.webhooksFailed,
    }),
    replays: { posted: totals.replaysPosted, accepted: totals.replaysAccepted },
    fanOut: totals.publishesIntended > 0 ? fanOutLedger(totals) : null,
    recoveries: totals.closesUnexpected + totals.connectionsDropped > 0 ? recoveryLedger(totals) : null,
  };
}

function fanOutLedger(totals: Totals): FanOutLedger {
  const { fanOutExpected: expected, fanOutDelivered: delivered, fanOutLate: late } = totals;
  return {
    publishes: outcomesOf(totals.publishesIntended, totals.publishesDropped, totals.publishesSent, {
      answered: totals.publishesAnswered,
      'timed out': totals.publishesTimedOut,
      'error frame': totals.publishesErrorFrame,
      'connection closed': totals.publishesConnectionClosed,
    }),
    ...{ expected, delivered, late, missing: expected - delivered - late },
    duplicate: totals.fanOutDuplicate,
    unexpected: totals.fanOutUnexpected,
    reordered: totals.fanOutReordered,
  };
}

function recoveryLedger(totals: Totals): RecoveryLedger {
  const lost = totals.closesUnexpected + totals.connectionsDropped;
  const { connectionsRecovered: recovered, connectionsAbandoned: abandoned } = totals;
  return { lost, recovered, abandoned, notBack: Math.max(0, lost - recovered - abandoned) };
}

function eventLedger(totals: Totals, server: Observation['server']): EventLedger {
  const counted = sumOfSeries(server, 'loadline.eventsOffline.sum');
  const offlineByServer = counted.kind === 'value' ? counted.value : null;
  const offline = offlineByServer ?? totals.eventsOwnerOffline;
  const deadLettered = server.queues && server.queues.deadLettered - server.queues.deadLetteredBefore;
  const inFlight = server.queues && server.queues.visible + server.queues.notVisible + server.queues.delayed;
  const { eventsAccepted: accepted, eventsDelivered: delivered } = totals;
  const left = (deadLettered ?? 0) + (inFlight ?? 0);
  const accountedFor = delivered + offline + left;
  const unanswered = totals.webhooksTimedOut + totals.webhooksFailed;
  const failed = sumOfSeries(server, 'loadline.eventsFailed.sum');
  const receivedTwice = Math.min(offline, failed.kind === 'value' ? failed.value : 0);
  const waitingBefore = server.queues?.waitingBefore ?? 0;
  const explained = unanswered + Math.min(left, delivered) + receivedTwice + waitingBefore;
  const unattributed = Math.min(Math.max(0, accountedFor - accepted), explained);
  return {
    accepted,
    delivered,
    offline,
    offlineByServer,
    offlineByClient: totals.eventsOwnerOffline,
    confirmed: offlineByServer !== null,
    deadLettered,
    inFlight,
    waitingBefore,
    unattributed,
    lost: accepted + unattributed - accountedFor,
  };
}

function outcomesOf(intended: number, dropped: number, started: number, outcomes: Record<string, number>): Outcomes {
  const ended = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  return { intended, dropped, started, outcomes, outstanding: started - ended };
}

/** Why the ledger does not balance, a reason each; empty when it does. */
export function ledgerReasons(ledger: Ledger): Reason[] {
  const { lost, accepted } = ledger.events;
  const reasons: Reason[] = [];
  if (lost > 0)
    reasons.push({
      code: 'eventsLost',
      sentence: `${plural(lost, 'event')} of ${count(accepted)} accepted ${lost === 1 ? 'is' : 'are'} lost: neither delivered, nor offline, nor dead-lettered, nor in flight.`,
      next: 'Look in logs/ for errors of the deliver function; a longer drain separates slow from lost.',
    });
  if (lost < 0)
    reasons.push({
      code: 'eventsCountedTwice',
      sentence: `${plural(-lost, 'more event')} came out than the ${count(accepted)} that were accepted: something was counted twice.`,
      next: 'Run nothing else on the target: other traffic is counted too.',
    });
  for (const what of ['connects', 'messages', 'webhooks'] as const) {
    const { outstanding, started, intended, dropped } = ledger[what];
    if (outstanding !== 0)
      reasons.push({
        code: `outstanding.${what}`,
        sentence:
          outstanding > 0
            ? `${count(outstanding)} of ${count(started)} ${what} ${outstanding === 1 ? 'has' : 'have'} no outcome.`
            : `${count(started)} ${what} were started, but ${count(started - outstanding)} outcomes were counted.`,
        next: 'Drain for longer than the timeout. If it persists, it is a bug in the generator.',
      });
    if (intended - dropped !== started)
      reasons.push({
        code: `intended.${what}`,
        sentence: `${count(intended)} ${what} were due, of which ${count(dropped)} were dropped and ${count(started)} started: these do not add up.`,
        next: 'This is a bug in the generator: please report it with client.ndjson.',
      });
  }
  return reasons;
}
