/** When a client retries after a failed attempt. */
/**
 * `none`: the delay itself, so that clients that failed together retry together. `full`: uniform from 0 to the delay.
 * `equal`: half the delay, plus a uniform part of the other half.
 * AWS Architecture Blog, "Exponential Backoff And Jitter" (M. Brooker, 2015).
 */
export const jitters = ['full', 'equal', 'none'] as const;
export type Jitter = (typeof jitters)[number];

export interface BackOff {
  jitter: Jitter;
  baseMs: number;
  capMs: number;
  /** Attempts of one client in total; infinite: it never gives up. */
  maxAttempts: number;
}

/** From which ms on attempt n (0: the first after the loss) is uniformly spread over which ms: min(cap, base · 2^n), with jitter. */
export function delayRange({ jitter, baseMs, capMs }: BackOff, attempt: number): { fromMs: number; spanMs: number } {
  const delayMs = Math.min(capMs, attempt < 31 ? baseMs * 2 ** attempt : capMs);
  switch (jitter) {
    case 'none':
      return { fromMs: delayMs, spanMs: 0 };
    case 'full':
      return { fromMs: 0, spanMs: delayMs };
    case 'equal':
      return { fromMs: delayMs / 2, spanMs: delayMs / 2 };
  }
}
