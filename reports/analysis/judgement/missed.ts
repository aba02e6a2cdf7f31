/** The objectives that every plan has, with no share to allow: no accepted event is missed, no confirmed publish, and nothing reaches another user. */
import type { Ledger } from '../ledger.ts';
import type { SloRow } from './objective.ts';

const missedEventsId = 'events.missed';
const missedPublishesId = 'publishes.missed';
const misdeliveredId = 'pushes.misdelivered';
/** They have reasons of their own, which name what was missed (events/). */
export const isOfMissed = ({ id }: SloRow): boolean =>
  id === missedEventsId || id === missedPublishesId || id === misdeliveredId;

/** None where nothing was accepted. They are judged whatever the generator did: whether a connection was open is not a matter of time. */
export function missedRows({ events: { missed, accepted }, pushes, fanOut, misdelivered }: Ledger): SloRow[] {
  const answered = fanOut?.publishes.outcomes.answered ?? 0;
  const strays = misdelivered.pushes + misdelivered.messages;
  const arrived = pushes.delivered + pushes.late + (fanOut?.delivered ?? 0) + (fanOut?.late ?? 0) + strays;
  return [
    ...(accepted === 0 ? [] : [row(missedEventsId, 'missed events', missed / accepted)]),
    ...(answered === 0 ? [] : [row(missedPublishesId, 'missed publishes', (fanOut?.missed.publishes ?? 0) / answered)]),
    ...(arrived === 0 ? [] : [row(misdeliveredId, 'pushes to other users', strays / arrived)]),
  ];
}

const row = (id: string, name: string, measured: number): SloRow => ({
  ...{ id, name, unit: 'share', limit: 0, measured, kept: measured === 0 },
  ...{ tooFewSamples: false, interval95: null, failedShare: null, notJudged: null },
});
