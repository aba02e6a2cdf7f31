import { expect, test } from 'vitest';
import { carriedRatePerSecond, timeToThrottle } from './token-bucket.ts';

const account = { ratePerSecond: 10_000, burst: 5_000 };

test('12,000/s offered to 10,000/s with a burst of 5,000 is throttled after 2.5 s', () => {
  expect(timeToThrottle(account, 12_000)).toEqual({ kind: 'after', seconds: 2.5 });
});

test('the sustained rate itself is never throttled', () => {
  expect(timeToThrottle(account, 10_000)).toEqual({ kind: 'never' });
});

test('the rate carried for T seconds is the one that is throttled after exactly T seconds', () => {
  expect(carriedRatePerSecond(account, 2.5)).toBe(12_000);
  expect(carriedRatePerSecond(account, 60)).toBeCloseTo(10_083.33, 2);
});

test('what is not a rate is refused, not called safe', () => {
  expect(timeToThrottle(account, Number.NaN).kind).toBe('refused');
  expect(timeToThrottle({ ...account, burst: -1 }, 12_000).kind).toBe('refused');
});
