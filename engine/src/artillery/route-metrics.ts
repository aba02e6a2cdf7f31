/** What single routes of a step did, as names of Artillery counters: `route.message.0.messagesSent`. */
import { type ClientRecord, type RouteKind, routeKinds } from '../records.ts';

const prefix = 'route.';

/** Counters of a line's routes, by names that begin alike in a second and over the run. */
export function* routeCountersOf({
  routes = {},
}: Pick<ClientRecord, 'routes'>): Generator<[name: string, count: number]> {
  for (const kind of routeKinds)
    for (const [place, { counters }] of Object.entries(routes[kind] ?? {}))
      for (const [name, count] of Object.entries(counters)) yield [`${prefix}${kind}.${place}.${name}`, count];
}

/** Values in each bucket, as the histograms of the whole are passed on. */
export function* routeBucketsOf({
  routes = {},
}: Pick<ClientRecord, 'routes'>): Generator<[name: string, count: number]> {
  for (const kind of routeKinds)
    for (const [place, { histograms }] of Object.entries(routes[kind] ?? {}))
      for (const [histogram, counts] of Object.entries(histograms))
        for (const [index, count] of Object.entries(counts))
          yield [`${prefix}${kind}.${place}.${histogram}.b.${index}`, count];
}

/** Null for any other counter. `name`: as the whole has it: `messagesSent`, `roundTripMicros.b.12`. */
export function readRouteCounter(counter: string): { kind: RouteKind; place: number; name: string } | null {
  const [, ofKind, place, name] = /^route\.(\w+)\.(\d+)\.(.+)$/.exec(counter) ?? [];
  const kind = routeKinds.find((each) => each === ofKind);
  return kind === undefined || name === undefined ? null : { kind, place: Number(place), name };
}
