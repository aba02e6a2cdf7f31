import { expect, test } from 'vitest';
import { compareSides } from '../analysis/comparison/comparison.ts';
import { renderText } from '../render/text.ts';
import { compareDocument } from './compare-document.ts';

/** The row of a latency in a terminal; a value of a run: undefined: it has no such measure, null: too much failed. */
function rowOf(before: readonly (number | null | undefined)[], after: readonly (number | null | undefined)[]): string {
  const runs = (values: typeof before) =>
    values.map((value) =>
      value === undefined
        ? []
        : [{ id: 'p99', group: 'latency', name: 'round trip p99', unit: 'ms', better: 'lower', value } as const],
    );
  const comparisons = compareSides([
    { name: 'before', runs: runs(before) },
    { name: 'after', runs: runs(after) },
  ]);
  const text = renderText(compareDocument({ sides: [], comparisons, differences: [] }), 200);
  return text.split('\n').findLast((line) => line.includes('round trip p99')) ?? '';
}

test('nothing found with too few runs is no good news: the sentence says what could have been seen', () => {
  const runs = (values: readonly number[]) =>
    values.map((value) => [
      { id: 'p99', group: 'latency', name: 'round trip p99', unit: 'ms', better: 'lower', value } as const,
    ]);
  const documentOf = (before: readonly number[], after: readonly number[]) =>
    compareDocument({
      sides: [
        { name: 'main', runs: before.map(String), leftOut: [{ folder: 'r', why: 'is invalid' }] },
        { name: 'branch', runs: after.map(String), leftOut: [] },
      ],
      comparisons: compareSides([
        { name: 'main', runs: runs(before) },
        { name: 'branch', runs: runs(after) },
      ]),
      differences: [],
    });
  const few = documentOf([100], [150, 700, 90]);
  expect(few.verdict).toMatchObject({
    tone: 'near',
    sentence:
      'branch against main: no difference beyond noise in 1 measure. main has 1 run (1 left out), of which only manifold changes are seen. Give each side 3 valid runs or more.',
  });
  expect(few.tiles.find(({ id }) => id === 'worse')?.tone).toBe('muted');
  expect(documentOf([100, 101, 102], [100, 102, 101]).verdict).toMatchObject({
    tone: 'good',
    sentence: 'branch against main: no difference beyond noise in 1 measure.',
  });
});

test('"failed" is said where runs failed, and "none" where nothing was measured', () => {
  expect(rowOf([100, 101], [undefined, undefined])).toMatch(/none.*missing on one side/);
  expect(rowOf([100, 101], [undefined, undefined])).not.toContain('failed');
  expect(rowOf([100, 101], [null, null])).toMatch(/failed.*all or nothing.*worse/);
  expect(rowOf([100, 101], [100, null])).toMatch(/100 ms, failed in 1 run .*failed in some runs: not judged/);
});
