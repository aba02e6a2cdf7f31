import { describe, expect, test } from 'vitest';
import { type ChangePoint, detectChanges, minBaseline } from './detect.ts';
import { historyOf } from './histories.fixture.ts';

const year = 365;
const found = (changes: readonly ChangePoint[]) => changes.map(({ at, foundAt }) => ({ at, foundAt }));

describe('false alarms a series and year', () => {
  const alarms = (correlation: number, histories: number) => {
    let count = 0;
    for (let seed = 1; seed <= histories; seed++)
      count += detectChanges(historyOf({ nights: year + minBaseline, deviation: 0.05, correlation, seed })).length;
    return count / histories;
  };
  // The rates themselves are measured over thousands of histories by bench/regression: these bounds are those of chance around them.
  test('independent noise: about 0.03', () => expect(alarms(0, 30)).toBeLessThanOrEqual(0.1));
  test('noise with a correlation of 0.5: below 0.5', () => expect(alarms(0.5, 30)).toBeLessThanOrEqual(0.5));
});

describe('a change is found, with its first night', () => {
  test.each([
    [1.1, 2],
    [1.2, 2],
    [0.9, 2],
  ])('by a factor of %d in noise of 1%%: after %d nights', (ratio, nights) => {
    const values = historyOf({ nights: 120, deviation: 0.01, correlation: 0, change: { ratio, at: 60 }, seed: 5 });
    expect(found(detectChanges(values))).toEqual([{ at: 60, foundAt: 60 + nights - 1 }]);
  });

  test('what is said of a night depends on no later one', () => {
    const values = historyOf({
      nights: 120,
      deviation: 0.03,
      correlation: 0.3,
      change: { ratio: 1.2, at: 50 },
      seed: 2,
    });
    const all = detectChanges(values);
    expect(all).not.toEqual([]);
    for (let nights = 1; nights <= values.length; nights++)
      expect(detectChanges(values.slice(0, nights))).toEqual(all.filter(({ foundAt }) => foundAt < nights));
  });

  test('two changes, up and down again', () => {
    const up = historyOf({ nights: 90, deviation: 0.02, correlation: 0, change: { ratio: 1.3, at: 30 }, seed: 3 });
    const values = up.map((value, night) => (night >= 60 ? value - Math.log(1.3) : value));
    expect(detectChanges(values).map(({ at, strength }) => [at, Math.sign(strength)])).toEqual([
      [30, 1],
      [60, -1],
    ]);
  });
});

test('one bad night is no change, however bad', () => {
  for (const ratio of [0.2, 0.6, 5]) {
    const values = historyOf({ nights: 80, deviation: 0.02, correlation: 0, seed: 4 });
    values[40] = (values[40] ?? 0) + Math.log(ratio);
    expect(detectChanges(values)).toEqual([]);
  }
});

test('an exact series changes with the first night that differs, once it has a history', () => {
  const exact = (...stretches: [number, number][]) =>
    stretches.flatMap(([value, nights]) => Array<number>(nights).fill(value));
  expect(found(detectChanges(exact([5, 30], [6, 3])))).toEqual([{ at: 30, foundAt: 30 }]);
  expect(found(detectChanges(exact([5, 3], [6, 30])))).toEqual([]);
  expect(detectChanges(exact([5, 200]))).toEqual([]);
});

test('a series of fewer nights than a baseline has no changes', () => {
  expect(detectChanges([])).toEqual([]);
  expect(detectChanges([1, 2, 3, 50, 60])).toEqual([]);
});
