import { describe, expect, test } from 'vitest';
import { steadinessOf } from './steadiness.ts';

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = seededRandom(1);
/** Log-normal, median 1. */
const noise = (sigma: number) =>
  Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
const seriesOf = (length: number, levelAt: (i: number) => number, sigma = 0.2) =>
  Array.from({ length }, (_, i) => levelAt(i) * noise(sigma));
const kinds = (series: number[][]) => series.map((each) => steadinessOf(each).kind);
const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

describe('steady noise', () => {
  test.each([
    [60, 0.02],
    [120, 0.005],
  ])('of %i values is called unsteady in at most this share of cases: %f', (length, rate) => {
    const found = kinds(times(1_000, () => seriesOf(length, () => 20, 0.3)));
    expect(found.filter((kind) => kind !== 'steady').length / found.length).toBeLessThanOrEqual(rate);
  });

  test('without any noise is steady, and so is a difference of 15%, however clear', () => {
    expect(steadinessOf(Array(60).fill(7))).toEqual({ kind: 'steady' });
    expect(steadinessOf(Array.from({ length: 60 }, (_, i) => (i < 10 ? 23 : 20)))).toEqual({ kind: 'steady' });
  });
});

describe('a series that is not', () => {
  test('a warm-up: steady from where it is over, with the means before and after', () => {
    const stepped = Array.from({ length: 60 }, (_, i) => (i < 15 ? 60 : 20));
    expect(steadinessOf(stepped)).toEqual({ kind: 'settles', index: 15, before: 60, after: 20 });
    const decays = times(100, () => seriesOf(60, (i) => 20 * (1 + 2 * Math.exp(-i / 5))));
    expect(kinds(decays).filter((kind) => kind === 'settles').length).toBeGreaterThanOrEqual(98);
  });

  test('a rise in the second half, as of a queue that fills: steady until then', () => {
    const stepped = Array.from({ length: 60 }, (_, i) => (i < 45 ? 20 : 80));
    expect(steadinessOf(stepped)).toEqual({ kind: 'drifts', index: 45, before: 20, after: 80 });
  });

  test('a rise from the first to the last: never, with the means of the halves', () => {
    const ramp = Array.from({ length: 120 }, (_, i) => 20 + i);
    expect(steadinessOf(ramp)).toEqual({ kind: 'never', before: 49.5, after: 109.5 });
    const doubled = kinds(times(100, () => seriesOf(120, (i) => 20 * (1 + i / 120))));
    expect(doubled.filter((kind) => kind !== 'steady').length).toBeGreaterThanOrEqual(94);
  });
});

test('59 values are too few', () => {
  expect(steadinessOf(Array(59).fill(7))).toEqual({ kind: 'tooFew', values: 59, needed: 60 });
});
