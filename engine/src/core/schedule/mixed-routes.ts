/** Which of several messages, or URLs of webhooks, each arrival is, and where what becomes of it is counted. */

import type { RouteKind } from '../../records.ts';
import type { Counting, Tally } from '../measure/tally.ts';
import { chooserOf, type Mix } from './mix.ts';

export interface MixedRoutes {
  /** The place in the mix of what is due next, from 0: each arrival has its own, also one that is dropped. */
  next(): number;
  counting(place: number): Counting;
}

/** `mix`: undefined where there is one only. `fleet`: its name. */
export function mixedRoutes(
  tally: Tally,
  { kind, mix, fleet }: { kind: RouteKind; mix: Mix | undefined; fleet: string },
): MixedRoutes {
  if (mix === undefined) return { next: () => 0, counting: () => tally };
  const choose = chooserOf(mix.weights, fleet);
  const countings = mix.weights.map((_, place) => tally.ofRoute(kind, place));
  let arrivals = 0;
  return { next: () => choose(arrivals++), counting: (place) => countings[place] ?? tally };
}
