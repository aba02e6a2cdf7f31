/**
 * How long calls of AWS services may take, from the function's timeout: a function answers before Lambda ends it, whatever a service does.
 * Two rules do it: each attempt and each call has a share of the timeout, and no call goes on when the time of the invocation is nearly over.
 */

import type { CallBounds } from './aws/aws-client.ts';

/** Kept for the answer itself. */
const answerShare = 0.1;
export const longestAttemptMs = 3_000;
const longestConnectMs = 1_000;
/** An attempt shorter than this fails for a slow second of a service that works: then there is one attempt fewer. */
const shortestAttemptMs = 400;
/** Mean wait before each further attempt: uniform up to 100 ms · 2^n, at most a few times this. */
const backOffMs = 100;

/** @param inSequence how many calls wait for each other in the longest invocation. */
export function callLimits(options: { timeoutMs: number; inSequence: number; attempts: number }): CallBounds {
  const callMs = (options.timeoutMs * (1 - answerShare)) / options.inSequence;
  const attemptMs = (attempts: number) => callMs / attempts - backOffMs;
  let maxAttempts = options.attempts;
  while (maxAttempts > 1 && attemptMs(maxAttempts) < shortestAttemptMs) maxAttempts--;
  const requestTimeoutMs = Math.floor(
    Math.min(longestAttemptMs, maxAttempts === 1 ? callMs * (1 - answerShare) : attemptMs(maxAttempts)),
  );
  return {
    connectionTimeoutMs: Math.min(longestConnectMs, Math.floor(requestTimeoutMs / 2)),
    requestTimeoutMs,
    maxAttempts,
    callMs: Math.floor(callMs),
  };
}

/** The time of the invocation that runs: one at a time in a Lambda environment. */
export class InvocationTime {
  readonly #nowMs: () => number;
  #endsAtMs = Number.POSITIVE_INFINITY;

  /** @param nowMs milliseconds, monotonic. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Called first in each invocation. */
  begin(context: { getRemainingTimeInMillis: () => number }): void {
    this.#endsAtMs = this.#nowMs() + context.getRemainingTimeInMillis() * (1 - answerShare);
  }

  /** For calls. The part kept for the answer is not in it; may be negative. */
  get remainingMs(): number {
    return this.#endsAtMs - this.#nowMs();
  }
}
