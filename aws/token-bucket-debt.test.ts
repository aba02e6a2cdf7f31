import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const quota = { ratePerSecond: 1_000, burst: 500 };

test('at twice the quota the first refusal comes at burst / (λ − r), and then the quota is accepted', () => {
  const bucket = new TokenBucket(quota, 0);
  const accepted: number[] = [];
  let firstRefusalMs = Number.POSITIVE_INFINITY;
  for (let request = 0; request < 20_000; request++) {
    const atMs = request / 2;
    if (bucket.admits(atMs, 1)) {
      bucket.charge(atMs, 1);
      accepted.push(atMs);
    } else firstRefusalMs = Math.min(firstRefusalMs, atMs);
  }
  // 500 / (2,000 − 1,000) = 0.5 s
  expect(firstRefusalMs).toBeGreaterThanOrEqual(499);
  expect(firstRefusalMs).toBeLessThan(501);
  // 5 s at 1,000/s.
  expect(accepted.filter((atMs) => atMs >= 5_000).length).toBeGreaterThanOrEqual(4_999);
  expect(accepted.filter((atMs) => atMs >= 5_000).length).toBeLessThanOrEqual(5_001);
});

test('a request that turns out to cost more leaves a debt, which is paid off first', () => {
  const bucket = new TokenBucket({ ratePerSecond: 100, burst: 1 }, 0);
  expect(bucket.admits(0, 0.5)).toBe(true);
  bucket.charge(0, 401);
  expect(bucket.available(0)).toBe(-400);
  expect(bucket.admits(4_004, 0.5)).toBe(false);
  expect(bucket.admits(4_005, 0.5)).toBe(true);
});

test('a request that costs more than the burst is admitted when the bucket is full', () => {
  const bucket = new TokenBucket({ ratePerSecond: 10, burst: 10 }, 0);
  expect(bucket.admits(0, 400)).toBe(true);
  bucket.charge(0, 1);
  expect(bucket.admits(99, 400)).toBe(false);
  expect(bucket.admits(100, 400)).toBe(true);
});

test('returned tokens never exceed the burst', () => {
  const bucket = new TokenBucket(quota, 0);
  bucket.charge(0, -10);
  expect(bucket.available(0)).toBe(500);
});

test('a larger quota adds its larger burst immediately, a smaller one removes the excess', () => {
  const bucket = new TokenBucket(quota, 0);
  bucket.charge(0, 500);
  bucket.change({ ratePerSecond: 2_000, burst: 1_000 }, 0);
  expect(bucket.available(0)).toBe(500);
  expect(bucket.available(100)).toBe(700);
  bucket.change({ ratePerSecond: 10, burst: 5 }, 100);
  expect(bucket.available(100)).toBe(5);
});

test('a clock that runs backwards refills nothing', () => {
  const bucket = new TokenBucket(quota, 1_000);
  bucket.charge(1_000, 500);
  expect(bucket.available(0)).toBe(0);
});
