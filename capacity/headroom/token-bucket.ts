/** Token buckets: how API Gateway throttles requests and new connections. */

export interface TokenBucket {
  /** r: tokens added a second. */
  ratePerSecond: number;
  /** b: tokens the bucket holds. */
  burst: number;
}

/**
 * Seconds from a full bucket until the first request is throttled: t = b / (λ − r), for a constant offered rate λ in 1/s.
 * `never` when λ ≤ r. A load step shorter than this passes without proving that the rate is sustainable.
 * Refused for what is not a number or is negative. Source: token bucket arithmetic; API Gateway calls both figures targets, not ceilings (developer guide, websocket-api-protect).
 */
export function timeToThrottle(
  bucket: TokenBucket,
  offeredPerSecond: number,
): { kind: 'after'; seconds: number } | { kind: 'never' } | { kind: 'refused'; reason: string } {
  if (!(bucket.ratePerSecond >= 0 && bucket.burst >= 0 && offeredPerSecond >= 0))
    return {
      kind: 'refused',
      reason: `Rate ${bucket.ratePerSecond}, burst ${bucket.burst} and offered rate ${offeredPerSecond} must be numbers that are not negative.`,
    };
  const excess = offeredPerSecond - bucket.ratePerSecond;
  return excess > 0 ? { kind: 'after', seconds: bucket.burst / excess } : { kind: 'never' };
}

/**
 * The highest constant rate in 1/s that a full bucket carries for T seconds without a throttle: r + b / T
 * (timeToThrottle solved for λ). Holds when the bucket is full as the burst begins.
 */
export function carriedRatePerSecond(bucket: TokenBucket, lastsSeconds: number): number {
  return bucket.ratePerSecond + bucket.burst / lastsSeconds;
}
