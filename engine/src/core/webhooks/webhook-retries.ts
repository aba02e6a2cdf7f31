import type { PostOutcome } from './post-outcome.ts';

/** How the provider retries an event. */
export interface WebhookRetryPolicy {
  /** Total posts of an event; 1: no retries. */
  attempts: number;
  /** Wait before the second attempt; it doubles with each further one. */
  baseSeconds: number;
}

/** Statuses after which Nylas retries; after no other (Nylas, notifications, read 2026-11). */
const retriedStatuses: readonly number[] = [408, 429, 502, 503, 504, 507];

/**
 * Wait after attempt n (1, 2, …) in microseconds, or null if it is the last: base × 2^(n-1), or the seconds of Retry-After.
 * Nylas: 3 attempts, exponential, the last 10 to 20 min after the first; base 300 s gives 5 and 15 min. How the attempts are spread is not published.
 */
export function retryWaitMicros(policy: WebhookRetryPolicy, attempt: number, outcome: PostOutcome): number | null {
  if (outcome.kind !== 'throttled' && outcome.kind !== 'rejected') return null;
  const status = outcome.kind === 'throttled' ? 429 : outcome.status;
  if (attempt >= policy.attempts || !retriedStatuses.includes(status)) return null;
  return (outcome.retryAfterSeconds ?? policy.baseSeconds * 2 ** (attempt - 1)) * 1_000_000;
}
