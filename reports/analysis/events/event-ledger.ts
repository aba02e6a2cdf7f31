/** The ledger's part on events, as report.json has it. */
import type { Observation } from '../../../record/observation.ts';
import { type EventOutcome, firstIds, type NamedOutcome, offlineByServer, settleEvents } from './outcomes.ts';

/** Every accepted event by its outcome (outcomes.ts): accepted = the sum of `outcomes`. Distinct event ids. */
export interface EventLedger {
  accepted: number;
  /** At least one push arrived. */
  delivered: number;
  outcomes: Record<EventOutcome, number>;
  /** The same numbers as in `outcomes`: neither may be above 0 in a run that is OK. `lost` is null where the stack does not say which events it has finished, and some of them never arrived: then what is missed, or offline by the client's word, may be lost. */
  missed: number;
  lost: number | null;
  /** At most {@link namedIds} ids of each outcome but the first; all are in events.json of the run folder. */
  ids: Record<NamedOutcome, string[]>;
  /** Known by number only: more than could be listed, or on lines that are missing. */
  notListed: number;
  /** Counted as lost without saying which: they are among the ids of `unknown`. */
  lostAmongUnknown: number;
  /** Of the offline ones, those that only the client vouches for. */
  unconfirmed: number;
  /** Outcomes beyond the accepted events. 0, or the client's records contradict each other. */
  excess: number;
  /** True when the stack itself has finished each of the offline ones. */
  confirmed: boolean;
  /** What the stack counted as offline, every copy of an event that it handled; null: no data. A cross-check. */
  offlineByServer: number | null;
  /** Messages at the end, which may be copies of one event; null when the queues could not be read. */
  deadLettered: number | null;
  inFlight: number | null;
  /** Messages of an earlier load, in the queue when this one began. */
  waitingBefore: number;
  /** Why the target could not be asked for an event, a sentence each. */
  notAsked: string[];
}

/** Ids that a report names of each outcome. */
const namedIds = 10;

export function eventLedger(observation: Observation): EventLedger {
  const { client, server } = observation;
  const { queues } = server;
  const { counts, ids, ...rest } = settleEvents(observation);
  const mayHideLost = server.events.finished === null && counts.missed + rest.unconfirmed > 0;
  return {
    accepted: client.totals.eventsAccepted,
    delivered: client.totals.eventsDelivered,
    outcomes: counts,
    missed: counts.missed,
    lost: mayHideLost ? null : counts.lost,
    ids: firstIds(ids, namedIds),
    ...rest,
    confirmed: server.events.finished !== null && rest.unconfirmed === 0,
    offlineByServer: offlineByServer(server),
    deadLettered: queues && queues.deadLettered - queues.deadLetteredBefore,
    inFlight: queues && queues.visible + queues.notVisible + queues.delayed,
    waitingBefore: queues?.waitingBefore ?? 0,
    notAsked: server.events.reasons,
  };
}
