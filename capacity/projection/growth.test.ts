import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitGrowth } from './growth.ts';

const history = [410, 428, 455, 447, 490, 512, 530, 561, 570, 602, 640, 655];

test('twelve months of usage grew by 4.4% a month, within an interval that does not trust them to be independent', () => {
  const growth = fitGrowth(history);
  // By least squares alone, 4.427% and 4.10% to 4.76%.
  expect(growth.perPeriod).toBeCloseTo(0.0443, 3);
  expect(growth.interval.lower).toBeLessThan(0.041);
  expect(growth.interval.lower).toBeGreaterThan(0.03);
  expect(growth.interval.upper).toBeGreaterThan(0.0476);
  expect(growth.interval.upper).toBeLessThan(0.058);
  expect(growth.direction).toBe('grows');
});

describe('every history has an answer', () => {
  test('usage that shrinks by 3.8% a month, with some scatter', () => {
    const scatter = [1.002, 0.998, 1.001, 0.999, 1.002, 0.998, 1, 1.001, 0.999, 1];
    const growth = fitGrowth(scatter.map((noise, t) => 10_000 * 0.962 ** t * noise));
    expect(growth.perPeriod).toBeCloseTo(-0.038, 3);
    expect(growth.direction).toBe('shrinks');
    expect(growth.interval.upper).toBeLessThan(0);
  });

  test('no change at all: 0%, and nothing beside it', () => {
    const growth = fitGrowth([5, 5, 5, 5]);
    expect(growth.perPeriod).toBeCloseTo(0, 9);
    expect(growth.interval.upper - growth.interval.lower).toBeLessThan(1e-6);
    expect(growth.direction).toBe('unclear');
  });

  test('scatter that drowns it: an interval with both signs', () => {
    const { direction, interval } = fitGrowth([100, 120, 90, 115, 95, 118, 98]);
    expect(direction).toBe('unclear');
    expect(interval.lower).toBeLessThan(-0.02);
    expect(interval.upper).toBeGreaterThan(0.02);
  });

  test.each([
    ['three values', [1, 2, 3]],
    ['a value of 0', [0, 1, 2, 3]],
  ])('%s are refused', (_, series) => {
    expect(() => fitGrowth(series)).toThrow('Growth needs 4 values above 0');
  });
});

test('growth without scatter is found exactly, with an interval of no width', () => {
  fc.assert(
    fc.property(fc.double({ min: -0.3, max: 0.5, noNaN: true }), fc.integer({ min: 4, max: 40 }), (rate, count) => {
      const growth = fitGrowth(Array.from({ length: count }, (_, t) => 50 * (1 + rate) ** t));
      expect(growth.perPeriod).toBeCloseTo(rate, 9);
      expect(growth.interval.upper - growth.interval.lower).toBeLessThan(1e-5);
      expect(growth.ahead(6, 'lower')).toBeCloseTo(6 * Math.log1p(rate), 5);
      expect(growth.ahead(6, 'upper')).toBeCloseTo(6 * Math.log1p(rate), 5);
    }),
  );
});

test('in other units, and from the other end, it is the same growth', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 4, maxLength: 24 }), (values) => {
      const growth = fitGrowth(values);
      const scaled = fitGrowth(values.map((value) => value * 1_000));
      const reversed = fitGrowth(values.toReversed());
      expect(scaled.perPeriod).toBeCloseTo(growth.perPeriod, 6);
      expect(Math.log1p(reversed.perPeriod)).toBeCloseTo(-Math.log1p(growth.perPeriod), 6);
      expect(growth.interval.lower).toBeLessThanOrEqual(growth.perPeriod);
      expect(growth.interval.upper).toBeGreaterThanOrEqual(growth.perPeriod);
    }),
  );
});
