import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exhaustion, fitGrowth, predictUsage } from './growth.ts';

const history = [410, 428, 455, 447, 490, 512, 530, 561, 570, 602, 640, 655];
const fitOf = (series: Parameters<typeof fitGrowth>[0]) => {
  const growth = fitGrowth(series);
  if (growth.kind === 'refused') throw new Error(growth.reason);
  return growth;
};

describe('twelve months of usage', () => {
  test('growth of 4.43% a month, and 2,790 is reached in month 44.3 (Fieller 41.7 to 47.4)', () => {
    const growth = fitOf(history);
    expect(growth.growthPerPeriod).toBeCloseTo(0.0442736573705, 12);
    const answer = exhaustion(growth, 2_790);
    if (answer.kind !== 'at') throw new Error(answer.reason);
    expect(answer.periods).toBeCloseTo(44.3184161228, 9);
    expect(answer.interval.lower).toBeCloseTo(41.6797238482, 8);
    expect(answer.interval.upper).toBeCloseTo(47.3685178475, 8);
  });

  test('month 20: 973, a single month between 916 and 1,033', () => {
    const { value, interval, extrapolated } = predictUsage(fitOf(history), 20);
    expect([value, interval.lower, interval.upper].map((each) => each.toFixed(4))).toEqual([
      '972.9033',
      '916.1503',
      '1033.1720',
    ]);
    expect(extrapolated).toBe(true);
  });

  test('the same with the periods given, in any order', () => {
    const dated = history.map((value, period) => ({ period: period + 100, value })).toReversed();
    const answer = exhaustion(fitGrowth(dated), 2_790);
    expect(answer.kind === 'at' && answer.periods).toBeCloseTo(144.3184161228, 8);
  });
});

describe('no date', () => {
  test('growth that scatter drowns is not detectable', () => {
    expect(exhaustion(fitGrowth([100, 120, 90, 115, 95, 118, 98]), 500)).toMatchObject({
      kind: 'notDetectable',
      reason: expect.stringContaining('cannot be told from none'),
    });
  });

  test('usage that shrinks never arrives', () => {
    expect(exhaustion(fitGrowth([100, 90, 81, 73, 66]), 500)).toMatchObject({
      kind: 'notDetectable',
      reason: expect.stringContaining('shrinks'),
    });
  });

  test.each([
    ['three values', [1, 2, 3], 'needs 4'],
    ['a value of 0', [0, 1, 2, 3], 'above 0'],
  ])('refused: %s', (_, series, reason) => {
    expect(fitGrowth(series)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(exhaustion(fitGrowth(series), 10).kind).toBe('notDetectable');
  });
});

test('growth without scatter is found exactly, with an interval of no width', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.integer({ min: 4, max: 40 }), (rate, count) => {
      const growth = fitOf(Array.from({ length: count }, (_, t) => 50 * (1 + rate) ** t));
      expect(growth.growthPerPeriod).toBeCloseTo(rate, 9);
      const answer = exhaustion(growth, 50 * (1 + rate) ** 60);
      if (answer.kind !== 'at') throw new Error(answer.reason);
      expect(answer.periods).toBeCloseTo(60, 6);
      expect(answer.interval.upper - answer.interval.lower).toBeLessThan(1e-5);
    }),
  );
});

test('a capacity without a limit is never reached', () => {
  expect(exhaustion(fitGrowth([1, 2, 4.1, 8]), Number.POSITIVE_INFINITY).kind).toBe('notDetectable');
});
