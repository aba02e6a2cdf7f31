/** The ledger as tables: every event, and how every connect, message and webhook ended. */
import type { Ledger, Outcomes } from '../analysis/ledger.ts';
import { count, plural } from '../analysis/numbers.ts';
import { type Cell, figure, figureCell, type Table, words } from './document.ts';

export function eventTable({ events, pushes, replays }: Ledger): Table {
  return {
    id: 'ledger',
    caption: 'Ledger of events: accepted = delivered + offline + dead-lettered + in flight',
    columns: [words(''), figure('events')],
    rows: [
      [{ text: 'accepted', detail: 'distinct event ids answered 200' }, { text: count(events.accepted) }],
      [{ text: 'delivered', detail: 'at least one push arrived' }, { text: count(events.delivered) }],
      [
        {
          text: 'offline',
          detail: events.confirmed
            ? `counted by the stack; the client expected ${count(events.offlineByClient)}`
            : 'counted by the client, not confirmed by the stack',
        },
        { text: count(events.offline) },
      ],
      [{ text: 'dead-lettered' }, figureCell(events.deadLettered, count, 'not available')],
      [
        { text: 'in flight', detail: 'still in the queue at the end' },
        figureCell(events.inFlight, count, 'not available'),
      ],
      ...(events.unattributed > 0
        ? [
            [
              { text: 'unattributed', detail: 'unanswered posts that were queued, replays left in the queue' },
              { text: count(events.unattributed) },
            ],
          ]
        : []),
      [
        { text: 'lost', detail: 'not accounted for' },
        { text: count(events.lost), tone: events.lost === 0 ? 'good' : 'bad' },
      ],
    ],
    notes: [
      `Pushes: ${count(pushes.delivered)} of ${count(pushes.expected)} expected arrived (missing ${count(pushes.missing)}, late ${count(pushes.late)}), ${plural(pushes.duplicate, 'duplicate')}, ${count(pushes.unexpected)} unexpected, ${count(pushes.ofUnaccepted)} for posts not counted as accepted. ${plural(pushes.eventsDeliveredToAll, 'event')} reached every connection of their owner.`,
      `Replays: ${count(replays.accepted)} of ${plural(replays.posted, 'post')} with an id already posted ${replays.accepted === 1 ? 'was' : 'were'} accepted; a replay is not a new event.`,
    ],
  };
}

export function outcomeTable(ledger: Ledger): Table {
  return {
    id: 'outcomes',
    caption: 'Every connect, message and webhook, and how it ended',
    columns: [words(''), figure('due'), figure('dropped'), figure('sent'), words('outcomes'), figure('no outcome')],
    rows: [
      rowOf('connects', ledger.connects),
      rowOf('messages', ledger.messages),
      rowOf('webhooks', ledger.webhooks),
      ...(ledger.fanOut ? [rowOf('publishes', ledger.fanOut.publishes)] : []),
    ],
    notes: [...fanOutNotes(ledger), ...recoveryNotes(ledger)],
  };
}

const rowOf = (name: string, { intended, dropped, started, outcomes, outstanding }: Outcomes): Cell[] => [
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

function fanOutNotes({ fanOut }: Ledger): string[] {
  if (fanOut === null) return [];
  const { expected, delivered, missing, late, duplicate, unexpected, reordered } = fanOut;
  return [
    `Fan-out: ${count(delivered)} of ${plural(expected, 'message')} to subscribers arrived (missing ${count(missing)}, late ${count(late)}), ${plural(duplicate, 'duplicate')}, ${count(unexpected)} unexpected, ${count(reordered)} out of order.`,
  ];
}

function recoveryNotes({ recoveries }: Ledger): string[] {
  if (recoveries === null) return [];
  const { lost, recovered, abandoned, notBack } = recoveries;
  return [
    `Connections lost: ${count(lost)}. Reconnected: ${count(recovered)}; not reconnected at the end: ${count(notBack)}; given up, or failing for longer than a timeout: ${count(abandoned)}.`,
  ];
}
