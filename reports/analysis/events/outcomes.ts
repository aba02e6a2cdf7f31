/** One outcome for every accepted event. The client's sets of ids are compared with the target's; no outcome is the rest of a subtraction. */
import type { ListedEvent } from '../../../engine/src/records.ts';
import type { Observation } from '../../../record/observation.ts';
import { sumOfSeries } from '../series.ts';
import { hadConnectionAt } from './connection-at.ts';

/**
 * How an accepted event ended; each ends once.
 *
 *     deliveredToAll   pushed to every connection that was open from before the post until the end of the drain
 *     deliveredToSome  pushed, but not to one of these
 *     ownerOffline     the owner held no connection all that time, and the stack has finished the event
 *     ownerChanged     the stack has finished the event while the owner's connections came or went, or after the drain: whether one could be reached is open
 *     inQueue          in a message of the queue, not finished
 *     deadLettered     in a dead letter, not finished
 *     missed           the stack has finished the event without a push to a connection that was open while it did (connection-at.ts)
 *     lost             the stack has not finished it, and it is in neither queue
 *     unknown          nothing above can be told from what could be read
 */
const eventOutcomes = [
  'deliveredToAll',
  'deliveredToSome',
  'ownerOffline',
  'ownerChanged',
  'inQueue',
  'deadLettered',
  'missed',
  'lost',
  'unknown',
] as const;
export type EventOutcome = (typeof eventOutcomes)[number];
/** Outcomes whose events are known by id: all but the one that needs no word. */
export type NamedOutcome = Exclude<EventOutcome, 'deliveredToAll'>;

export interface SettledEvents {
  /** They add up to the accepted events, unless `excess` says otherwise. */
  counts: Record<EventOutcome, number>;
  /** Every id, for each outcome but the first. */
  ids: Record<NamedOutcome, string[]>;
  /** Counted, but not listed by id; a part of `unknown`, or of `ownerOffline` where only the client's word is needed. */
  notListed: number;
  /**
   * Of the ids of `unknown`, those that are in no queue at least: more ids are without a trace than there are messages that could hold them.
   * They are counted as lost, but which ones they are is not known.
   */
  lostAmongUnknown: number;
  /** Offline by the client's word alone: the stack could not be asked for each. */
  unconfirmed: number;
  /** Outcomes beyond the accepted events: the client's lines contradict each other. */
  excess: number;
}

type Server = Observation['server'];

/** Settles each event from what the client and the target say. Pure. */
export function settleEvents({ client, server }: Pick<Observation, 'client' | 'server'>): SettledEvents {
  const { totals, events } = client;
  const told = tellEach(client, server);
  const { ids } = told;
  const { offline: offlineBeyond, unknown: unknownBeyond } = beyondList(totals, events);
  const counts: SettledEvents['counts'] = {
    deliveredToAll: totals.eventsDelivered - totals.eventsDeliveredToSome,
    deliveredToSome: totals.eventsDeliveredToSome,
    ownerOffline: ids.ownerOffline.length + offlineBeyond,
    ownerChanged: ids.ownerChanged.length,
    inQueue: ids.inQueue.length,
    deadLettered: ids.deadLettered.length,
    missed: ids.missed.length,
    lost: ids.lost.length + told.lostAmongUnknown,
    unknown: ids.unknown.length - told.lostAmongUnknown + unknownBeyond,
  };
  const settled = eventOutcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  return {
    counts,
    ids,
    notListed: offlineBeyond + unknownBeyond,
    lostAmongUnknown: told.lostAmongUnknown,
    unconfirmed: told.unconfirmed + offlineBeyond,
    excess: settled - totals.eventsAccepted,
  };
}

/** Undelivered events that are not listed: the client's word still stands for owners who were away; whom it cannot name of the others, nobody can look for. */
export function beyondList(
  totals: Pick<Observation['client']['totals'], 'eventsAccepted' | 'eventsDelivered' | 'eventsOwnerOffline'>,
  events: readonly ListedEvent[],
): { offline: number; unknown: number } {
  const undelivered = totals.eventsAccepted - totals.eventsDelivered;
  const listed = events.filter(({ state }) => state !== 'deliveredToSome').length;
  const listedOffline = events.filter(({ state }) => state === 'ownerOffline').length;
  const offline = Math.max(0, Math.min(totals.eventsOwnerOffline - listedOffline, undelivered - listed));
  return { offline, unknown: Math.max(0, undelivered - listed - offline) };
}

type Told = Pick<SettledEvents, 'ids' | 'lostAmongUnknown' | 'unconfirmed'>;

function tellEach({ events }: Observation['client'], server: Server): Told {
  const { clockStepMs } = server.events;
  const ids: SettledEvents['ids'] = {
    ...{ deliveredToSome: [], ownerOffline: [], ownerChanged: [], inQueue: [], deadLettered: [] },
    ...{ missed: [], lost: [], unknown: [] },
  };
  const inQueue = setOf(server.events.inQueue);
  const deadLettered = setOf(server.events.deadLettered);
  const finished = server.events.finished && new Map(server.events.finished.map(({ id, atMs }) => [id, atMs]));
  const hidden = hiddenMessages(server);
  /** Those that may be in a message that could not be read. */
  const untraced: { id: string; otherwise: 'lost' | 'missed' }[] = [];
  let unconfirmed = 0;
  for (const event of events) {
    const { id, state } = event;
    const finishedAtMs = finished?.get(id);
    if (state === 'deliveredToSome') ids.deliveredToSome.push(id);
    // Finished comes first: what is left in a queue then is a copy.
    else if (finishedAtMs !== undefined) ids[whenFinished(event, finishedAtMs, clockStepMs)].push(id);
    else if (inQueue?.has(id)) ids.inQueue.push(id);
    else if (deadLettered?.has(id)) ids.deadLettered.push(id);
    else if (finished !== null) untraced.push({ id, otherwise: 'lost' });
    // Without the stack's word the client's stands, as far as it goes.
    else if (state === 'ownerOffline') {
      ids.ownerOffline.push(id);
      unconfirmed++;
    } else if (whenFinished(event, null, clockStepMs) === 'missed') untraced.push({ id, otherwise: 'missed' });
    else ids.unknown.push(id);
  }
  if (hidden === 0) for (const { id, otherwise } of untraced) ids[otherwise].push(id);
  else ids.unknown.push(...untraced.map(({ id }) => id));
  const lostAmongUnknown = hidden === 0 ? 0 : Math.max(0, untraced.length - hidden);
  return { ids, lostAmongUnknown, unconfirmed };
}

/** The outcome of an event that the stack has finished, and of which no push arrived. */
function whenFinished(
  event: ListedEvent,
  finishedAtMs: number | null,
  clockStepMs: number,
): 'ownerOffline' | 'ownerChanged' | 'missed' {
  if (event.state === 'ownerOffline') return 'ownerOffline';
  return hadConnectionAt(event, finishedAtMs, clockStepMs) ? 'missed' : 'ownerChanged';
}

const setOf = (ids: readonly string[] | null): ReadonlySet<string> | null => ids && new Set(ids);

/** Messages that may hold an event and could not be read. Infinite when not even their number is known, and 0 where there are no queues to ask. */
function hiddenMessages({ events, queues, series }: Server): number {
  if (events.inQueue !== null && events.deadLettered !== null) return 0;
  // An endpoint of which nothing is known has no queue that its events could wait in.
  if (queues === null) return series.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  const { visible, notVisible, delayed, deadLettered, deadLetteredBefore } = queues;
  const waiting = events.inQueue === null ? visible + notVisible + delayed : 0;
  const dead = events.deadLettered === null ? Math.max(0, deadLettered - deadLetteredBefore) : 0;
  return waiting + dead;
}

/** Events that the stack counted as offline: every copy that it handled, so it may be more than there are events. Null: no data. */
export function offlineByServer(server: Server): number | null {
  const counted = sumOfSeries(server, 'loadline.eventsOffline.sum');
  return counted.kind === 'value' ? counted.value : null;
}

/** The first of each outcome's ids. */
export const firstIds = (ids: SettledEvents['ids'], most: number): SettledEvents['ids'] => ({
  deliveredToSome: ids.deliveredToSome.slice(0, most),
  ownerOffline: ids.ownerOffline.slice(0, most),
  ownerChanged: ids.ownerChanged.slice(0, most),
  inQueue: ids.inQueue.slice(0, most),
  deadLettered: ids.deadLettered.slice(0, most),
  missed: ids.missed.slice(0, most),
  lost: ids.lost.slice(0, most),
  unknown: ids.unknown.slice(0, most),
});

const eventsFileVersion = 1;

/** events.json: every id of an accepted event that was not delivered to all, by its outcome, with all counts; the publishes that were missed; and what arrived at other users. */
export function eventsFileOf(observation: Observation) {
  const { counts, ids, lostAmongUnknown, notListed } = settleEvents(observation);
  const { missedPublishes = [], misdeliveries = [] } = observation.client;
  return { schemaVersion: eventsFileVersion, counts, lostAmongUnknown, notListed, ids, missedPublishes, misdeliveries };
}
