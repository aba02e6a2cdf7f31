import type { PostOutcome } from './post-outcome.ts';

/** How the provider posts an event again. */
export interface WebhookRetryPolicy {
  /** Posts of an event in all; 1: it is never posted again. */
  attempts: number;
  /** Wait before the second attempt; it doubles with each further one. */
  baseSeconds: number;
}

/** Answers after which Nylas posts again; after any other it does not (Nylas, notifications, read 2026-11). */
const retriedStatuses: readonly number[] = [408, 429, 502, 503, 504, 507];

/**
 * Wait after attempt n (1, 2, …) in microseconds, or null when there is no other: base × 2^(n-1), or what Retry-After says.
 * Nylas: 3 attempts, exponential, the last 10 to 20 min after the first; base 300 s gives 5 and 15 min. How it spreads them is not published.
 */
export function retryWaitMicros(policy: WebhookRetryPolicy, attempt: number, outcome: PostOutcome): number | null {
  if (outcome.kind !== 'throttled' && outcome.kind !== 'rejected') return null;
  const status = outcome.kind === 'throttled' ? 429 : outcome.status;
  if (attempt >= policy.attempts || !retriedStatuses.includes(status)) return null;
  return (outcome.retryAfterSeconds ?? policy.baseSeconds * 2 ** (attempt - 1)) * 1_000_000;
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3); null without it, and for a date, which providers' targets do not send. */
export function retryAfterSecondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
}
