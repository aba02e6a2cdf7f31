/** A token bucket in virtual time, whole milliseconds that never run backwards. */
export class VirtualBucket {
  #perMs: number;
  #burst: number;
  #tokens: number;
  #atMs = 0;

  constructor(quota: { ratePerSecond: number; burst: number }) {
    this.#perMs = quota.ratePerSecond / 1_000;
    this.#burst = quota.burst;
    this.#tokens = quota.burst;
  }

  /** Takes so many tokens, or answers false and takes none. */
  take(nowMs: number, tokens = 1): boolean {
    this.#refill(nowMs);
    // Sums of fractions: a token that is there but for a rounding error is there.
    if (this.#tokens < tokens - 1e-9) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** Takes them whatever there is, and answers how many were owed: who took them waits until they have been refilled. */
  borrow(nowMs: number, tokens: number): number {
    this.#refill(nowMs);
    this.#tokens -= tokens;
    return Math.max(0, -this.#tokens);
  }

  /** Undoes a {@link borrow} whose caller did not wait. */
  giveBack(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Milliseconds that a debt takes to be refilled. */
  refillMs(tokens: number): number {
    return tokens / this.#perMs;
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }
}
