/** How a post ended. */
export type PostOutcome =
  | { kind: 'accepted' }
  | { kind: 'throttled'; retryAfterSeconds: number | null }
  | { kind: 'rejected'; status: number; retryAfterSeconds: number | null }
  | { kind: 'timedOut' }
  | { kind: 'failed'; code: string };
