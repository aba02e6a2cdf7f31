import type { RequestEnd } from '../wire/request-pool.ts';

/** How a post ended. */
export type PostOutcome =
  | { kind: 'accepted' }
  | { kind: 'throttled'; retryAfterSeconds: number | null }
  | { kind: 'rejected'; status: number; retryAfterSeconds: number | null }
  | { kind: 'timedOut' }
  | { kind: 'failed'; code: string };

/** The outcome of an exchange: any 2xx is accepted, 429 throttled, every other status rejected. */
export function outcomeOf(exchange: RequestEnd): PostOutcome {
  if (exchange.kind !== 'answered') return exchange;
  const { status } = exchange;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const retryAfterSeconds = retryAfterSecondsOf(exchange.retryAfter);
  if (status === 429) return { kind: 'throttled', retryAfterSeconds };
  return { kind: 'rejected', status, retryAfterSeconds };
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3); null if absent, and for a date, which webhook endpoints do not send. */
export function retryAfterSecondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
}
