import { expect, test } from 'vitest';
import { exitCodeOfRun } from './exit-code.ts';

test.each([
  ['ok', 'completed', 0],
  ['sloBroken', 'completed', 1],
  ['invalid', 'completed', 3],
  ['partial', 'interrupted', 130],
  ['partial', 'crashed', 4],
] as const)('a run that is %s and %s: exit code %i', (status, kind, code) => {
  expect(exitCodeOfRun(status, { kind })).toBe(code);
});
