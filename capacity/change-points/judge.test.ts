import { describe, expect, test } from 'vitest';
import { historyOf } from './histories.fixture.ts';
import { alarmsOfEach, isSuspicious, judge, type Point } from './judge.ts';

const points = (values: readonly number[]): Point[] => values.map((value) => ({ value, isRepeat: false }));
const noisy = (nights: number, seed = 1, deviation = 0.02) =>
  historyOf({ nights, deviation, correlation: 0, seed }).map((value) => 50 * Math.exp(value));
const watched = { harm: 'higher', watched: 40 } as const;

test('one series has 0.03 false alarms a year, and forty of them 0.3 together', () => {
  expect(alarmsOfEach(1)).toBe(0.03);
  expect(alarmsOfEach(10)).toBe(0.03);
  expect(40 * alarmsOfEach(40)).toBeCloseTo(0.3);
});

describe('what is worth running again', () => {
  test('a night that is far worse, for the first time', () => {
    expect(isSuspicious(points([...noisy(30), 60]), watched)).toBe(true);
  });
  test('not an ordinary one, a better one, or one of a young series', () => {
    expect(isSuspicious(points(noisy(31)), watched)).toBe(false);
    expect(isSuspicious(points([...noisy(30), 40]), watched)).toBe(false);
    expect(isSuspicious(points([...noisy(8), 90]), watched)).toBe(false);
    expect(isSuspicious([], watched)).toBe(false);
  });
  test('not one of a regression that was found before', () => {
    const values = [...noisy(30), ...noisy(4, 2).map((value) => value * 1.3)];
    expect(judge(points(values), watched)).toMatchObject({ changes: [{ kind: 'regression', state: 'confirmed' }] });
    expect(isSuspicious(points(values), watched)).toBe(false);
  });
});

test('values of the series themselves come out, not their logarithms', () => {
  const values = [...Array<number>(15).fill(5), 7, 7];
  expect(judge(points(values), watched)).toMatchObject({ noise: 0, changes: [{ before: 5, after: 7 }] });
});

test('a series that reaches zero is compared by differences', () => {
  const values = [...Array<number>(15).fill(0), 2, 2];
  expect(judge(points(values), watched)).toMatchObject({ changes: [{ before: 0, after: 2, kind: 'regression' }] });
});

test('after a change it says how many runs it takes until the series is watched again', () => {
  const values = [...Array<number>(15).fill(5), 7, 7];
  expect(judge(points(values), watched)).toMatchObject({ watchedIn: 9 });
  expect(judge(points(Array<number>(15).fill(5)), watched)).toMatchObject({ watchedIn: 0 });
});
