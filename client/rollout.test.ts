import { expect, test } from 'vitest';
import { isInStage, placeOf } from './rollout.ts';

const users = Array.from({ length: 20_000 }, (_, n) => `u-${n}`);

test('a stage holds its share of users, whatever their names are', () => {
  for (const name of [
    (n: number) => `u-${n}`,
    (n: number) => `${n}@example.com`,
    (n: number) => n.toString(16).padStart(32, '0'),
  ])
    for (const share of [0.01, 0.2, 0.5]) {
      const held = users.filter((_, n) => isInStage({ share, off: false }, name(n))).length / users.length;
      // Four standard deviations of a binomial share.
      expect(Math.abs(held - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / users.length));
    }
});

test('a stage that grows keeps whom it had; 1 is everybody, 0 and the kill switch nobody', () => {
  const held = (share: number, off = false) => new Set(users.filter((user) => isInStage({ share, off }, user)));
  const [small, large] = [held(0.05), held(0.25)];
  expect([...small].filter((user) => !large.has(user))).toEqual([]);
  expect([held(1).size, held(0).size, held(1, true).size]).toEqual([users.length, 0, 0]);
});

test('places stay what they are: a new build moves nobody', () => {
  expect(['u-1', 'u-2', '', 'Jürgen'].map((user) => placeOf(user).toFixed(6))).toEqual([
    '0.045751',
    '0.655201',
    '0.668922',
    '0.849679',
  ]);
});
