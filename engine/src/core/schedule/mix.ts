/** Which of several kinds of messages or webhooks each one is. Pure. */
import { seededRandom } from './random.ts';

/** Beside a first message, or URL of webhooks. */
export interface Mix {
  also: string[];
  /** Of the first, and of each further one. */
  weights: number[];
}

/**
 * Chooses by weight, at random and for the same number the same: a connection that sends every tenth message still sends all kinds, and a webhook that is posted
 * again goes where it went. The weights have any sum above 0. `name`: of the fleet, so that not all begin with the same. @returns an index of them
 */
export function chooserOf(weights: readonly number[], name: string): (sequence: number) => number {
  const start = seedOf(name);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let below = 0;
  const bounds = weights.map((weight) => {
    below += weight / sum;
    return below;
  });
  const last = bounds.findLastIndex((bound, n) => bound > (bounds[n - 1] ?? 0));
  return (sequence) => {
    const drawn = seededRandom(start + sequence)();
    const found = bounds.findIndex((bound) => drawn < bound);
    return found === -1 ? last : found;
  };
}

/** FNV-1a, 32 bits. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
