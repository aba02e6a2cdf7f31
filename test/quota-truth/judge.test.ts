import { describe, expect, test } from 'vitest';
import { deviation, judge, type Quota } from './judge.ts';
import type { Attempt } from './open-loop.ts';

const quota: Quota = { ratePerSecond: 100, burst: 50 };

/** The answers of a bucket, computed independently: `lateMs` is how late each request is sent. */
function answered(bucket: Quota, lateMs: (index: number) => number = () => 0, answerMs = 2): Attempt[] {
  let tokens = bucket.burst;
  let lastMs = 0;
  return Array.from({ length: 800 }, (_, index): Attempt => {
    const dueAtMs = index * 5;
    const sentAtMs = dueAtMs + lateMs(index);
    tokens = Math.min(bucket.burst, tokens + ((sentAtMs - lastMs) / 1_000) * bucket.ratePerSecond);
    lastMs = sentAtMs;
    const accepted = tokens >= 1;
    if (accepted) tokens -= 1;
    return { dueAtMs, sentAtMs, doneAtMs: sentAtMs + answerMs, outcome: accepted ? 'accepted' : 'refused' };
  });
}

/** Offered 200/s for 4 s. */
function judged(attempts: Attempt[]) {
  const judgement = judge(attempts, quota, 200);
  return judgement.kind === 'measured' ? { ...judgement, deviation: deviation(judgement, quota) } : judgement;
}

describe('quota truth', () => {
  test('of an exact bucket: 100/s, and the first refusal after 50 / (200 - 100) = 0.5 s', () => {
    const judgement = judged(answered(quota));
    expect(judgement).toMatchObject({ kind: 'measured', deviation: null });
    if (judgement.kind !== 'measured') return;
    expect(judgement.acceptedPerSecond).toBeCloseTo(100, 0);
    expect(judgement.firstRefusalSeconds).toBeCloseTo(0.5, 1);
  });

  test.each([
    [
      '2% too much',
      { ratePerSecond: 102, burst: 50 },
      /^102\.\d\d\/s were accepted over 3\.\d\d s, but the quota is 100\/s$/,
    ],
    ['2% too little', { ratePerSecond: 98, burst: 50 }, /^9[78]\.\d\d\/s were accepted/],
    ['a burst 10% too small', { ratePerSecond: 100, burst: 45 }, /^the first refusal came after 0\.4\d\d s/],
    ['a burst 10% too large', { ratePerSecond: 100, burst: 55 }, /^the first refusal came after 0\.5\d\d s/],
  ])('of one with %s is refused', (_name, bucket, reason) => {
    expect(judged(answered(bucket))).toMatchObject({ kind: 'measured', deviation: expect.stringMatching(reason) });
  });

  test('a stall that the burst covers changes nothing', () => {
    // 100 ms without a request, then all of them together.
    const stalled = answered(quota, (index) => (index >= 400 && index < 420 ? (420 - index) * 5 : 0));
    expect(judged(stalled)).toMatchObject({ kind: 'measured', deviation: null });
  });

  test('a longer stall is not a measurement', () => {
    const stalled = answered(quota, (index) => (index >= 400 && index < 460 ? (460 - index) * 5 : 0));
    expect(judged(stalled)).toEqual({ kind: 'invalid', reason: 'a request was sent 300 ms late' });
  });

  test('a generator that is too slow before the first refusal is not a measurement', () => {
    const slow = answered(quota, (index) => Math.min(200, index));
    expect(judged(slow)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringMatching(/^16\d\.\d requests\/s were sent/),
    });
  });

  test('slow answers cannot be timed', () => {
    expect(judged(answered(quota, () => 0, 40))).toMatchObject({
      kind: 'invalid',
      reason: expect.stringMatching(/^too few/),
    });
  });

  test('a bucket that refuses nothing is wrong', () => {
    expect(judged(answered({ ratePerSecond: 1_000, burst: 50 }))).toEqual({
      kind: 'wrong',
      reason: '800 requests at 200/s, and none was refused',
    });
  });
});
