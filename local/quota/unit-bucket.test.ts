import { expect, test } from 'vitest';
import { UnitBucket } from './unit-bucket.ts';

const quota = { ratePerSecond: 1_000, burst: 500 };

test('at twice the quota the first refusal comes at burst / (λ − r), and then the quota is accepted', () => {
  const bucket = new UnitBucket(quota, 0);
  const accepted: number[] = [];
  let firstRefusalMs = Number.POSITIVE_INFINITY;
  for (let request = 0; request < 20_000; request++) {
    const atMs = request / 2;
    if (bucket.admits(1, atMs)) {
      bucket.charge(1, atMs);
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
  const bucket = new UnitBucket({ ratePerSecond: 100, burst: 1 }, 0);
  expect(bucket.admits(0.5, 0)).toBe(true);
  bucket.charge(401, 0);
  expect(bucket.available(0)).toBe(-400);
  expect(bucket.admits(0.5, 4_004)).toBe(false);
  expect(bucket.admits(0.5, 4_005)).toBe(true);
});

test('what costs more than the burst is admitted when the bucket is full', () => {
  const bucket = new UnitBucket({ ratePerSecond: 10, burst: 10 }, 0);
  expect(bucket.admits(400, 0)).toBe(true);
  bucket.charge(1, 0);
  expect(bucket.admits(400, 99)).toBe(false);
  expect(bucket.admits(400, 100)).toBe(true);
});

test('what is given back does not go over the burst', () => {
  const bucket = new UnitBucket(quota, 0);
  bucket.charge(-10, 0);
  expect(bucket.available(0)).toBe(500);
});

test('a larger quota gives its larger burst at once, a smaller one takes what is over it', () => {
  const bucket = new UnitBucket(quota, 0);
  bucket.charge(500, 0);
  bucket.change({ ratePerSecond: 2_000, burst: 1_000 }, 0);
  expect(bucket.available(0)).toBe(500);
  expect(bucket.available(100)).toBe(700);
  bucket.change({ ratePerSecond: 10, burst: 5 }, 100);
  expect(bucket.available(100)).toBe(5);
});

test('a clock that runs backwards refills nothing', () => {
  const bucket = new UnitBucket(quota, 1_000);
  bucket.charge(500, 1_000);
  expect(bucket.available(0)).toBe(0);
});
