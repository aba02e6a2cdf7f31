import { describe, expect, test } from 'vitest';
import { retryAfterSecondsOf } from './post-outcome.ts';
import { retryWaitMicros } from './webhook-retries.ts';

const nylas = { attempts: 3, baseSeconds: 300 };
const seconds = (micros: number | null) => (micros === null ? null : micros / 1_000_000);
const rejected = (status: number, retryAfterSeconds: number | null = null) =>
  ({ kind: 'rejected', status, retryAfterSeconds }) as const;

describe('an event is posted again', () => {
  test('after 5 min, then after 10 more, and not a fourth time', () => {
    expect([1, 2, 3].map((attempt) => seconds(retryWaitMicros(nylas, attempt, rejected(503))))).toEqual([
      300,
      600,
      null,
    ]);
  });
  test('after 408, 429, 502, 503, 504 and 507 only', () => {
    const again = [400, 401, 408, 413, 500, 501, 502, 503, 504, 505, 507].filter(
      (status) => retryWaitMicros(nylas, 1, rejected(status)) !== null,
    );
    expect(again).toEqual([408, 502, 503, 504, 507]);
    expect(seconds(retryWaitMicros(nylas, 1, { kind: 'throttled', retryAfterSeconds: null }))).toBe(300);
  });
  test('when Retry-After says so', () => {
    expect(seconds(retryWaitMicros(nylas, 2, { kind: 'throttled', retryAfterSeconds: 7 }))).toBe(7);
    expect(retryWaitMicros(nylas, 3, { kind: 'throttled', retryAfterSeconds: 7 })).toBeNull();
  });
  test('never, if its outcome is unknown', () => {
    expect(retryWaitMicros(nylas, 1, { kind: 'timedOut' })).toBeNull();
    expect(retryWaitMicros(nylas, 1, { kind: 'failed', code: 'ECONNRESET' })).toBeNull();
    expect(retryWaitMicros(nylas, 1, { kind: 'accepted' })).toBeNull();
  });
});

test('Retry-After is a number of seconds', () => {
  expect(['3', ' 12 ', null, '', '-1', 'Wed, 21 Oct 2026 07:28:00 GMT'].map(retryAfterSecondsOf)).toEqual([
    3,
    12,
    null,
    null,
    null,
    null,
  ]);
});
