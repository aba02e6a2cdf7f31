/** What each of several messages, and URLs of webhooks, did: latency and ledger by route. Pure. */
import type { RouteKind } from '../../../engine/src/records.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { settleEvents } from '../events/outcomes.ts';
import { failedWork } from '../judgement/failed-work.ts';
import { type RouteSummary, routeSummaryOf, steadyHistograms } from '../latency.ts';
import { type Ledger, ledgerOf, type Outcomes } from '../ledger.ts';
import { eventsOfRoutes, type RouteEvents } from './route-events.ts';
import { observationOfRoute } from './route-observation.ts';

export interface RouteReport {
  kind: RouteKind;
  /** As in run.json and in objectives of the plan. */
  name: string;
  /** Of what was due of its kind, 0 to 1; null: nothing was. */
  share: number | null;
  /** Round trips of messages; of webhooks how fast they were accepted, and the way to their pushes. */
  latency: RouteLatency[];
  /** How each message, or post, ended. */
  outcomes: Outcomes;
  /** Null for messages. */
  events: RouteEvents | null;
  pushes: Pick<Ledger['pushes'], 'expected' | 'delivered' | 'missing' | 'late' | 'duplicate'> | null;
}

export interface RouteLatency {
  id: 'roundTrip' | 'webhook' | 'delivery';
  name: string;
  /** What was due in the steady state, and the whole run. */
  steady: RouteSummary | null;
  run: RouteSummary | null;
}

const latencies = {
  message: [{ id: 'roundTrip', name: 'round trip', histogram: 'roundTripMicros' }],
  webhook: [
    { id: 'webhook', name: 'webhook accept', histogram: 'webhookMicros' },
    { id: 'delivery', name: 'delivery', histogram: 'deliveryMicros' },
  ],
} as const satisfies Record<RouteKind, readonly (Pick<RouteLatency, 'id' | 'name'> & { histogram: string })[]>;

/** Of each kind of which there were several; empty where there was one of each. */
export function routeReports({ routes }: Pick<RunRecord, 'routes'>, observation: Observation): RouteReport[] {
  const { routes: measured = {} } = observation.client;
  const settled = measured.webhook && settleEvents(observation);
  const kinds = (['message', 'webhook'] as const).filter((kind) => measured[kind] !== undefined);
  return kinds.flatMap((kind) => {
    const places = placesOf(kind, { routes, measured: measured[kind] ?? {} });
    const whole = ledgerOf(observation);
    const due = (kind === 'message' ? whole.messages : whole.webhooks).intended;
    const events = settled && eventsOfRoutes(observation, settled);
    return places.map((place): RouteReport => {
      const own = observationOfRoute(observation, kind, place);
      const ledger = ledgerOf(own);
      const outcomes = kind === 'message' ? ledger.messages : ledger.webhooks;
      const { expected, delivered, missing, late, duplicate } = ledger.pushes;
      return {
        kind,
        name: routes?.[kind][place]?.name ?? String(place + 1),
        share: due === 0 ? null : outcomes.intended / due,
        latency: latenciesOf(own, kind),
        outcomes,
        events: kind === 'webhook' ? (events?.(place) ?? null) : null,
        pushes: kind === 'webhook' ? { expected, delivered, missing, late, duplicate } : null,
      };
    });
  });
}

/** Of all that were to be sent, and of those that were: a route whose weight is 0 has a row as well. */
function placesOf(
  kind: RouteKind,
  { routes, measured }: { routes: RunRecord['routes']; measured: Readonly<Record<string, unknown>> },
): number[] {
  const most = Math.max(routes?.[kind].length ?? 0, ...Object.keys(measured).map((place) => Number(place) + 1));
  return Array.from({ length: most }, (_, place) => place);
}

function latenciesOf(own: Observation, kind: RouteKind): RouteLatency[] {
  const failed = failedWork(own);
  const inSteady = steadyHistograms(own);
  return latencies[kind].map(({ id, name, histogram }) => ({
    ...{ id, name },
    steady: routeSummaryOf(inSteady[histogram], failed[id].steady),
    run: routeSummaryOf(own.client.histograms[histogram], failed[id].run),
  }));
}
