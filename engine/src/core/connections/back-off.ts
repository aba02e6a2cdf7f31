/** How a client reconnects after a failed connect or a lost connection. Pure. */
export interface BackOff {
  /** Consecutive attempts before it gives up; 0: it does not reconnect. */
  attempts: number;
  baseSeconds: number;
  capSeconds: number;
  jitter: 'none' | 'full' | 'equal';
}

/**
 * Wait before attempt n (0, 1, 2, …), in microseconds, with w = min(cap, base × 2^n):
 * none: w; full: uniform in [0, w); equal: w/2 + uniform in [0, w/2).
 * M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015. `random` gives numbers in [0, 1).
 */
export function backOffMicros(policy: BackOff, attempt: number, random: () => number): number {
  const waitMicros = Math.min(policy.capSeconds, policy.baseSeconds * 2 ** Math.min(attempt, 60)) * 1_000_000;
  switch (policy.jitter) {
    case 'none':
      return waitMicros;
    case 'full':
      return waitMicros * random();
    case 'equal':
      return waitMicros / 2 + (waitMicros / 2) * random();
  }
}
