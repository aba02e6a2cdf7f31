/** Objectives for the share that failed: judged by all that was due, unless it failed only while the generator was late. */
import { type CounterName, workUnits } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';
import type { Ledger, Outcomes } from '../ledger.ts';
import {
  clientsRetry,
  declaredFailures,
  endedFailures,
  unsendableMessages,
  unsendablePublishes,
} from './failed-work.ts';
import { type Finding, type Judged, nothingMeasured, type SloRow, steadyDoubt, unjudged } from './objective.ts';
import { closeDoubt, delaysOf, doubtOf } from './soundness.ts';

interface Share {
  what: 'connects' | 'messages' | 'webhooks' | 'pushes' | 'publishes' | 'subscriptions' | 'fanOut' | 'polls' | 'reads';
  name: string;
  failed: number;
  of: number;
  /** Of those, what the target declared itself, rather than what was waited for in vain. */
  declared: number;
  /** Failures that ended in a second. */
  failuresIn: (second: ClientSecond) => number;
}

export const shareRows = (limit: number, judged: Judged): SloRow[] =>
  sharesOf(judged).map((share) => ({
    ...{ id: `${share.what}.errorShare`, name: share.name, unit: 'share', limit },
    ...judge(share, limit, judged),
  }));

function judge(share: Share, limit: number, { observation, generator }: Judged): Finding {
  const { what, failed, of, declared, failuresIn } = share;
  if (of === 0) return nothingMeasured;
  const measured = failed / of;
  const found: Finding = { ...nothingMeasured, measured, kept: measured <= limit, notJudged: null };
  if (found.kept) return found;
  const delays = delaysOf(observation, what === 'connects' ? 'connectLagMicros' : 'sendLagMicros');
  const inDoubt = closeDoubt(observation, delays) ?? (what === 'connects' ? null : steadyDoubt(generator));
  // What the target declared has failed, however slow the generator was.
  if (inDoubt?.of === 'phase' && declared / of > limit) return found;
  if (inDoubt !== null) return unjudged(inDoubt);
  const delayed = delays.seconds.reduce((sum, second, n) => sum + failuresIn(second) * (delays.shares[n] ?? 0), 0);
  if ((failed - delayed) / of > limit) return found;
  const doubt = doubtOf(observation, delays, failuresIn);
  return doubt === null ? found : unjudged(doubt);
}

function sharesOf({ observation: { client, clock }, ledger }: Judged): Share[] {
  const { totals } = client;
  const { connects, messages, webhooks, pushes, fanOut, subscriptions, polled } = ledger;
  const retries = clientsRetry(totals);
  const ended = (id: 'connect' | 'roundTrip' | 'webhook' | 'publish') => (second: ClientSecond) =>
    endedFailures(second.counters, retries)[id] ?? 0;
  const declared = declaredFailures(totals, retries);
  const unsendable = unsendableMessages(totals);
  const unposted = totals.webhooksDroppedUnanswered;
  const unpublished = unsendablePublishes(totals);
  const missing = Math.max(0, pushes.missing);
  const opened = connects.outcomes.opened ?? 0;
  return [
    {
      ...{ what: 'connects', name: 'failed connects', failuresIn: ended('connect'), declared: declared.connect ?? 0 },
      // Where clients retry, a refused attempt does not count as a failed connect; a client that gives up, or fails for longer than a timeout, does.
      ...(retries
        ? { failed: totals.connectionsAbandoned, of: opened + totals.connectionsAbandoned }
        : { failed: failedOf(connects, 'opened'), of: connects.started }),
    },
    {
      ...{
        what: 'messages',
        name: 'failed messages',
        failuresIn: ended('roundTrip'),
        declared: declared.roundTrip ?? 0,
      },
      ...{ failed: failedOf(messages, 'answered') + unsendable, of: messages.started + unsendable },
    },
    {
      ...{ what: 'webhooks', name: 'failed webhooks', failuresIn: ended('webhook'), declared: declared.webhook ?? 0 },
      ...{ failed: failedOf(webhooks, 'accepted') + unposted, of: webhooks.started + unposted },
    },
    {
      ...{ what: 'pushes', name: 'missing pushes', failed: missing + pushes.late, of: pushes.expected, declared: 0 },
      // What is missing at the end could have come until then.
      failuresIn: ({ second, counters }) => counters.pushesLate + (second === clock.lastSecond ? missing : 0),
    },
    ...askedShares(totals),
    ...(polled === null ? [] : [readShare(polled, clock)]),
    ...(subscriptions === null
      ? []
      : [
          {
            ...{ what: 'subscriptions' as const, name: 'failed subscriptions', ...subscriptions },
            declared: totals.subscribesErrorFrame,
            failuresIn: ({ counters }: ClientSecond) => counters.subscribesErrorFrame + counters.subscribesTimedOut,
          },
        ]),
    ...(fanOut === null
      ? []
      : [
          {
            ...{ what: 'publishes' as const, name: 'failed publishes', failuresIn: ended('publish') },
            failed: failedOf(fanOut.publishes, 'answered') + unpublished,
            ...{ of: fanOut.publishes.started + unpublished, declared: declared.publish ?? 0 },
          },
          fanOutShare(fanOut, clock),
        ]),
  ];
}

/** Of what tabs asked over HTTP, without what they gave up themselves; none where nobody asked. */
function askedShares(totals: Observation['client']['totals']): Share[] {
  const of = totals.pollsSent + totals.stageReadsSent - totals.pollsGivenUp - totals.stageReadsGivenUp;
  if (of === 0) return [];
  const failuresOf = (c: Readonly<Record<CounterName, number>>) =>
    [...workUnits.polls.failed, ...workUnits.stageReads.failed].reduce((sum, name) => sum + c[name], 0);
  return [
    {
      ...{ what: 'polls', name: 'failed polls and reads of the stage', of, failed: failuresOf(totals) },
      declared: totals.pollsThrottled + totals.pollsRejected + totals.stageReadsThrottled + totals.stageReadsRejected,
      failuresIn: ({ counters }) => failuresOf(counters),
    },
  ];
}

/** Of the events that tabs were to read which polled when these were posted. */
function readShare(
  { missing, late, expected }: NonNullable<Ledger['polled']>,
  clock: Pick<Observation['clock'], 'lastSecond'>,
): Share {
  return {
    ...{ what: 'reads', name: 'events not read by polls', failed: missing + late, of: expected, declared: 0 },
    failuresIn: ({ second, counters }) => counters.polledLate + (second === clock.lastSecond ? missing : 0),
  };
}

/** Of the messages that confirmed publishes owe to their subscribers. */
function fanOutShare(
  { missing, late, expected }: NonNullable<Ledger['fanOut']>,
  clock: Pick<Observation['clock'], 'lastSecond'>,
): Share {
  return {
    ...{ what: 'fanOut', name: 'missing messages to subscribers', failed: missing + late, of: expected, declared: 0 },
    failuresIn: ({ second, counters }) => counters.fanOutLate + (second === clock.lastSecond ? missing : 0),
  };
}

const failedOf = ({ started, outcomes }: Outcomes, success: string): number => started - (outcomes[success] ?? 0);
