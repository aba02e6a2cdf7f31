/** One push to one connection, with back-off where another attempt may succeed. */
import type { TimeBudget } from './time-budget.ts';

/**
 * Outcome of one attempt. `throttled` (429) and `unavailable` (5xx, no connection) are transient, `refused` is not. `unanswered`: the
 * request was sent and no answer came in time, so the frame may have been delivered. `gone` (410) is no proof of the connection's end: during
 * its handshake every push gets it, and now and then one does that has nothing to do with the connection (aws/aws-sdk-js#3773).
 */
export type PushAttempt =
  | { kind: 'sent' }
  /** `isCertain`: by whoever holds the connection, or held it. */
  | { kind: 'gone'; isCertain?: true }
  | { kind: 'throttled' }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'unanswered'; reason: string }
  | { kind: 'refused'; reason: string };

/** Sends a frame to a connection, within a time limit of its own. Never rejects: a failure is a result. */
export interface Pusher {
  push(connectionId: string, frame: string): Promise<PushAttempt>;
}

/** How a push ended, and how many of its attempts were throttled (429), regardless of the outcome. */
export type PushOutcome = { throttles: number } & (
  | { kind: 'sent' }
  | { kind: 'gone'; isCertain?: true }
  | { kind: 'throttled' }
  | { kind: 'outOfTime' }
  | { kind: 'failed'; reason: string }
);

export interface PushDependencies {
  pusher: Pusher;
  /** Ends early, without an error, when the signal is aborted. */
  sleepMs: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 ≤ random < 1. */
  random: () => number;
  budget: TimeBudget;
}

/** Total attempts. The maximum wait of a push throttled on every attempt is 50 + 100 + 200 + 400 ms. */
export const maxAttempts = 5;
const baseDelayMs = 50;

/**
 * Maximum wait in ms before an attempt after `failures` ≥ 1 failed attempts; the wait is uniform below it ("full jitter").
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 */
export const backOffCeilingMs = (failures: number): number => baseDelayMs * 2 ** (failures - 1);

/** @param goneAttempts how many 410s in a row, among at most as many attempts, are taken for the connection's end. */
export async function pushFrame(
  connectionId: string,
  frame: string,
  { pusher, sleepMs, random, budget }: PushDependencies,
  goneAttempts = maxAttempts,
): Promise<PushOutcome> {
  let throttles = 0;
  for (let attempt = 1; ; attempt++) {
    if (budget.leftMs() <= 0) return { kind: 'outOfTime', throttles };
    const answer = await pusher.push(connectionId, frame);
    switch (answer.kind) {
      case 'sent':
        return { kind: 'sent', throttles };
      case 'gone':
        if (answer.isCertain) return { ...answer, throttles };
        if (attempt >= goneAttempts) return { kind: 'gone', throttles };
        break;
      // Another attempt now would be another copy for a client that has the first one.
      case 'unanswered':
      case 'refused':
        return { kind: 'failed', reason: answer.reason, throttles };
      case 'throttled':
        throttles++;
        if (attempt >= maxAttempts) return { kind: 'throttled', throttles };
        break;
      case 'unavailable':
        if (attempt >= maxAttempts) return { kind: 'failed', reason: answer.reason, throttles };
        break;
    }
    await sleepMs(random() * backOffCeilingMs(attempt), budget.signal);
  }
}
