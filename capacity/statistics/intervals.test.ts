import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentileInterval, proportionInterval } from './intervals.ts';

const thousand = Array.from({ length: 1_000 }, (_, i) => i + 1);

test.each([
  [0.5, 469, 532, 0.953709],
  [0.95, 936, 964, 0.958095],
  [0.99, 983, 997, 0.976095],
])(
  'of 1,000 samples the %f quantile lies between ranks %i and %i, with probability %f',
  (q, lower, upper, coverage) => {
    const interval = percentileInterval(thousand.toReversed(), q);
    expect(interval).toMatchObject({ kind: 'value', lower, upper, lowerRank: lower, upperRank: upper });
    expect(interval.kind === 'value' && interval.coverage).toBeCloseTo(coverage, 6);
  },
);

test('counted values give the same interval as single ones', () => {
  const counts = Array.from({ length: 100 }, (_, i) => ({ value: i + 1, count: 10 }));
  // Ranks 469 and 532 are in the 47th and the 54th bucket.
  expect(percentileInterval(counts, 0.5)).toMatchObject({ lower: 47, upper: 54 });
});

test('a sample too small for two sides is refused, and the reason says how large it would have to be', () => {
  // 0.99^n ≤ 0.025 from n = 368 on.
  expect(percentileInterval(thousand.slice(0, 367), 0.99)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('368'),
  });
  expect(percentileInterval(thousand.slice(0, 368), 0.99).kind).toBe('value');
  expect(percentileInterval([], 0.5).kind).toBe('refused');
  expect(percentileInterval(thousand, 1).kind).toBe('refused');
});

describe('Clopper-Pearson', () => {
  test.each([
    [0, 100, 0, 0.0362166926452],
    [3, 1_000, 0.00061909993165, 0.00874202323848],
    [100, 100, 1 - 0.0362166926452, 1],
  ])('%i of %i: %f to %f', (successes, trials, lower, upper) => {
    const interval = proportionInterval(successes, trials);
    expect(interval).toEqual({ kind: 'value', lower: expect.closeTo(lower, 12), upper: expect.closeTo(upper, 12) });
  });

  test('each end is where a tail of the binomial distribution, summed, is 2.5%', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.round(share * trials);
        const interval = proportionInterval(successes, trials);
        if (interval.kind === 'refused') throw new Error(interval.reason);
        if (successes > 0) expect(tail(successes, trials, trials, interval.lower)).toBeCloseTo(0.025, 10);
        if (successes < trials) expect(tail(0, successes, trials, interval.upper)).toBeCloseTo(0.025, 10);
      }),
    );
  });

  test('a million trials are no harder', () => {
    const interval = proportionInterval(100, 1_000_000);
    expect(interval).toMatchObject({ lower: expect.closeTo(8.1364e-5, 8), upper: expect.closeTo(1.21626e-4, 8) });
  });

  test('an invalid share is refused', () => {
    expect(
      [
        [1, 0],
        [3, 2],
        [-1, 5],
        [0.5, 2],
      ].map(([k = 0, n = 0]) => proportionInterval(k, n).kind),
    ).toEqual(Array(4).fill('refused'));
  });
});

test('ranks agree with binomial sums', () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 200 }), fc.integer({ min: 20, max: 80 }), (n, percent) => {
      const q = percent / 100;
      const interval = percentileInterval(thousand.slice(0, n), q);
      if (interval.kind === 'refused') return;
      const below = (k: number) => tail(0, k, n, q);
      expect(below(interval.lowerRank - 1)).toBeLessThan(0.025);
      expect(below(interval.lowerRank)).toBeGreaterThanOrEqual(0.025);
      expect(below(interval.upperRank - 2)).toBeLessThan(0.975);
      expect(below(interval.upperRank - 1)).toBeGreaterThanOrEqual(0.975);
      expect(interval.coverage).toBeCloseTo(tail(interval.lowerRank, interval.upperRank - 1, n, q), 10);
    }),
  );
});

/** P(from ≤ X ≤ to) for X binomial, term by term. */
function tail(from: number, to: number, n: number, p: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let k = 0; k <= to; k += 1) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    if (k >= from)
      sum += Math.exp(logChoose + (k === 0 ? 0 : k * Math.log(p)) + (k === n ? 0 : (n - k) * Math.log1p(-p)));
  }
  return sum;
}
