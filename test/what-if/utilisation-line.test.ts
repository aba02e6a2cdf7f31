import { expect, test } from 'vitest';
import { described, highestShare, pathOf } from '../../reports/what-if/browser/utilisation-line.ts';

const pointsOf = (...shares: (number | null)[]) =>
  shares.map((utilisation, months) => ({ months, utilisation, stageBegins: false }));
const axes = { x: (months: number) => months * 10, y: (share: number) => 100 - share * 50, top: 2 };

test('what is not known is a gap, and what is unbounded is at the top', () => {
  const points = pointsOf(0.2, null, 0.4, Number.POSITIVE_INFINITY);
  expect(pathOf(points, axes)).toBe('M0.0,90.0M20.0,80.0L30.0,0.0');
  expect(highestShare(points)).toBe(1);
  expect(highestShare(pointsOf(0.5, 3))).toBe(3);
});

test('a stage is a step', () => {
  const points = [
    { months: 0, utilisation: 0.2, stageBegins: false },
    { months: 1, utilisation: 0.4, stageBegins: true },
  ];
  expect(pathOf(points, axes)).toBe('M0.0,90.0L10.0,90.0L10.0,80.0');
});

test('in words, neither is 0%', () => {
  expect(described(pointsOf(null, 0.5), 12)).toBe('The fullest quota: unknown today, 50% at most within 12 months.');
  expect(described(pointsOf(0.5, Number.POSITIVE_INFINITY), 12)).toBe(
    'The fullest quota: 50% today, ∞% at most within 12 months.',
  );
  expect(described(pointsOf(null, null), 12)).toBe(
    'The fullest quota: unknown today, unknown at most within 12 months.',
  );
});
