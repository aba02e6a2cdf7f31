/** One push to one connection, with back-off if API Gateway is short of capacity. */

/** Outcome of one attempt. `throttled` (429) and `unavailable` (5xx, no answer in time) are transient; `refused` is not. */
export type PushAttempt =
  | { kind: 'sent' }
  | { kind: 'gone' }
  | { kind: 'throttled' }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'refused'; reason: string };

/** Sends a frame to a connection. Never rejects: a failure is a result. */
export interface Pusher {
  push(connectionId: string, frame: string): Promise<PushAttempt>;
}

/** How a push ended, and how many of its attempts were throttled (429), regardless of the outcome. */
export type PushOutcome = { throttles: number } & (
  | { kind: 'sent' }
  | { kind: 'gone' }
  | { kind: 'throttled' }
  | { kind: 'failed'; reason: string }
);

export interface PushDependencies {
  pusher: Pusher;
  sleepMs: (milliseconds: number) => Promise<void>;
  /** 0 ≤ random < 1. */
  random: () => number;
}

/** Total attempts. The maximum wait of a push throttled on every attempt is 50 + 100 + 200 + 400 ms. */
const maxAttempts = 5;
const baseDelayMs = 50;

/**
 * Maximum wait in ms before an attempt after `failures` ≥ 1 failed attempts; the wait is uniform below it ("full jitter").
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 */
export const backOffCeilingMs = (failures: number): number => baseDelayMs * 2 ** (failures - 1);

export async function pushFrame(
  connectionId: string,
  frame: string,
  { pusher, sleepMs, random }: PushDependencies,
): Promise<PushOutcome> {
  let throttles = 0;
  for (let attempt = 1; ; attempt++) {
    const answer = await pusher.push(connectionId, frame);
    switch (answer.kind) {
      case 'sent':
      case 'gone':
        return { kind: answer.kind, throttles };
      case 'refused':
        return { kind: 'failed', reason: answer.reason, throttles };
      case 'throttled':
        throttles++;
        if (attempt === maxAttempts) return { kind: 'throttled', throttles };
        break;
      case 'unavailable':
        if (attempt === maxAttempts) return { kind: 'failed', reason: answer.reason, throttles };
        break;
    }
    await sleepMs(random() * backOffCeilingMs(attempt));
  }
}
