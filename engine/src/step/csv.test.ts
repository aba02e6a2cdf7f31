import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv } from './csv.ts';

test.each([
  [
    'a,b\n1,2\n3,4\n',
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ],
  ],
  ['\uFEFFa,b\r\n1,2\r\n\r\n', [{ a: '1', b: '2' }]],
  ['a\n"x, ""y""\nz"', [{ a: 'x, "y"\nz' }]],
  ['a,b\n,', [{ a: '', b: '' }]],
])('%j', (text, rows) => {
  expect(parseCsv(text)).toEqual({ kind: 'ok', rows });
});

test.each([
  ['', 'expected a line of column names and at least one row'],
  ['a,b\n', 'expected a line of column names and at least one row'],
  ['a,b\n1,2\n3', 'expected 2 cells in row 2, one for each column, found 1'],
])('%j is refused', (text, problem) => {
  expect(parseCsv(text)).toEqual({ kind: 'invalid', problem });
});

test('any cells round-trip', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 5 }), (cells) => {
      const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
      const text = ['a,b', ...cells.map((row) => row.map(quoted).join(','))].join('\n');
      expect(parseCsv(text)).toEqual({ kind: 'ok', rows: cells.map(([a, b]) => ({ a, b })) });
    }),
  );
});
