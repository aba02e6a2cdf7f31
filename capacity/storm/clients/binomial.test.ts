import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../aws/random.ts';
import { binomial } from './binomial.ts';

/** P(X = k), from logarithms of factorials. */
function probability(n: number, p: number, k: number): number {
  const logFactorial = (of: number) => Array.from({ length: of }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0);
  const logOf = logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log(1 - p);
  return Math.exp(logOf);
}

describe('binomial draws', () => {
  test.each([
    [10, 0.2],
    [200, 0.03],
    [60, 0.4],
    [400, 0.25],
    [300, 0.9],
  ])('of %d trials with p = %d are distributed as the formula says (chi-square over all values)', (n, p) => {
    const random = seededRandom(n);
    const draws = 40_000;
    const counts = new Array<number>(n + 1).fill(0);
    for (let i = 0; i < draws; i += 1) {
      const drawn = binomial(n, p, random);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    const cells = counts.map((count, k) => ({ count, expected: draws * probability(n, p, k) }));
    const judged = cells.filter(({ expected }) => expected >= 5);
    const chiSquare = judged.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
    // Mean k − 1 and variance 2(k − 1): five standard deviations.
    const freedom = judged.length - 1;
    expect(chiSquare).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
    expect(cells.every(({ count, expected }) => expected >= 5 || count <= 30)).toBe(true);
  });

  test('a million clients over 30,000 ms: mean and spread of what one millisecond gets', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => binomial(1e6, 1 / 30_000, random));
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length;
    // np = 33.33, and its standard error 0.04; the variance np(1 − p) is known to 1% (√(2/20,000)).
    expect(Math.abs(mean - 33.333)).toBeLessThan(0.16);
    expect(Math.abs(variance / 33.33 - 1)).toBeLessThan(0.04);
  });

  test('certain outcomes need no chance', () => {
    const never = () => {
      throw new Error('No number is drawn.');
    };
    expect([binomial(0, 0.5, never), binomial(9, 0, never), binomial(9, 1, never)]).toEqual([0, 0, 9]);
  });
});
