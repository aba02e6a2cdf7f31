/**
 * Concurrency that is exceeded for about 0.1% of the time when arrivals are Poisson and nothing queues: the number in an M/G/∞ system
 * is Poisson with mean L whatever the service time's distribution, so L + 3·√L.
 * The normal approximation is coarse below L ≈ 10; arrivals that come in waves go beyond it.
 */
export function momentaryConcurrency(meanConcurrency: number): number {
  return meanConcurrency + 3 * Math.sqrt(meanConcurrency);
}
