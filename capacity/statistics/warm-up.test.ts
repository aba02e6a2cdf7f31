import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimWarmUp } from './warm-up.ts';

const range = Array.from({ length: 120 }, (_, t) => t);
const noise = (t: number) => (10 * (((7_919 * t) % 11) - 5)) / 5;

test('a start-up that decays by e every 12 values is over after 50', () => {
  const series = range.map((t) => 100 + 200 * Math.exp(-t / 12) + noise(t));
  expect(trimWarmUp(series)).toEqual({ kind: 'steady', drop: 50 });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(series)).toBeCloseTo(120.910626377, 8);
  expect(mean(series.slice(50))).toBeCloseTo(100.380965739, 8);
});

test('without a start-up nothing is dropped', () => {
  expect(trimWarmUp(range.map((t) => 100 + noise(t)))).toEqual({ kind: 'steady', drop: 0 });
  expect(trimWarmUp(range.map(() => 7))).toEqual({ kind: 'steady', drop: 0 });
});

test('a series that keeps rising is not steady', () => {
  expect(trimWarmUp(range.map((t) => 100 + t))).toMatchObject({ kind: 'notSteady' });
});

test('too few values are not steady, and the reason says how many are needed', () => {
  expect(trimWarmUp(range.slice(0, 19))).toMatchObject({ kind: 'notSteady', reason: expect.stringContaining('20') });
});

test('agrees with the definition, computed term by term', () => {
  const whole = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(fc.array(whole, { minLength: 20, maxLength: 120 }), (series) => {
      // Multiples of 5 make the batch means whole numbers, and g a fraction of whole numbers: no ties by rounding.
      const fives = series.map((value) => value * 5);
      expect(trimWarmUp(fives)).toMatchObject(naive(fives));
    }),
  );
});

function naive(series: number[]) {
  const m = Math.floor(series.length / 5);
  const z = Array.from({ length: m }, (_, j) => series.slice(5 * j, 5 * j + 5).reduce((a, b) => a + b, 0) / 5);
  const g = (d: number) => {
    const kept = z.slice(d);
    const mean = kept.reduce((a, b) => a + b, 0) / kept.length;
    return kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length ** 2;
  };
  let best = 0;
  for (let d = 1; d <= Math.floor(m / 2); d += 1) if (g(d) < g(best) * (1 - 1e-12)) best = d;
  return best === Math.floor(m / 2) ? { kind: 'notSteady' } : { kind: 'steady', drop: 5 * best };
}
