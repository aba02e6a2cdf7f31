import { expect, test } from 'vitest';
import { atPath } from './json-path.ts';

const order = {
  id: 7,
  lines: [
    { sku: 'a', n: 1 },
    { sku: 'b', n: 2 },
  ],
  'odd name': { deep: true },
  nothing: null,
};

test.each([
  ['$', order],
  ['$.id', 7],
  ['id', 7],
  ['$.lines[1].sku', 'b'],
  ['$.lines[-1].n', 2],
  ["$['odd name'].deep", true],
  ['$["odd name"]["deep"]', true],
  ['$.lines[*].sku', ['a', 'b']],
  ['$..n', [1, 2]],
  ['$.nothing', null],
  ['$.missing.deeper', undefined],
  ['$.lines.sku', undefined],
  // A member that every object inherits is not there.
  ['$.constructor', undefined],
])('%s', (path, value) => {
  expect(atPath(order, path)).toEqual(value);
});

test('what is not understood is named', () => {
  expect(() => atPath(order, '$.lines[?(@.n>1)]')).toThrow(
    'The JSONPath $.lines[?(@.n>1)] is not understood at "[?(@.n>1)]".',
  );
});
