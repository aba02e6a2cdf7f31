/** The ledger as tables: every event, and how every connect, message and webhook ended. */
import { namesOf } from '../../analysis/events/event-reasons.ts';
import { misdeliveryNames } from '../../analysis/events/misdeliveries.ts';
import { missedPublishNames } from '../../analysis/events/missed-publishes.ts';
import type { EventOutcome } from '../../analysis/events/outcomes.ts';
import type { Ledger, Outcomes } from '../../analysis/ledger.ts';
import { count, plural } from '../../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document.ts';

/** Each outcome with what it means; those that may not be are coloured. */
export const outcomesInWords: readonly {
  outcome: EventOutcome;
  text: string;
  detail: string;
  always: boolean;
  bad?: true;
}[] = [
  {
    outcome: 'deliveredToAll',
    text: 'delivered to all',
    detail: 'to every connection open throughout',
    always: true,
  },
  {
    outcome: 'deliveredToSome',
    text: 'delivered to some',
    detail: 'not to every connection open throughout',
    always: false,
  },
  {
    outcome: 'ownerOffline',
    text: 'offline',
    detail: 'the owner had no connection, and the stack agrees',
    always: true,
  },
  {
    outcome: 'ownerChanged',
    text: 'owner came or went',
    detail: 'finished by the stack while the owner’s connections changed',
    always: false,
  },
  { outcome: 'inQueue', text: 'in the queue', detail: 'not finished at the end', always: true },
  { outcome: 'deadLettered', text: 'dead-lettered', detail: 'given up, kept in the dead-letter queue', always: true },
  {
    outcome: 'missed',
    text: 'missed',
    detail: 'finished without a push, though a connection was open throughout',
    always: true,
    bad: true,
  },
  { outcome: 'lost', text: 'lost', detail: 'never finished, and in neither queue', always: true, bad: true },
  { outcome: 'unknown', text: 'unknown', detail: 'could not be told', always: false, bad: true },
];

const unconfirmedDetail = 'the owner had no connection; not confirmed by the stack';

export function eventTable({ events, pushes, replays, misdelivered, polled }: Ledger): Table {
  const strays = misdeliveryNames(misdelivered);
  const { outcomes, accepted, inFlight, deadLettered } = events;
  return {
    id: 'ledger',
    caption: 'Ledger of events: each accepted one has one outcome',
    columns: [words(''), figure('events')],
    rows: [
      [{ text: 'accepted', detail: 'distinct event ids answered 200' }, { text: count(accepted) }],
      ...outcomesInWords
        .filter(({ outcome, always }) => always || outcomes[outcome] > 0)
        .map(({ outcome, text, detail, bad }): Cell[] => [
          { text, detail: detailOf(outcome, events) ?? detail },
          outcome === 'lost' && events.lost === null
            ? { text: 'not known' }
            : { text: count(outcomes[outcome]), ...(bad && { tone: outcomes[outcome] === 0 ? 'good' : 'bad' }) },
        ]),
    ],
    notes: [
      ...nameNotes(events),
      `Messages at the end, copies included: ${known(inFlight)} in the queue, ${known(deadLettered)} dead-lettered in this run.`,
      `Pushes: ${count(pushes.delivered)} of ${count(pushes.expected)} expected arrived (missing ${count(pushes.missing)}, late ${count(pushes.late)}), ${plural(pushes.duplicate, 'duplicate')}, ${count(pushes.unexpected)} unexpected, ${count(misdelivered.pushes)} at other users, ${count(pushes.ofUnaccepted)} for posts not counted as accepted.`,
      ...(polled
        ? [
            `Polls: ${count(polled.delivered)} of ${count(polled.expected)} events that tabs were to read were read (missing ${count(polled.missing)}, late ${count(polled.late)}); ${count(polled.repeated)} were read again, since reads overlap by a minute.`,
          ]
        : []),
      ...(strays === '' ? [] : [`At other users: ${strays}.`]),
      `Replays: ${count(replays.accepted)} of ${plural(replays.posted, 'post')} with an id already posted ${replays.accepted === 1 ? 'was' : 'were'} accepted; a replay is not a new event.`,
    ],
  };
}

/** Where it is not the usual one: a stack that does not say which events it has finished, or not of each. */
function detailOf(outcome: EventOutcome, { confirmed, lost }: Ledger['events']): string | null {
  if (outcome === 'ownerOffline') return confirmed ? null : unconfirmedDetail;
  if (lost !== null) return null;
  if (outcome === 'missed')
    return 'never delivered, though a connection was open throughout, and in no queue; finished or lost: the stack does not say';
  return outcome === 'lost' ? 'among the missed, if any' : null;
}

const known = (value: number | null): string => (value === null ? 'an unknown number' : count(value));

/** The first ids of every outcome that somebody has to look into. */
function nameNotes(events: Ledger['events']): string[] {
  return outcomesInWords.flatMap(({ outcome, text }) => {
    if (outcome === 'deliveredToAll' || outcome === 'ownerOffline') return [];
    const names = namesOf(events, outcome);
    return names === '' ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}: ${names}.`];
  });
}

export function outcomeTable(ledger: Ledger): Table {
  return {
    id: 'outcomes',
    caption: 'Every connect, message and webhook, and how it ended',
    columns: [...outcomeColumns],
    rows: [
      outcomeRow('connects', ledger.connects),
      outcomeRow('messages', ledger.messages),
      outcomeRow('webhooks', ledger.webhooks),
      ...(ledger.fanOut ? [outcomeRow('publishes', ledger.fanOut.publishes)] : []),
      ...(ledger.polls ? [outcomeRow('polls', ledger.polls)] : []),
      ...(ledger.stageReads ? [outcomeRow('reads of the stage', ledger.stageReads)] : []),
    ],
    notes: [...subscriptionNotes(ledger), ...fanOutNotes(ledger), ...recoveryNotes(ledger)],
  };
}

export const outcomeColumns = [
  words(''),
  figure('due'),
  figure('dropped'),
  figure('sent'),
  words('outcomes'),
  figure('no outcome'),
] as const;

export const outcomeRow = (name: string, { intended, dropped, started, outcomes, outstanding }: Outcomes): Cell[] => [
  { text: name },
  { text: count(intended) },
  { text: count(dropped) },
  { text: count(started) },
  {
    text: Object.entries(outcomes)
      .filter(([, value], i) => i === 0 || value > 0)
      .map(([outcome, value]) => `${outcome} ${count(value)}`)
      .join(', '),
  },
  { text: count(outstanding), ...(outstanding !== 0 && { tone: 'bad' as const }) },
];

function subscriptionNotes({ subscriptions }: Ledger): string[] {
  if (subscriptions === null) return [];
  const { of, failed } = subscriptions;
  return [`Subscriptions: ${count(failed)} of ${count(of)} were refused, or had no answer.`];
}

function fanOutNotes({ fanOut }: Ledger): string[] {
  if (fanOut === null) return [];
  const { expected, delivered, missing, late, duplicate, unexpected, reordered, missed } = fanOut;
  const names = missedPublishNames(missed);
  return [
    `Fan-out: ${count(delivered)} of ${plural(expected, 'message')} to subscribers arrived (missing ${count(missing)}, late ${count(late)}), ${plural(duplicate, 'duplicate')}, ${count(unexpected)} unexpected, ${count(reordered)} out of order. Of the missing, ${count(missed.messages)} were missed: the subscriber was there throughout.`,
    ...(names === '' ? [] : [`Missed publishes: ${names}.`]),
  ];
}

function recoveryNotes({ recoveries }: Ledger): string[] {
  if (recoveries === null) return [];
  const { lost, recovered, abandoned, notBack } = recoveries;
  return [
    `Connections lost: ${count(lost)}. Reconnected: ${count(recovered)}; not reconnected at the end: ${count(notBack)}; given up, or failing for longer than a timeout: ${count(abandoned)}.`,
  ];
}
