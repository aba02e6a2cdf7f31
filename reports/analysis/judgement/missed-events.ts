/** The objective that every plan has, with no share to allow: no accepted event is missed. */
import type { Ledger } from '../ledger.ts';
import type { SloRow } from './objective.ts';

export const missedEventsId = 'events.missed';

/** None where no event was accepted. It is judged whatever the generator did: whether a connection was open is not a matter of time. */
export function missedEventsRow({ events: { missed, accepted } }: Ledger): SloRow[] {
  if (accepted === 0) return [];
  return [
    {
      ...{ id: missedEventsId, name: 'missed events', unit: 'share', limit: 0 },
      ...{ measured: missed / accepted, kept: missed === 0 },
      ...{ tooFewSamples: false, interval95: null, failedShare: null, notJudged: null },
    },
  ];
}
