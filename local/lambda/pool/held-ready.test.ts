import { expect, test } from 'vitest';
import { heldReady } from './held-ready.ts';

const functionOf = (functionName: string, provisionedConcurrency?: number) => ({
  functionName,
  ...(provisionedConcurrency !== undefined && { provisionedConcurrency }),
});
const functions = [functionOf('a', 5), functionOf('b', 2), functionOf('c')];

test.each([
  ['with room for all', 20, { a: 5, b: 2 }],
  // One is for c; the others go to a and b in turn.
  ['with room for six', 6, { a: 3, b: 2 }],
  ['with room for two', 2, { a: 1 }],
  ['without', 1, {}],
])('what is provisioned is kept ready, %s', (_what, maxEnvironments, held) => {
  expect(Object.fromEntries(heldReady(functions, maxEnvironments))).toEqual(held);
});

test('nothing is kept where nothing is provisioned', () => {
  expect(heldReady([functionOf('c')], 10).size).toBe(0);
});
