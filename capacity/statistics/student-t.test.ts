import { expect, test } from 'vitest';
import { studentTQuantile } from './student-t.ts';

test.each([
  [1, 12.706204736],
  [2, 4.30265273],
  [3, 3.182446305],
  [4, 2.776445105],
  [8, 2.306004135],
  [30, 2.042272456],
  [1e6, 1.959966],
])('t(0.975, %f) = %f', (degreesOfFreedom, expected) => {
  expect(studentTQuantile(0.975, degreesOfFreedom)).toBeCloseTo(expected, degreesOfFreedom > 1e5 ? 5 : 9);
});

test('symmetric, 0 at the median, infinite at the ends, nothing outside', () => {
  expect(studentTQuantile(0.025, 3)).toBe(-studentTQuantile(0.975, 3));
  expect(studentTQuantile(0.5, 7)).toBe(0);
  expect(studentTQuantile(1, 7)).toBe(Number.POSITIVE_INFINITY);
  expect(studentTQuantile(1.1, 7)).toBeNaN();
  expect(studentTQuantile(0.9, 0)).toBeNaN();
});

test('with 4 degrees of freedom the distribution function has a closed form, which the quantile inverts', () => {
  for (const p of [0.51, 0.6, 0.9, 0.99, 0.999999]) {
    const t = studentTQuantile(p, 4);
    const s = t / Math.sqrt(4 + t * t);
    expect(0.5 + 0.75 * (s - s ** 3 / 3)).toBeCloseTo(p, 13);
  }
});
