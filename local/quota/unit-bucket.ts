/**
 * Token bucket of units whose cost is known only afterwards: a request is admitted when what is known of its cost is there, and pays
 * what it turned out to cost, so that the bucket may be in debt by the rest, and refills through zero first. What costs more than the
 * burst is admitted when the bucket is full.
 *
 * With requests of one unit and a constant rate λ over the quota r, the first refusal comes after burst / (λ − r) seconds.
 */
export interface UnitQuota {
  /** Units/s. */
  ratePerSecond: number;
  /** Units that may be saved up. */
  burst: number;
}

/** A refill is a sum of fractions: what should be 1 may be a little less. */
const tolerance = 1e-6;

export class UnitBucket {
  #quota: UnitQuota;
  #units: number;
  #refilledAtMs: number;

  constructor(quota: UnitQuota, nowMs: number) {
    this.#quota = quota;
    this.#units = quota.burst;
    this.#refilledAtMs = nowMs;
  }

  /** Units there are at `nowMs`; negative while in debt. */
  available(nowMs: number): number {
    if (nowMs > this.#refilledAtMs) {
      const gained = ((nowMs - this.#refilledAtMs) / 1_000) * this.#quota.ratePerSecond;
      this.#units = Math.min(this.#quota.burst, this.#units + gained);
      this.#refilledAtMs = nowMs;
    }
    return this.#units;
  }

  admits(units: number, nowMs: number): boolean {
    return this.available(nowMs) >= Math.min(units, this.#quota.burst) - tolerance;
  }

  /** Takes units, whether they are there or not. Negative ones are given back. */
  charge(units: number, nowMs: number): void {
    this.#units = Math.min(this.#quota.burst, this.available(nowMs) - units);
  }

  isFull(nowMs: number): boolean {
    return this.available(nowMs) >= this.#quota.burst;
  }

  /** Another quota from now on. What it allows more at once is there at once. */
  change(quota: UnitQuota, nowMs: number): void {
    this.available(nowMs);
    this.#units = Math.min(quota.burst, this.#units + Math.max(0, quota.burst - this.#quota.burst));
    this.#quota = quota;
  }
}
