/** Links from what a report says of a quota to its row of the headroom table. */
import { type HeadroomRow, isWorthShowing } from '../analysis/headroom-rows.ts';
import type { Link } from './document.ts';

/** Where links to a quota lead. */
export const quotaAnchor = (quotaId: string): string => `quota-${quotaId}`;

/** The row of a quota in the tables; undefined: it has none. */
export const quotaAnchorOf =
  (headroom: readonly HeadroomRow[]) =>
  (quotaId: string): string | undefined =>
    headroom.some((row) => row.quotaId === quotaId && isWorthShowing(row)) ? quotaAnchor(quotaId) : undefined;

/** One link for each quota that has a row in the tables; none for the others. */
export function quotaLinks(
  headroom: readonly HeadroomRow[],
  quotas: readonly ({ quotaId: string } | null | undefined)[],
): Link[] {
  return quotas.flatMap((quota) => {
    const row = headroom.find(({ quotaId }) => quotaId === quota?.quotaId);
    return row && isWorthShowing(row) ? [{ text: `Headroom of ${row.name}`, anchor: quotaAnchor(row.quotaId) }] : [];
  });
}
