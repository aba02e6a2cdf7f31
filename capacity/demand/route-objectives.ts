/** Objectives by one name each, as options and records have them: `deliveryP99Ms`, and of a route `routes.POST /hooks.deliveryP99Ms`. Pure. */
import type { Slo } from './plan.ts';

export const isOfRoute = (name: string): boolean => name.startsWith('routes.');
/** A route's own name may have dots. */
const ofRoute = /^routes\.(.+)\.([^.]+)$/s;

export function flatObjectives({ routes = {}, ...whole }: Slo): Record<string, number> {
  const flat: Record<string, number> = { ...whole };
  for (const [route, objectives] of Object.entries(routes))
    for (const [name, limit] of Object.entries(objectives)) flat[`routes.${route}.${name}`] = limit;
  return flat;
}

/** As a plan has them. What is no objective stays, for the schema to refuse. */
export function nestedObjectives(flat: Readonly<Record<string, number>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  const routes: Record<string, Record<string, number>> = {};
  for (const [name, limit] of Object.entries(flat)) {
    const [, route, objective] = ofRoute.exec(name) ?? [];
    if (route === undefined || objective === undefined) nested[name] = limit;
    else routes[route] = { ...routes[route], [objective]: limit };
  }
  return { ...nested, ...(Object.keys(routes).length > 0 && { routes }) };
}
