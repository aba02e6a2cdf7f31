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

test('"failed" is said where runs failed, and "none" where nothing was measured', () => {
  expect(rowOf([100, 101], [undefined, undefined])).toMatch(/none.*missing on one side/);
  expect(rowOf([100, 101], [undefined, undefined])).not.toContain('failed');
  expect(rowOf([100, 101], [null, null])).toMatch(/failed.*all or nothing.*worse/);
  expect(rowOf([100, 101], [100, null])).toMatch(/100 ms, failed in 1 run .*failed in some runs: not judged/);
});
