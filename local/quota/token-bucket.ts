/**
 * Token bucket: `burst` tokens at the start, refilled at `ratePerSecond`, never over `burst`; one request takes one token.
 * The clock is an argument, so the same calls give the same answers. Time that runs backwards refills nothing.
 *
 * With a constant arrival rate λ over the quota r, the first refusal comes after burst / (λ − r) seconds.
 */
export class TokenBucket {
  readonly ratePerSecond: number;
  readonly burst: number;
  #tokens: number;
  #refilledAtMs: number;

  constructor(quota: { ratePerSecond: number; burst: number }, nowMs: number) {
    this.ratePerSecond = quota.ratePerSecond;
    this.burst = quota.burst;
    this.#tokens = quota.burst;
    this.#refilledAtMs = nowMs;
  }

  /** Tokens there are at `nowMs`. */
  available(nowMs: number): number {
    this.#refill(nowMs);
    return this.#tokens;
  }

  /** Takes one token, or answers false and takes none. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#refilledAtMs) return;
    const gained = ((nowMs - this.#refilledAtMs) / 1_000) * this.ratePerSecond;
    this.#tokens = Math.min(this.burst, this.#tokens + gained);
    this.#refilledAtMs = nowMs;
  }
}
