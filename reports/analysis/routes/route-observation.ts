/** An observation as if one route had been all there was of its kind: what judges a whole judges a route by it. Pure. */
import {
  type CounterName,
  type HistogramName,
  type RouteCounts,
  type RouteKind,
  routeCounters,
  routeHistograms,
} from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';

const none: RouteCounts = { counters: {}, histograms: {} };

/**
 * Messages, or webhooks with their events and pushes, are those of the route at this place of the mix; all else is as it was. Where there was one only, the
 * whole is that route.
 */
export function observationOfRoute(observation: Observation, kind: RouteKind, place: number): Observation {
  const { client } = observation;
  const measured = client.routes?.[kind];
  if (measured === undefined) return observation;
  const own = measured[place] ?? { ...none, steadyHistograms: {} };
  return {
    ...observation,
    client: {
      ...client,
      totals: countersOf(client.totals, kind, own),
      histograms: histogramsOf(client.histograms, kind, own.histograms),
      steadyHistograms: histogramsOf(client.steadyHistograms, kind, own.steadyHistograms),
      events: kind === 'webhook' ? client.events.filter(({ route }) => route === place) : client.events,
      seconds: client.seconds.map((second) => secondOf(second, kind, place)),
    },
  };
}

function secondOf(second: ClientSecond, kind: RouteKind, place: number): ClientSecond {
  const own = second.routes?.[kind]?.[place] ?? none;
  return {
    ...second,
    counters: countersOf(second.counters, kind, own),
    histograms: histogramsOf(second.histograms, kind, own.histograms),
  };
}

type Counters = ClientSecond['counters'];
type Histograms = ClientSecond['histograms'];

function countersOf(whole: Counters, kind: RouteKind, { counters }: Pick<RouteCounts, 'counters'>): Counters {
  const names: readonly CounterName[] = routeCounters[kind];
  return { ...whole, ...Object.fromEntries(names.map((name) => [name, counters[name] ?? 0])) };
}

function histogramsOf(whole: Histograms, kind: RouteKind, own: Histograms): Histograms {
  const names: readonly HistogramName[] = routeHistograms[kind];
  const others = Object.entries(whole).filter(([name]) => !names.some((each) => each === name));
  return { ...Object.fromEntries(others), ...own };
}
