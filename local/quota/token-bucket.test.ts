import { describe, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

/** Offers `ratePerSecond` requests evenly over `seconds`, starting at 0; the answer to each, in order. */
function offer(bucket: TokenBucket, ratePerSecond: number, seconds: number): { atMs: number; taken: boolean }[] {
  return Array.from({ length: ratePerSecond * seconds }, (_, index) => {
    const atMs = (index * 1_000) / ratePerSecond;
    return { atMs, taken: bucket.take(atMs) };
  });
}

describe('token bucket', () => {
  test('a burst takes exactly the burst', () => {
    const bucket = new TokenBucket({ ratePerSecond: 500, burst: 500 }, 0);
    const taken = Array.from({ length: 800 }, () => bucket.take(0)).filter(Boolean).length;
    expect(taken).toBe(500);
  });

  test('at twice the quota the first refusal comes at burst / (λ − r), and then the quota is accepted', () => {
    const bucket = new TokenBucket({ ratePerSecond: 1_000, burst: 500 }, 0);
    const answers = offer(bucket, 2_000, 10);
    const first = answers.find(({ taken }) => !taken);
    // 500 / (2,000 − 1,000) = 0.5 s
    expect(first?.atMs).toBeGreaterThan(475);
    expect(first?.atMs).toBeLessThan(525);
    const steady = answers.filter(({ atMs, taken }) => atMs >= 5_000 && taken).length;
    expect(steady).toBeGreaterThanOrEqual(4_950);
    expect(steady).toBeLessThanOrEqual(5_050);
  });

  test('under the quota nothing is refused', () => {
    const bucket = new TokenBucket({ ratePerSecond: 100, burst: 1 }, 0);
    expect(offer(bucket, 100, 5).every(({ taken }) => taken)).toBe(true);
  });

  test('a long pause refills to the burst and no further', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 5 }, 0);
    expect(bucket.available(3_600_000)).toBe(5);
  });

  test('a clock that runs backwards refills nothing', () => {
    const bucket = new TokenBucket({ ratePerSecond: 1_000, burst: 1 }, 1_000);
    expect(bucket.take(1_000)).toBe(true);
    expect(bucket.take(0)).toBe(false);
  });
});
