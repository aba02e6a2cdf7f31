import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitGrowth } from './growth.ts';

const history = [410, 428, 455, 447, 490, 512, 530, 561, 570, 602, 640, 655];

test('twelve months of usage grew by 4.43% a month, 95% 4.10% to 4.76%', () => {
  // Least squares on the logarithms; t(0.975, 10) = 2.228138852.
  const growth = fitGrowth(history);
  if (growth.kind !== 'fit') throw new Error(growth.reason);
  expect(growth.perPeriod).toBeCloseTo(0.0442736573705, 12);
  expect(growth.interval.lower).toBeCloseTo(0.0409942802693, 8);
  expect(growth.interval.upper).toBeCloseTo(0.0475633652817, 8);
});

test.each([
  ['scatter that drowns it', [100, 120, 90, 115, 95, 118, 98], 'is not distinguishable from zero'],
  ['no change at all', [5, 5, 5, 5], 'is not distinguishable from zero'],
  ['usage that shrinks', [100, 90, 81, 73, 66], 'shrinks'],
  ['three values', [1, 2, 3], 'needs 4'],
  ['a value of 0', [0, 1, 2, 3], 'above 0'],
])('not detectable: %s', (_, series, reason) => {
  expect(fitGrowth(series)).toMatchObject({ kind: 'notDetectable', reason: expect.stringContaining(reason) });
});

test('growth without scatter is found exactly, with an interval of no width', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.integer({ min: 4, max: 40 }), (rate, count) => {
      const growth = fitGrowth(Array.from({ length: count }, (_, t) => 50 * (1 + rate) ** t));
      if (growth.kind !== 'fit') throw new Error(growth.reason);
      expect(growth.perPeriod).toBeCloseTo(rate, 9);
      expect(growth.interval.upper - growth.interval.lower).toBeLessThan(1e-5);
    }),
  );
});
