/** The buckets of an API's routes, each of which takes its share of the requests. */
import type { Random } from '../../aws/random.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import type { RouteThrottle } from './spec.ts';

export class RouteBuckets {
  readonly #random: Random;
  readonly #routes: { below: number; bucket: TokenBucket | null }[];

  constructor(routes: readonly RouteThrottle[], random: Random) {
    this.#random = random;
    let below = 0;
    this.#routes = routes.map(({ share, throttle }) => {
      below += share;
      return { below, bucket: throttle && new TokenBucket(throttle, 0) };
    });
  }

  /** How many of this many requests pass, each by a route at random. */
  takeSome(nowMs: number, count: number): number {
    let passed = 0;
    for (let n = 0; n < count; n++) {
      const drawn = this.#random();
      const bucket = this.#routes.find(({ below }) => drawn < below)?.bucket ?? null;
      passed += bucket === null ? 1 : bucket.takeSome(nowMs, 1);
    }
    return passed;
  }
}
