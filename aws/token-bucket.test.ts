import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriedRatePerSecond, secondsToThrottle, TokenBucket } from './token-bucket.ts';

/** Offers `ratePerSecond` requests evenly over `seconds`, starting at 0. Returns the answer to each, in order. */
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

  test('at exactly the quota, whose interval no binary fraction holds, nothing is refused after a million requests', () => {
    const bucket = new TokenBucket({ ratePerSecond: 3, burst: 1 }, 0);
    let refused = 0;
    for (let index = 0; index < 1_000_000; index++) if (!bucket.take((index * 1_000) / 3)) refused += 1;
    expect(refused).toBe(0);
  });

  test('a rate under one a second lets one through each time its token is whole', () => {
    const bucket = new TokenBucket({ ratePerSecond: 0.25, burst: 1 }, 0);
    const taken = [0, 1_000, 3_999, 4_000, 7_999, 8_000, 12_000].map((atMs) => bucket.take(atMs));
    expect(taken).toEqual([true, false, false, true, false, true, true]);
  });

  test('several tokens are taken together or not at all', () => {
    const bucket = new TokenBucket({ ratePerSecond: 10, burst: 10 }, 0);
    expect([bucket.take(0, 7), bucket.take(0, 4), bucket.take(0, 3), bucket.take(0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(bucket.waitMs(0, 4)).toBe(400);
    expect(bucket.take(399, 4)).toBe(false);
    expect(bucket.take(400, 4)).toBe(true);
    // There are never more tokens than the burst.
    expect(bucket.take(3_600_000, 11)).toBe(false);
    expect(bucket.waitMs(0, 11)).toBe(Number.POSITIVE_INFINITY);
  });

  test('agrees with a reference that counts thousandths of a token in integers', () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 2_000 }), tokens: fc.integer({ min: 1, max: 5 }) });
    const quota = fc.record({ ratePerSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 20 }) });
    const property = fc.property(quota, fc.array(step, { maxLength: 200 }), ({ ratePerSecond, burst }, steps) => {
      const bucket = new TokenBucket({ ratePerSecond, burst }, 0);
      let thousandths = burst * 1_000;
      let atMs = 0;
      for (const { afterMs, tokens } of steps) {
        atMs += afterMs;
        thousandths = Math.min(burst * 1_000, thousandths + afterMs * ratePerSecond);
        const expected = thousandths >= tokens * 1_000;
        if (expected) thousandths -= tokens * 1_000;
        expect(bucket.take(atMs, tokens)).toBe(expected);
        expect(bucket.available(atMs) * 1_000).toBeCloseTo(thousandths, 3);
      }
    });
    fc.assert(property, { numRuns: 200, seed: 20_261_121 });
  });
});

describe('a constant rate', () => {
  const account = { ratePerSecond: 10_000, burst: 5_000 };

  test('of 12,000/s offered to 10,000/s with a burst of 5,000 is throttled after 2.5 s; the sustained rate itself never', () => {
    expect(secondsToThrottle(account, 12_000)).toBe(2.5);
    expect(secondsToThrottle(account, 10_000)).toBeNull();
  });

  test('carried for T seconds is the one that is throttled after exactly T seconds', () => {
    expect(carriedRatePerSecond(account, 2.5)).toBe(12_000);
    expect(carriedRatePerSecond(account, 60)).toBeCloseTo(10_083.33, 2);
  });
});
