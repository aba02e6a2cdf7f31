import { expect, test } from 'vitest';
import { draw, streamOf } from './random.ts';

const draws = (seed: number, stream: number, count: number) =>
  Array.from({ length: count }, (_, sequence) => draw(seed, stream, sequence));

test('a draw is a function of seed, stream and position', () => {
  const stream = streamOf('fault slow table dynamodb');
  expect(draws(7, stream, 100)).toEqual(draws(7, stream, 100));
  expect(draw(7, stream, 41)).toBe(draws(7, stream, 50)[41]);
});

test('draws are uniform: 10^5 over 20 bins, chi-squared under the 99.9% quantile of 19 degrees, 43.8', () => {
  for (const seed of [0, 1, 7, -3, 2 ** 31 - 1]) {
    const bins = new Array<number>(20).fill(0);
    for (const u of draws(seed, streamOf('a'), 100_000)) bins[Math.floor(u * 20)] = (bins[Math.floor(u * 20)] ?? 0) + 1;
    const chiSquared = bins.reduce((sum, count) => sum + (count - 5_000) ** 2 / 5_000, 0);
    expect(chiSquared).toBeLessThan(43.8);
  }
});

test('neighbouring seeds, streams and positions are uncorrelated', () => {
  const correlation = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, index) => sum + (x - 0.5) * ((b[index] ?? 0) - 0.5), 0) / a.length / (1 / 12);
  const base = draws(7, streamOf('a'), 50_000);
  // Four standard errors of a correlation of 50,000 pairs: 4 / sqrt(50,000).
  const bound = 0.018;
  expect(Math.abs(correlation(base, draws(8, streamOf('a'), 50_000)))).toBeLessThan(bound);
  expect(Math.abs(correlation(base, draws(7, streamOf('b'), 50_000)))).toBeLessThan(bound);
  expect(Math.abs(correlation(base.slice(0, -1), base.slice(1)))).toBeLessThan(bound);
});
