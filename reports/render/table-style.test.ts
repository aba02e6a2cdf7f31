import { expect, test } from 'vitest';
import { figure, type Table, words } from '../document/document.ts';
import { barClass, tableStyle } from './table-style.ts';

const table = (columns: Table['columns'], bars: number[]): Table => ({
  ...{ id: 'quotas', caption: 'Quotas', columns, notes: [] },
  rows: [bars.map((bar) => ({ text: '', bar }))],
  more: { line: '1 more', rows: [[{ text: '', bar: 0.02 }]] },
});

test('a column has one name for all of its cells, those behind a line as well, and a length of bars is there once', () => {
  const style = tableStyle([table([words('quota'), figure('plan today'), words('full')], [0.631, 0.634, 1.2])]);
  expect(style.split('\n')).toEqual([
    ...['.bar-63::before{width:63%}', '.bar-100::before{width:100%}', '.bar-2::before{width:2%}'],
    '#table-quotas,#table-quotas-more{--c2:"plan today";--c3:"full"}',
    '@media screen and (max-width:44rem){.cards td:nth-child(2)::before{content:var(--c2)}.cards td:nth-child(3)::before{content:var(--c3)}}',
  ]);
  expect([0.631, 1.2, Number.MIN_VALUE].map(barClass)).toEqual(['bar-63', 'bar-100', 'bar-0']);
});

test('no name ends its string, its rule or the style', () => {
  const style = tableStyle([table([words(''), words('"}</style><b>\\22 \n\u202e url(x)')], [])]);
  expect(style).toContain('--c2:"\\22 \\7d \\3c \\2f style\\3e \\3c b\\3e \\5c 22 \\a \\fffd  url\\28 x\\29 "');
  expect(style).not.toMatch(/<|url\(/);
});
