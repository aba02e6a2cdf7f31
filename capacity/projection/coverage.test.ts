/** "95%" holds 95%. A small form of the table that `npm run bench:coverage` prints. */
import { expect, test } from 'vitest';
import { coverageOf } from './coverage.fixture.ts';

const histories = 200;

test.each(['independent', 'AR(0.6)', 'random walk'] as const)(
  'residuals of the kind “%s”: of 200 histories of a year, at least 95% reach the limit within the interval',
  (residuals) => {
    const of = { residuals, months: 12, ahead: 6, growthPerMonth: 0.05, scatter: 0.02, seed: 1 };
    const { reached, early, late, width } = coverageOf(of, histories);
    expect(reached).toBeGreaterThanOrEqual(0.95);
    expect(early + late + reached).toBeCloseTo(1, 9);
    // It says something: not more than a year for a day half a year ahead.
    expect(width).toBeLessThan(12);
  },
);

test('two years of independent counts are told from a random walk: the interval is narrower', () => {
  const of = { months: 24, ahead: 6, growthPerMonth: 0.05, scatter: 0.02, seed: 2 };
  const independent = coverageOf({ ...of, residuals: 'independent' }, 100);
  const walk = coverageOf({ ...of, residuals: 'random walk' }, 100);
  expect(independent.width).toBeLessThan(0.6 * walk.width);
});
