/** The order in which recommendations are worth reading. */
import type { Recommendation } from './recommendation-terms.ts';

/** What is to be done, then what is not known, then what stays as it is. */
const rank: Record<Recommendation['kind'], number> = { ask: 0, set: 0, redesign: 0, unknown: 1, keep: 2 };

/**
 * What everything else presumes, then by date, the earliest first, what has none last; of one date by weight, which is how far its quotas are
 * exceeded. What stays as it is comes last. Of equals the order stays.
 */
export function inOrder(all: readonly Recommendation[]): Recommendation[] {
  const never = '9999-12-31';
  return all.toSorted(
    (a, b) =>
      Number(b.precondition) - Number(a.precondition) ||
      rank[a.kind] - rank[b.kind] ||
      (a.by ?? never).localeCompare(b.by ?? never) ||
      (b.weight ?? 0) - (a.weight ?? 0),
  );
}
