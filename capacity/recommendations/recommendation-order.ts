/** The order in which recommendations are worth reading. */
import type { Exhaustion } from '../projection/exhaustion.ts';
import type { Recommendation } from './recommendation-terms.ts';

/** What is to be done, then what is not known, then what stays as it is. */
const rank: Record<Recommendation['kind'], number> = { ask: 0, set: 0, unknown: 1, keep: 2 };

/**
 * By date, the earliest first, what has none last; of one date by weight, which is how far its quota is exceeded in the end. What stays as it is
 * comes last. Of equals the order stays.
 */
export function inOrder(all: readonly Recommendation[], exhaustions: readonly Exhaustion[]): Recommendation[] {
  const weightOf = ({ id }: Recommendation): number => {
    const exhaustion = exhaustions.find(({ quotaId }) => id === `quota.${quotaId}`);
    if (exhaustion === undefined || exhaustion.kind === 'unknown') return 0;
    return exhaustion.kind === 'at' ? exhaustion.utilisation : exhaustion.utilisationAtEnd;
  };
  const never = '9999-12-31';
  return all.toSorted(
    (a, b) => rank[a.kind] - rank[b.kind] || (a.by ?? never).localeCompare(b.by ?? never) || weightOf(b) - weightOf(a),
  );
}
