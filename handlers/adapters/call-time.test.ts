import { describe, expect, it } from 'vitest';
import { callLimits, InvocationTime } from './call-time.ts';

describe('callLimits', () => {
  it('shares the timeout out to calls, and a call to its attempts', () => {
    // 4.5 s of 5 for two calls: 2.25 s each, in three attempts with 100 ms between them.
    expect(callLimits({ timeoutMs: 5_000, inSequence: 2, attempts: 3 })).toEqual({
      connectionTimeoutMs: 325,
      requestTimeoutMs: 650,
      maxAttempts: 3,
      callMs: 2_250,
    });
  });

  it('makes fewer attempts where the time is short, and no attempt longer than 3 s', () => {
    // 900 ms: two attempts would have 350 ms each.
    expect(callLimits({ timeoutMs: 1_000, inSequence: 1, attempts: 4 })).toMatchObject({
      maxAttempts: 1,
      requestTimeoutMs: 810,
    });
    expect(callLimits({ timeoutMs: 900_000, inSequence: 4, attempts: 4 })).toMatchObject({
      ...{ maxAttempts: 4, requestTimeoutMs: 3_000, connectionTimeoutMs: 1_000 },
    });
  });

  it('never exceeds nine tenths of the timeout, with any timeout that the settings accept', () => {
    for (let seconds = 1; seconds <= 900; seconds++) {
      for (const inSequence of [1, 2, 3, 4]) {
        for (const attempts of [1, 3, 4]) {
          const limits = callLimits({ timeoutMs: seconds * 1_000, inSequence, attempts });
          expect(limits.callMs * inSequence).toBeLessThanOrEqual(900 * seconds);
          expect(limits.requestTimeoutMs * limits.maxAttempts).toBeLessThan(limits.callMs);
          expect(limits.connectionTimeoutMs).toBeGreaterThan(0);
        }
      }
    }
  });
});

it('the time of an invocation keeps a tenth for the answer', () => {
  const clock = { ms: 100 };
  const time = new InvocationTime(() => clock.ms);
  expect(time.remainingMs).toBe(Number.POSITIVE_INFINITY);
  time.begin({ getRemainingTimeInMillis: () => 5_000 });
  expect(time.remainingMs).toBe(4_500);
  clock.ms = 4_700;
  expect(time.remainingMs).toBe(-100);
});
