/** Objectives of single routes, judged as those of the whole are. Pure. */
import type { RouteSlo, Slo } from '../../../capacity/demand/plan.ts';
import type { RouteKind } from '../../../engine/src/records.ts';
import type { Observation } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import type { GeneratorHealth } from '../generator.ts';
import { idOfRoute, nothingMeasured, type SloRow } from '../judgement/objective.ts';
import { p99Rows } from '../judgement/p99-rows.ts';
import { shareRows } from '../judgement/share-rows.ts';
import { latencyRows } from '../latency.ts';
import { ledgerOf } from '../ledger.ts';
import { observationOfRoute } from './route-observation.ts';

export interface JudgedRoutes {
  routes: RunRecord['routes'];
  observation: Observation;
  generator: GeneratorHealth;
}

/** Rows of a kind, by the beginning of their ids. */
const rowsOfKind: Record<RouteKind, readonly string[]> = {
  message: ['roundTripP99Ms', 'messages.'],
  webhook: ['deliveryP99Ms', 'webhooks.', 'pushes.'],
};

/** One for each objective; of a route that the run does not have, nothing was measured. */
export function routeSloRows({ routes = {} }: Slo, judged: JudgedRoutes): SloRow[] {
  return Object.entries(routes).flatMap(([name, slo]) => {
    const rows = placesOf(name, judged.routes).flatMap(({ kind, place }) => rowsOf(slo, { kind, place, ...judged }));
    const missing = missingRows(slo).filter(({ id }) => !rows.some((row) => row.id.endsWith(id)));
    return [...rows, ...missing].map((row) => ({
      ...row,
      id: idOfRoute(name, row.id),
      name: `${row.name} of ${name}`,
    }));
  });
}

function placesOf(name: string, routes: RunRecord['routes']): { kind: RouteKind; place: number }[] {
  return (['message', 'webhook'] as const).flatMap((kind) => {
    const place = routes?.[kind].findIndex((route) => route.name === name) ?? -1;
    return place === -1 ? [] : [{ kind, place }];
  });
}

function rowsOf(
  slo: RouteSlo,
  { kind, place, observation: whole, generator }: { kind: RouteKind; place: number } & JudgedRoutes,
): SloRow[] {
  const observation = observationOfRoute(whole, kind, place);
  const judged = { observation, latency: latencyRows(observation), ledger: ledgerOf(observation), generator };
  const { errorShare, ...latencies } = slo;
  const all = [...p99Rows(latencies, judged), ...(errorShare === undefined ? [] : shareRows(errorShare, judged))];
  return all.filter(({ id }) => rowsOfKind[kind].some((start) => id.startsWith(start)));
}

/** What an objective is of, where no such route was sent. */
function missingRows({ roundTripP99Ms, deliveryP99Ms, errorShare }: RouteSlo): SloRow[] {
  const row = (id: string, name: string, unit: SloRow['unit'], limit: number | undefined): SloRow[] =>
    limit === undefined ? [] : [{ id, name, unit, limit, ...nothingMeasured }];
  return [
    ...row('roundTripP99Ms', 'round trip p99', 'ms', roundTripP99Ms),
    ...row('deliveryP99Ms', 'delivery p99', 'ms', deliveryP99Ms),
    ...row('errorShare', 'failures', 'share', errorShare),
  ];
}
