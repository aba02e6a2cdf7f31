import { expect, test } from 'vitest';
import { chooserOf } from './mix.ts';

const many = 20_000;
const numbers = Array.from({ length: many }, (_, n) => n);

test('each kind comes by its weight, whatever came before', () => {
  const choose = chooserOf([6, 3, 1], 'f0');
  const chosen = numbers.map(choose);
  for (const [kind, share] of [0.6, 0.3, 0.1].entries()) {
    const found = chosen.filter((each) => each === kind).length / many;
    // Three standard errors.
    expect(Math.abs(found - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / many));
    const after = chosen.filter((each, n) => each === kind && chosen[n - 1] === 0).length / many;
    expect(Math.abs(after - share * 0.6)).toBeLessThan(3 * Math.sqrt((share * 0.6 * (1 - share * 0.6)) / many));
  }
});

test('the same number is always the same kind; another fleet begins with others', () => {
  const ofFirst = (name: string) => numbers.slice(0, 40).map(chooserOf([1, 1], name));
  expect(ofFirst('f0')).toEqual(ofFirst('f0'));
  expect(ofFirst('f0')).not.toEqual(ofFirst('f1'));
});

test('a weight of 0 never comes', () => {
  expect(new Set(numbers.map(chooserOf([0, 2, 0], 'f0')))).toEqual(new Set([1]));
});
