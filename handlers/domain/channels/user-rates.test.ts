import { expect, it } from 'vitest';
import { UserRates } from './user-rates.ts';

const cap = { messagesPerSecond: 10, burstSeconds: 2 };

/** How many of `attempts` at one moment are let through. */
const taken = (rates: UserRates, user: string, attempts: number, nowMs: number) =>
  Array.from({ length: attempts }, () => rates.take(user, cap, nowMs)).filter(Boolean).length;

it('lets a burst through, then the rate, and each user has a bucket', () => {
  const rates = new UserRates();
  expect(taken(rates, 'ann', 30, 0)).toBe(20);
  expect(taken(rates, 'bob', 30, 0)).toBe(20);
  expect(taken(rates, 'ann', 5, 99)).toBe(0);
  expect(taken(rates, 'ann', 5, 100)).toBe(1);
  expect(taken(rates, 'ann', 30, 1_100)).toBe(10);
  expect(taken(rates, 'ann', 30, 60_000)).toBe(20);
});

it('a rate under one a second still lets one through', () => {
  const rates = new UserRates();
  const slow = { messagesPerSecond: 0.1, burstSeconds: 1 };
  expect([0, 0, 9_999, 10_000].map((nowMs) => rates.take('ann', slow, nowMs))).toEqual([true, false, false, true]);
});

it('a clock that does not move gives nothing', () => {
  const rates = new UserRates();
  taken(rates, 'ann', 20, 1_000);
  expect(taken(rates, 'ann', 5, 1_000)).toBe(0);
  expect(taken(rates, 'ann', 5, 500)).toBe(0);
});

it('remembers 10,000 users, and forgets the one unseen for longest', () => {
  const rates = new UserRates();
  taken(rates, 'first', 20, 0);
  taken(rates, 'second', 20, 0);
  for (let n = 0; n < 9_998; n++) taken(rates, `u${n}`, 1, 0);
  expect(taken(rates, 'first', 1, 0)).toBe(0);
  taken(rates, 'one more', 1, 0);
  expect(taken(rates, 'second', 1, 0)).toBe(1);
  expect(taken(rates, 'first', 1, 0)).toBe(0);
});
