/** The ledger of events by route: each event has the outcome that it has in the whole. Pure. */
import type { CounterName } from '../../../engine/src/records.ts';
import type { Observation } from '../../../record/observation.ts';
import { beyondList, type EventOutcome, type SettledEvents } from '../events/outcomes.ts';

/** Accepted events by their outcome: over all routes they add up to those of the ledger. */
export interface RouteEvents {
  accepted: number;
  outcomes: Record<EventOutcome, number>;
  /** Null where the stack does not say which events it has finished, and some of them never arrived. */
  lost: number | null;
}

/**
 * By the place of a route in the mix. What is lost among events that could be told apart no further (`lostAmongUnknown`) is of no route: there it is unknown,
 * as each of them is.
 */
export function eventsOfRoutes(
  { client, server }: Pick<Observation, 'client' | 'server'>,
  { ids }: SettledEvents,
): (place: number) => RouteEvents {
  const routeOf = new Map(client.events.map(({ id, route }) => [id, route]));
  return (place) => {
    const counters = client.routes?.webhook?.[place]?.counters ?? {};
    const count = (name: CounterName): number => counters[name] ?? 0;
    const named = (of: readonly string[]): number => of.filter((id) => routeOf.get(id) === place).length;
    const beyond = beyondList(
      {
        eventsAccepted: count('eventsAccepted'),
        eventsDelivered: count('eventsDelivered'),
        eventsOwnerOffline: count('eventsOwnerOffline'),
      },
      client.events.filter(({ route }) => route === place),
    );
    const outcomes: RouteEvents['outcomes'] = {
      deliveredToAll: count('eventsDelivered') - count('eventsDeliveredToSome'),
      deliveredToSome: count('eventsDeliveredToSome'),
      ownerOffline: named(ids.ownerOffline) + beyond.offline,
      ownerChanged: named(ids.ownerChanged),
      inQueue: named(ids.inQueue),
      deadLettered: named(ids.deadLettered),
      missed: named(ids.missed),
      lost: named(ids.lost),
      unknown: named(ids.unknown) + beyond.unknown,
    };
    const mayHideLost = server.events.finished === null && outcomes.missed + outcomes.ownerOffline > 0;
    return { accepted: count('eventsAccepted'), outcomes, lost: mayHideLost ? null : outcomes.lost };
  };
}
