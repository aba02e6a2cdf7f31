/** The uncertainty of a demand, from that of its coefficients. */

import type { Deployment } from '../headroom/deployment.ts';
import { demandsOf } from '../headroom/headroom.ts';
import type { Demand, Quota } from '../headroom/quota.ts';
import type { Coefficient, Coefficients } from './coefficients.ts';
import type { Load } from './load.ts';

/**
 * Relative standard error of each quota's demand: √Σ ((D(c + e) − D(c)) / D)² over the coefficients c that have a standard error e.
 * First order, coefficients taken as independent. Quotas whose demand no such coefficient moves are absent.
 */
export function demandErrors(
  load: Load,
  coefficients: Coefficients,
  deployment: Deployment,
  quotas: readonly Quota[],
): Map<string, number> {
  const sizes = (using: Coefficients) =>
    new Map(demandsOf(load, using, deployment, quotas).map(({ quotaId, demand }) => [quotaId, sizeOf(demand)]));
  const central = sizes(coefficients);
  const squares = new Map<string, number>();
  for (const moved of movedByOneError(coefficients))
    for (const [id, size] of sizes(moved)) {
      const before = central.get(id) ?? null;
      if (before === null || size === null || before === 0 || size === before) continue;
      squares.set(id, (squares.get(id) ?? 0) + (size / before - 1) ** 2);
    }
  return new Map([...squares].map(([id, sum]) => [id, Math.sqrt(sum)]));
}

const sizeOf = (demand: Demand): number | null =>
  demand.kind === 'unknown' ? null : (demand.burst?.value ?? demand.value);

/** A copy of the coefficients for each that has a standard error, with that one raised by it. */
function movedByOneError(whole: Coefficients): Coefficients[] {
  const moved: Coefficients[] = [];
  const walk = (node: object, put: (replacement: object) => Coefficients) => {
    for (const [key, child] of Object.entries(node)) {
      if (typeof child !== 'object' || child === null) continue;
      const replace = (replacement: object) => put({ ...node, [key]: replacement });
      if (!isCoefficient(child)) walk(child, replace);
      else if (child.kind === 'value' && (child.standardError ?? 0) > 0)
        moved.push(replace({ ...child, value: child.value + (child.standardError ?? 0) }));
    }
  };
  walk(whole, (replacement) => replacement as Coefficients);
  return moved;
}

const isCoefficient = (node: object): node is Coefficient => 'kind' in node && 'unit' in node;
