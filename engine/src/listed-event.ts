/** Accepted events that were not delivered to all, as a fleet lists them. */

/** What the client knows of an accepted event that was not delivered to all; the counter of each. */
export const eventStateCounters = {
  deliveredToSome: 'eventsDeliveredToSome',
  ownerOffline: 'eventsOwnerOffline',
  ownerChanged: 'eventsOwnerChanged',
  unreached: 'eventsUnreached',
} as const;
export type EventState = keyof typeof eventStateCounters;
export const eventStates = [
  'deliveredToSome',
  'ownerOffline',
  'ownerChanged',
  'unreached',
] as const satisfies EventState[];

/** From and to, in milliseconds since the epoch on the client's clock. */
export type Span = [fromMs: number, toMs: number];

/** An accepted event that was not delivered to all. */
export interface ListedEvent {
  id: string;
  state: EventState;
  /** Of several URLs, the place of the one that it was posted to, from 0. Absent: there is one only. */
  route?: number;
  /** Of `ownerChanged` and `unreached`: when it was first posted, and when a connection of its owner was open between then and the end of the drain. */
  postedMs?: number;
  open?: Span[];
  /** Between which reads of events over HTTP each of the owner's tabs has read all that was kept; absent: none of them made any. */
  read?: Span[];
}

/**
 * Events that one fleet lists at most, over the whole run. The counters go on: those beyond it are known by number, and not by id.
 * At about 100 bytes each they are 5 MB of a run folder.
 */
export const maxListedEvents = 50_000;
