/**
 * Token buckets: how API Gateway throttles requests and new connections, Lambda its requests and new environments, and, as an approximate
 * model, DynamoDB its capacity units. Source: API Gateway developer guide, websocket-api-protect ("token bucket"; targets, not guaranteed
 * ceilings), read 2026-11.
 */

export interface BucketQuota {
  /** r: tokens added a second. */
  ratePerSecond: number;
  /** b: tokens the bucket holds. */
  burst: number;
}

/** A millionth of a token is rounding, not quota. */
const tolerance = 1e-6;

/**
 * `burst` tokens at the start, refilled at `ratePerSecond`, never over `burst`. The clock is an argument, so the same calls give the same
 * answers; time that runs backwards refills nothing. With a constant arrival rate λ over the quota r, the first refusal comes after
 * burst / (λ − r) seconds.
 *
 * A request whose cost is known only afterwards is admitted by {@link admits} and paid for by {@link charge}, so the bucket may be in debt, and refills
 * through zero first.
 *
 * Tokens are counted from the moment at which the bucket was last full, not added up request by request: the sum of many small refills
 * would drift by their rounding, and a request that is due exactly at the quota's rate would be refused for the last digit of a sum.
 */
export class TokenBucket {
  #quota: BucketQuota;
  /** When the bucket was last full, and what has been taken since then. */
  #fullAtMs: number;
  #taken = 0;
  #latestMs: number;

  constructor(quota: BucketQuota, nowMs: number) {
    this.#quota = quota;
    this.#fullAtMs = nowMs;
    this.#latestMs = nowMs;
  }

  /** Tokens available at `nowMs`; negative while in debt. */
  available(nowMs: number): number {
    if (nowMs > this.#latestMs) this.#latestMs = nowMs;
    const missing = this.#taken - ((this.#latestMs - this.#fullAtMs) * this.#quota.ratePerSecond) / 1_000;
    if (missing > 0) return this.#quota.burst - missing;
    this.#fullAtMs = this.#latestMs;
    this.#taken = 0;
    return this.#quota.burst;
  }

  has(nowMs: number, tokens = 1): boolean {
    return this.available(nowMs) + tolerance >= tokens;
  }

  /** Takes `tokens`, or returns false and takes none. More than the burst can never be taken. */
  take(nowMs: number, tokens = 1): boolean {
    if (!this.has(nowMs, tokens)) return false;
    this.#taken += tokens;
    return true;
  }

  /** Takes one token for each of up to `count` requests. @returns for how many */
  takeSome(nowMs: number, count: number): number {
    const taken = Math.max(0, Math.min(count, Math.floor(this.available(nowMs) + tolerance)));
    this.#taken += taken;
    return taken;
  }

  /** Whether a request may start whose cost is known to be at least `tokens`. One that costs more than the burst may when the bucket is full. */
  admits(nowMs: number, tokens: number): boolean {
    return this.has(nowMs, Math.min(tokens, this.#quota.burst));
  }

  /** Takes tokens, whether available or not. Negative: returns them, up to the burst. */
  charge(nowMs: number, tokens: number): void {
    this.available(nowMs);
    this.#taken += tokens;
  }

  isFull(nowMs: number): boolean {
    return this.available(nowMs) >= this.#quota.burst;
  }

  /** How long after `nowMs` there will be `tokens`, in ms (0 tokens: until a debt is paid); 0 when they are available, Infinity when they never will be. */
  waitMs(nowMs: number, tokens = 1): number {
    if (tokens > this.#quota.burst) return Number.POSITIVE_INFINITY;
    return Math.max(0, ((tokens - this.available(nowMs)) * 1_000) / this.#quota.ratePerSecond);
  }

  /** Replaces the quota. The additional tokens of a larger burst are available immediately. */
  change(quota: BucketQuota, nowMs: number): void {
    const tokens = Math.min(quota.burst, this.available(nowMs) + Math.max(0, quota.burst - this.#quota.burst));
    this.#quota = quota;
    this.#fullAtMs = this.#latestMs;
    this.#taken = quota.burst - tokens;
  }
}

/**
 * Seconds from a full bucket until the first request is throttled: t = b / (λ − r), for a constant offered rate λ in 1/s; null (never) when
 * λ ≤ r. A load step shorter than this passes without proving that the rate is sustainable.
 */
export function secondsToThrottle({ ratePerSecond, burst }: BucketQuota, offeredPerSecond: number): number | null {
  const excess = offeredPerSecond - ratePerSecond;
  return excess > 0 ? burst / excess : null;
}

/**
 * The highest constant rate in 1/s that a full bucket carries for T seconds without a throttle: r + b / T
 * (secondsToThrottle solved for λ). Holds when the bucket is full as the burst begins.
 */
export function carriedRatePerSecond({ ratePerSecond, burst }: BucketQuota, lastsSeconds: number): number {
  return ratePerSecond + burst / lastsSeconds;
}
