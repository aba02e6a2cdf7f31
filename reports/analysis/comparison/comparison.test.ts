import { describe, expect, test } from 'vitest';
import { normal, seededRandom } from '../../../aws/random.ts';
import { type ComparedSide, compareSides, regressions, unjudged } from './comparison.ts';
import type { Measure } from './measures.ts';

const measure = (id: string, value: number | null, better: Measure['better'] = 'lower'): Measure => ({
  ...{ id, group: 'latency', name: id, unit: 'ms', better, value },
});
/** A side whose runs have these values of one measure. */
const side = (name: string, values: readonly (number | null)[], better?: Measure['better']): ComparedSide => ({
  name,
  runs: values.map((value) => [measure('p99', value, better)]),
});
const compared = (
  before: readonly (number | null)[],
  after: readonly (number | null)[],
  better?: Measure['better'],
) => {
  const row = compareSides([side('before', before, better), side('after', after, better)])[0]?.rows[0];
  if (row === undefined) throw new Error('one measure, one row');
  return row;
};

describe('a change is one that noise does not make', () => {
  test('twice as slow, with runs that agree within a few percent', () => {
    const row = compared([100, 103, 98], [200, 207, 195]);
    expect(row).toMatchObject({ verdict: 'worse', before: { runs: 3 }, after: { runs: 3 } });
    expect(row.ratio).toBeCloseTo(2, 1);
    expect(row.interval?.lower).toBeGreaterThan(1.8);
    expect(row.interval?.upper).toBeLessThan(2.2);
  });

  test('twice as slow, with runs that differ by as much among themselves, is none', () => {
    expect(compared([100, 210, 95], [200, 90, 330]).verdict).toBe('same');
  });

  test('a percent of an exact figure is, half a percent is not', () => {
    expect(compared([1, 1, 1], [1.02, 1.02, 1.02]).verdict).toBe('worse');
    expect(compared([1, 1, 1], [1.005, 1.005, 1.005]).verdict).toBe('same');
  });

  test('the direction is that of the measure', () => {
    expect(compared([100, 101, 99], [50, 51, 49]).verdict).toBe('better');
    expect(compared([100, 101, 99], [50, 51, 49], 'higher').verdict).toBe('worse');
  });

  test('by hand: logs 0 and ln 1.1, pooled deviation ln 1.1 / √2, t of 2 degrees of freedom at 95% is 4.303', () => {
    const { ratio, interval } = compared([1, 1.1], [2, 2.2]);
    // ± 4.303 · ln 1.1 / √2 · √(1/2 + 1/2) = ± 0.29; one measure, so no correction.
    expect(ratio).toBeCloseTo(2, 6);
    expect(Math.log((interval?.upper ?? 0) / 2)).toBeCloseTo(0.29, 2);
    expect(Math.log((interval?.lower ?? 0) / 2)).toBeCloseTo(-0.29, 2);
  });
});

describe('what cannot be judged is said to be', () => {
  test('one run each says nothing of noise', () => {
    const row = compared([100], [200]);
    expect(row).toMatchObject({ verdict: 'notJudged', reason: 'oneRunEach', interval: null });
    expect(row.ratio).toBeCloseTo(2, 9);
  });
  test('one run against several has their spread', () => {
    expect(compared([100], [200, 205, 202, 198])).toMatchObject({ verdict: 'worse' });
  });
  test('a measure that one side does not have', () => {
    expect(compared([100, 100], [])).toMatchObject({ verdict: 'notJudged', reason: 'missing' });
  });
  test('a percentile among what failed in every run of one side, and of none of the other, is for the worse', () => {
    expect(compared([100, 110], [null, null])).toMatchObject({ verdict: 'worse', ratio: null });
    expect(compared([null, null], [100, 110])).toMatchObject({ verdict: 'better' });
    expect(compared([100, 110], [null])).toMatchObject({ verdict: 'notJudged', reason: 'failedInARun' });
  });
  test('a percentile that some runs have lost: the mean of the others would be too good', () => {
    expect(compared([100, 102, 98], [150, null, 148])).toMatchObject({
      ...{ verdict: 'notJudged', reason: 'failedInARun', ratio: null },
      after: { runs: 2, failed: 1 },
    });
    expect(compared([null, 102, 98], [50, 51, 49])).toMatchObject({ verdict: 'notJudged', reason: 'failedInARun' });
  });
  test('a zero has no ratio', () => {
    expect(compared([0, 0], [0, 0])).toMatchObject({ verdict: 'same' });
    expect(compared([0, 0], [0.1, 0.2])).toMatchObject({ verdict: 'notJudged', reason: 'zero' });
  });
});

test('three sides are each compared with the first', () => {
  const comparisons = compareSides([side('a', [100, 101]), side('b', [100, 101]), side('c', [300, 301])]);
  expect(comparisons.map(({ before, after, rows }) => [before, after, rows[0]?.verdict])).toEqual([
    ['a', 'b', 'same'],
    ['a', 'c', 'worse'],
  ]);
});

describe('quotas are chosen over all runs', () => {
  const quota = (id: string, value: number): Measure => ({ ...measure(id, value), group: 'headroom' });
  const rowsOf = (before: Measure[], after: Measure[]) =>
    compareSides([
      { name: 'a', runs: [before, before] },
      { name: 'b', runs: [after, after] },
    ])[0]?.rows.map(({ id, before: b, after: a }) => [id, b?.mean, a?.mean]);
  test('one that begins to bind has its value on both sides', () => {
    expect(rowsOf([quota('q', 0.002), quota('idle', 0.001)], [quota('q', 0.5), quota('idle', 0.001)])).toEqual([
      ['q', expect.closeTo(0.002, 9), expect.closeTo(0.5, 9)],
    ]);
  });
  test('the eight that are used most on either side', () => {
    const of = (used: (n: number) => number) => Array.from({ length: 10 }, (_, n) => quota(`q${n}`, used(n)));
    const rows = rowsOf(
      of((n) => (n + 2) / 100),
      of((n) => (n === 0 ? 0.9 : (n + 2) / 100)),
    );
    expect(rows?.map(([id]) => id)).toEqual(['q0', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8', 'q9']);
  });
});

test('a group of which nothing was judged does not pass', () => {
  const cost = (value: number): Measure => ({ ...measure('cost.today', value), group: 'cost' });
  const of = (before: readonly (number | null)[], after: readonly (number | null)[]) => {
    const runsOf = (values: readonly (number | null)[]) => values.map((value) => [measure('p99', value), cost(10)]);
    const comparisons = compareSides([
      { name: 'a', runs: runsOf(before) },
      { name: 'b', runs: runsOf(after) },
    ]);
    return (...groups: (Measure['group'] | null)[]) =>
      unjudged(
        comparisons,
        groups.map((group) => ({ group, least: 0 })),
      );
  };
  expect(of([100, 101], [100, 101])('latency', 'cost', null)).toEqual([]);
  expect(of([100, 101], [100, null])('latency', 'cost', null)).toEqual([{ group: 'latency', why: 'noMeasure' }]);
  expect(of([100, 101], [100, 101])('headroom')).toEqual([{ group: 'headroom', why: 'noMeasure' }]);
  expect(of([100], [200])('latency', 'cost', null).map(({ why }) => why)).toEqual(Array(3).fill('oneRunEach'));
});

test('--fail-on takes groups, and lets pass what is less than it says', () => {
  const [comparison] = compareSides([side('a', [100, 101, 99]), side('b', [120, 121, 119])]);
  const failing = (group: 'latency' | 'cost' | null, least: number) =>
    regressions(comparison ? [comparison] : [], [{ group, least }]).length;
  expect([failing(null, 0), failing('latency', 0.1), failing('latency', 0.3), failing('cost', 0)]).toEqual([
    1, 1, 0, 0,
  ]);
});

describe('how often a system is said to differ from itself, of 600 comparisons of 3 runs with 3 in 30 measures', () => {
  /** A side of runs whose logarithms are drawn from `noise`. */
  const drawn = (name: string, runs: number, noise: () => number): ComparedSide => ({
    name,
    runs: Array.from({ length: runs }, () => Array.from({ length: 30 }, (_, n) => measure(`m${n}`, Math.exp(noise())))),
  });
  const rateOf = (noise: (random: () => number) => number): number => {
    const random = seededRandom(7);
    let alarms = 0;
    for (let n = 0; n < 600; n++) {
      const [comparison] = compareSides([drawn('a', 3, () => noise(random)), drawn('b', 3, () => noise(random))]);
      if (comparison?.rows.some(({ verdict }) => verdict === 'worse' || verdict === 'better')) alarms++;
    }
    return alarms / 600;
  };

  // 5% are promised; of 600 that is 30, and chance makes at most 46 of them (99.9%).
  test('5% with noise of 5%', () => expect(rateOf((random) => 0.05 * normal(random))).toBeLessThan(0.077));
  test('less with outliers: one run of ten is far off', () =>
    expect(rateOf((random) => (random() < 0.1 ? 1 : 0.05) * normal(random))).toBeLessThan(0.077));

  test('and a handler that is a third slower is found in 9 of 10, with noise of 2%', () => {
    const random = seededRandom(9);
    let found = 0;
    for (let n = 0; n < 100; n++) {
      const slowed = drawn('b', 3, () => 0.02 * normal(random)).runs.map((measures) =>
        measures.map((each, at) => (at === 0 ? { ...each, value: (each.value ?? 0) * 1.33 } : each)),
      );
      const [comparison] = compareSides([drawn('a', 3, () => 0.02 * normal(random)), { name: 'b', runs: slowed }]);
      if (comparison?.rows[0]?.verdict === 'worse') found++;
    }
    expect(found).toBeGreaterThanOrEqual(90);
  });
});
