/** When a client retries after a failed attempt. */
import type { Random } from './random.ts';

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

/** Delay in ms before attempt n (0: the first after the loss): min(cap, base · 2^n), with jitter; a whole millisecond. */
export function backOffMs({ jitter, baseMs, capMs }: BackOff, attempt: number, random: Random): number {
  const delayMs = Math.min(capMs, attempt < 31 ? baseMs * 2 ** attempt : capMs);
  switch (jitter) {
    case 'none':
      return Math.round(delayMs);
    case 'full':
      return Math.round(delayMs * random());
    case 'equal':
      return Math.round(delayMs / 2 + (delayMs / 2) * random());
  }
}
