/** What the function that empties the queue calls for each webhook, with a limit of its own: not AWS's, but some API's or database's. */
import { TokenBucket } from '../../aws/token-bucket.ts';
import type { DownstreamLimit, DownstreamResult } from './spec.ts';

export class Downstream {
  #limit: DownstreamLimit;
  #bucket: TokenBucket;
  #calls = 0;
  #refused = 0;

  constructor(limit: DownstreamLimit, nowMs: number) {
    this.#limit = limit;
    this.#bucket = new TokenBucket(limit, nowMs);
  }

  /** How many of this many calls succeed now. */
  call(count: number, nowMs: number): number {
    const succeeded = this.#bucket.takeSome(nowMs, count);
    const refused = count - succeeded;
    this.#calls += count;
    this.#refused += refused;
    if (refused > 0 && this.#limit.refusedCallsCount) {
      // As in a sliding window that counts every call: whoever keeps calling stays refused. The debt is no more than one full window.
      const debtLeft = Math.max(0, this.#limit.burst + this.#bucket.available(nowMs));
      this.#bucket.charge(nowMs, Math.min(refused, debtLeft));
    }
    return succeeded;
  }

  result(): DownstreamResult {
    return { calls: this.#calls, refused: this.#refused };
  }
}
