import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../aws/random.ts';
import { comparePairs, type Pair } from './compare.ts';

/** What the machine does meanwhile is in both of a pair. */
function pairsOf(
  count: number,
  { ratio, noise, drift = 0, seed = 1 }: { ratio: number; noise: number; drift?: number; seed?: number },
): Pair[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const machine = 100 * Math.exp(drift * index);
    return {
      base: machine * Math.exp(noise * normal(random)),
      head: machine * ratio * Math.exp(noise * normal(random)),
    };
  });
}
const of = { harm: 'higher', series: 20 } as const;
const verdict = (pairs: readonly Pair[], options: Parameters<typeof comparePairs>[1] = of) => {
  const compared = comparePairs(pairs, options);
  return compared.kind === 'compared' ? compared.verdict : compared.kind;
};

test('20% in noise of 2% is seen in five pairs, in either direction', () => {
  expect(verdict(pairsOf(5, { ratio: 1.2, noise: 0.02 }))).toBe('worse');
  expect(verdict(pairsOf(5, { ratio: 1 / 1.2, noise: 0.02 }))).toBe('better');
  expect(verdict(pairsOf(5, { ratio: 1.2, noise: 0.02 }), { ...of, harm: 'lower' })).toBe('better');
});

test('a machine that becomes slower by a tenth a run makes nothing worse', () => {
  expect(verdict(pairsOf(5, { ratio: 1, noise: 0.01, drift: 0.1 }))).toBe('same');
  expect(verdict(pairsOf(6, { ratio: 1.2, noise: 0.01, drift: 0.1 }))).toBe('worse');
});

test('two equal versions: of 100 comparisons of 20 series about two calls one worse', () => {
  let alarms = 0;
  for (let comparison = 0; comparison < 100; comparison++) {
    const series = Array.from({ length: 20 }, (_, each) =>
      pairsOf(5, { ratio: 1, noise: 0.05, seed: comparison * 20 + each + 1 }),
    );
    if (series.some((pairs) => verdict(pairs) === 'worse')) alarms++;
  }
  // 2 are expected; 7 are beyond three deviations of chance.
  expect(alarms).toBeLessThanOrEqual(6);
});

describe('exact series', () => {
  const exact = (base: number, head: number, count = 2) => Array.from({ length: count }, () => ({ base, head }));
  test.each([
    [2, 3, 'worse'],
    [3, 2, 'better'],
    [2, 2, 'same'],
    [0, 1, 'worse'],
  ])('%d → %d: %s', (base, head, expected) => {
    expect(verdict(exact(base, head))).toBe(expected);
    expect(comparePairs(exact(base, head), of)).toMatchObject({ isExact: true, base, head });
  });
});

test('two pairs with noise, or one of any kind, are not enough', () => {
  expect(verdict(pairsOf(2, { ratio: 2, noise: 0.01 }))).toBe('notEnough');
  expect(verdict([{ base: 1, head: 2 }])).toBe('notEnough');
});
