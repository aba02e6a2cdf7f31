/**
 * Mean concurrency L = λ · W: arrivals λ in 1/s times mean time in the system W in seconds.
 * J. D. C. Little, Operations Research 9(3), 1961. Holds for means in a steady state only: momentary concurrency is above it half of the time,
 * so a quota is checked against the measured maximum as well.
 */
export function littleConcurrency(arrivalRatePerSecond: number, meanSeconds: number): number {
  return arrivalRatePerSecond * meanSeconds;
}

/**
 * Concurrency that is exceeded for about 0.1% of the time when arrivals are Poisson and nothing queues: the number in an M/G/∞ system
 * is Poisson with mean L whatever the service time's distribution, so L + 3·√L.
 * The normal approximation is coarse below L ≈ 10; arrivals that come in waves go beyond it.
 */
export function momentaryConcurrency(meanConcurrency: number): number {
  return meanConcurrency + 3 * Math.sqrt(meanConcurrency);
}
