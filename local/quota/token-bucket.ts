/**
 * Token bucket: `burst` tokens at the start, refilled at `ratePerSecond`, never over `burst`; one request takes one token, or several.
 * The clock is an argument, so the same calls give the same answers. Time that runs backwards refills nothing.
 *
 * With a constant arrival rate λ over the quota r, the first refusal comes after burst / (λ − r) seconds.
 *
 * Tokens are counted from the moment at which the bucket was last full, not added up request by request: the sum of many small refills
 * would drift by their rounding, and a request that is due exactly at the quota's rate would be refused for the last digit of a sum.
 */
export class TokenBucket {
  readonly ratePerSecond: number;
  readonly burst: number;
  /** When the bucket was last full, and what has been taken since then. */
  #fullAtMs: number;
  #taken = 0;
  #latestMs: number;

  constructor(quota: { ratePerSecond: number; burst: number }, nowMs: number) {
    this.ratePerSecond = quota.ratePerSecond;
    this.burst = quota.burst;
    this.#fullAtMs = nowMs;
    this.#latestMs = nowMs;
  }

  /** Tokens there are at `nowMs`. */
  available(nowMs: number): number {
    if (nowMs > this.#latestMs) this.#latestMs = nowMs;
    const missing = this.#taken - ((this.#latestMs - this.#fullAtMs) * this.ratePerSecond) / 1_000;
    if (missing > 0) return this.burst - missing;
    this.#fullAtMs = this.#latestMs;
    this.#taken = 0;
    return this.burst;
  }

  has(nowMs: number, tokens = 1): boolean {
    // A millionth of a token is rounding, not quota.
    return this.available(nowMs) + 1e-6 >= tokens;
  }

  /** Takes `tokens`, or answers false and takes none. More than the burst can never be taken. */
  take(nowMs: number, tokens = 1): boolean {
    if (!this.has(nowMs, tokens)) return false;
    this.#taken += tokens;
    return true;
  }

  /** How long after `nowMs` there will be `tokens`, in ms; 0 when they are there, Infinity when they never will be. */
  waitMs(nowMs: number, tokens = 1): number {
    if (tokens > this.burst) return Number.POSITIVE_INFINITY;
    return Math.max(0, ((tokens - this.available(nowMs)) * 1_000) / this.ratePerSecond);
  }
}
