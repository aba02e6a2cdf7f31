/** What single routes did, merged: everything is a count, so merging is addition. Pure. */
import { type RouteKind, routeKinds } from '../engine/src/records.ts';
import type { Observation } from '../record/observation.ts';
import type { MeasuredRoutes, RoutesOfSecond } from '../record/route-counts.ts';

export type { RoutesOfSecond } from '../record/route-counts.ts';

type Counts = Record<string, number>;

function add(to: Counts, from: Readonly<Counts>): void {
  for (const [name, count] of Object.entries(from)) to[name] = (to[name] ?? 0) + count;
}

export function mergeRoutes(all: readonly RoutesOfSecond[]): RoutesOfSecond {
  const merged: Partial<Record<RouteKind, Record<string, { counters: Counts; histograms: Record<string, Counts> }>>> =
    {};
  for (const routes of all)
    for (const kind of routeKinds)
      for (const [place, { counters, histograms }] of Object.entries(routes[kind] ?? {})) {
        merged[kind] ??= {};
        merged[kind][place] ??= { counters: {}, histograms: {} };
        const sum = merged[kind][place];
        add(sum.counters, counters);
        for (const [name, counts] of Object.entries(histograms)) {
          sum.histograms[name] ??= {};
          add(sum.histograms[name], counts);
        }
      }
  return merged;
}

/** Of a run, as an observation has them; nothing where no step had several. */
export function routesOf(whole: RoutesOfSecond, steady: RoutesOfSecond): Pick<Observation['client'], 'routes'> {
  const measured: MeasuredRoutes = {};
  for (const kind of routeKinds) {
    const routes = Object.entries(whole[kind] ?? {});
    if (routes.length === 0) continue;
    measured[kind] = Object.fromEntries(
      routes.map(([place, counts]) => [
        place,
        { ...counts, steadyHistograms: steady[kind]?.[place]?.histograms ?? {} },
      ]),
    );
  }
  return Object.keys(measured).length === 0 ? {} : { routes: measured };
}
