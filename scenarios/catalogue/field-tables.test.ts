import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stepKeys } from '../../engine/src/step/fleet-step.ts';
import { loadFieldsPage, stepKeysTable, withStepKeys } from './field-tables.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the documentation has the current tables of the fields; otherwise run node scenarios/catalogue/write-generated.main.ts', () => {
  expect(read('docs/reference/load-fields.md')).toBe(loadFieldsPage());
  expect(read('engine/README.md')).toBe(withStepKeys(read('engine/README.md')));
});

test('a row says option, value, default and meaning', () => {
  expect(loadFieldsPage()).toContain(
    '| `drainSeconds` | `--drain` | number from 0 to 604800 | `15` | Maximum wait at the end for answers and pushes in flight, in seconds. |',
  );
  expect(loadFieldsPage()).toContain('| `idleShare` | `--variable idleShare=…` | number from 0 to 1 | `0` |');
  expect(loadFieldsPage()).toContain('| `steadySeconds` | `--steady` | number above 0 and at most 604800 | required |');
});

test('every key of a step has a row', () => {
  const rows = stepKeysTable().split('\n').slice(2);
  expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(stepKeys);
  expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([]);
});
