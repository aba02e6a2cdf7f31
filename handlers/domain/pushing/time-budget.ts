/** How long an invocation may still work. What comes after is kept for saving what was done, and for the answer. */
export interface TimeBudget {
  /** Milliseconds, monotonic. Negative once the time is over. */
  leftMs(): number;
  /** Aborted when the time is over. Waits and calls end with it. */
  readonly signal: AbortSignal;
}
