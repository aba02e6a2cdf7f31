/** The ledger: every connect, message, webhook, event and push accounted for. */
import type { Observation } from '../../record/observation.ts';
import { type EventLedger, eventLedger } from './events/event-ledger.ts';
import { eventReasons } from './events/event-reasons.ts';
import { type Misdeliveries, misdeliveriesOf } from './events/misdeliveries.ts';
import { type MissedPublishes, missedPublishesOf } from './events/missed-publishes.ts';
import { count } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

type Totals = Observation['client']['totals'];

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
  /** Events that tabs read which polled when these were posted: expected = delivered + late + missing. Null: none polled. */
  polled: { expected: number; delivered: number; late: number; missing: number; repeated: number } | null;
  /** Reads of events, and of the stage, over HTTP; null: no tab asked. */
  polls: Outcomes | null;
  stageReads: Outcomes | null;
  misdelivered: Misdeliveries;
  connects: Outcomes;
  messages: Outcomes;
  webhooks: Outcomes;
  replays: { posted: number; accepted: number };
  /** Null when nothing was published. */
  fanOut: FanOutLedger | null;
  /** To channels; those whose connection was lost first are neither. Null where there were none. */
  subscriptions: { of: number; failed: number } | null;
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
  missed: MissedPublishes;
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

export function ledgerOf(observation: Observation): Ledger {
  const { totals } = observation.client;
  return {
    events: eventLedger(observation),
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
    polled:
      totals.polledExpected > 0
        ? {
            ...{ expected: totals.polledExpected, delivered: totals.polledDelivered, late: totals.polledLate },
            missing: totals.polledExpected - totals.polledDelivered - totals.polledLate,
            repeated: totals.polledRepeated,
          }
        : null,
    polls: totals.pollsSent > 0 ? askedOutcomes(totals, 'polls') : null,
    stageReads: totals.stageReadsSent > 0 ? askedOutcomes(totals, 'stageReads') : null,
    misdelivered: misdeliveriesOf(observation.client),
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
    fanOut: totals.publishesIntended > 0 ? fanOutLedger(observation.client) : null,
    subscriptions: totals.subscribesSent > 0 ? subscriptionLedger(totals) : null,
    recoveries: totals.closesUnexpected + totals.connectionsDropped > 0 ? recoveryLedger(totals) : null,
  };
}

function askedOutcomes(totals: Totals, kind: 'polls' | 'stageReads'): Outcomes {
  const sent = totals[`${kind}Sent`];
  return outcomesOf(sent, 0, sent, {
    answered: totals[`${kind}Answered`],
    throttled: totals[`${kind}Throttled`],
    rejected: totals[`${kind}Rejected`],
    'timed out': totals[`${kind}TimedOut`],
    failed: totals[`${kind}Failed`],
    'given up': totals[`${kind}GivenUp`],
  });
}

function fanOutLedger(client: Observation['client']): FanOutLedger {
  const { totals } = client;
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
    missed: missedPublishesOf(client),
  };
}

const subscriptionLedger = (c: Totals): Ledger['subscriptions'] => ({
  of: c.subscribesSent - c.subscribesConnectionClosed,
  failed: c.subscribesErrorFrame + c.subscribesTimedOut,
});

function recoveryLedger(totals: Totals): RecoveryLedger {
  const lost = totals.closesUnexpected + totals.connectionsDropped;
  const { connectionsRecovered: recovered, connectionsAbandoned: abandoned } = totals;
  return { lost, recovered, abandoned, notBack: Math.max(0, lost - recovered - abandoned) };
}

function outcomesOf(intended: number, dropped: number, started: number, outcomes: Record<string, number>): Outcomes {
  const ended = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  return { intended, dropped, started, outcomes, outstanding: started - ended };
}

/** Why the ledger does not balance, a reason each; empty when it does. */
export function ledgerReasons(ledger: Ledger): Reason[] {
  const reasons = eventReasons(ledger.events);
  const { connects, messages, webhooks, fanOut } = ledger;
  const units = { connects, messages, webhooks, ...(fanOut && { publishes: fanOut.publishes }) };
  for (const [what, { outstanding, started, intended, dropped }] of Object.entries(units)) {
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
