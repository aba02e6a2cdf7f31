import { expect, test } from 'vitest';
import type { LineChart } from '../../document/charts/chart.ts';
import { drawLanes, drawLines } from './draw.ts';
import { figureOf } from './figure.ts';

const chart = (change: Partial<LineChart> = {}): LineChart => ({
  ...{ kind: 'lines', id: 'c', title: 'New connections', sentence: 'Opened at most 10 a second.' },
  x: { name: 'seconds', scale: 'linear', from: 0, to: 2 },
  y: { name: 'connections/s', scale: 'linear' },
  lines: [
    {
      ...{ name: 'opened', from: 'client' },
      points: [
        [0, 5],
        [1, 10],
        [2, 8],
      ],
    },
  ],
  ...{ bounds: [], spans: [], moments: [] },
  ...change,
});
const bound = (value: number) => [{ name: 'quota: new connections', value }];

/** Every coordinate of lines, areas, dots and rectangles. */
function coordinatesOf(svg: string): { x: number[]; y: number[] } {
  const [x, y]: [number[], number[]] = [[], []];
  for (const [, path = ''] of svg.matchAll(/ d="([^"]+)"/g))
    for (const [, at, height] of path.matchAll(/[ML ](-?[\d.]+),(-?[\d.]+)/g)) {
      x.push(Number(at));
      y.push(Number(height));
    }
  for (const [, rect = ''] of svg.matchAll(/<rect ([^>]*)>/g)) {
    const of = (name: string) => Number(new RegExp(`(?:^| )${name}="([\\d.-]+)"`).exec(rect)?.[1]);
    x.push(of('x'), of('x') + of('width'));
    y.push(of('y'), of('y') + of('height'));
  }
  return { x, y };
}

test('a quota near the values is a line across the chart, one far above is a sentence and no alarm', () => {
  expect(drawLines(chart({ bounds: bound(15) })).bounds).toEqual(bound(15));
  expect(drawLines(chart({ bounds: bound(500) })).bounds).toEqual([]);
  expect(figureOf(chart({ bounds: bound(500) })).source).toContain(
    'Opened at most 10 a second. Quota: new connections: 500 connections/s, of which at most 2% was reached.</p>',
  );
});

test.each([
  ['a line', {}],
  [
    'points before and after its ends',
    {
      lines: [
        {
          name: 'l',
          points: [
            [-5, 3],
            [0, 5],
            [2, 8],
            [3, 4],
          ] as [number, number][],
        },
      ],
    },
  ],
  ['a bound at the top', { bounds: bound(15.9) }],
  ['values on a log axis', { y: { name: 'ms', scale: 'log' as const }, bounds: bound(250) }],
  [
    'areas, stacked',
    {
      lines: [1, 2, 3].map((n) => ({
        name: `${n}`,
        draw: 'area' as const,
        points: [
          [0, n * 4],
          [2, n * 5],
        ] as [number, number][],
      })),
    },
  ],
  [
    'stretches that began before it and end after it',
    { spans: [{ name: 's', from: -10, to: 20, tone: 'plain' as const }] },
  ],
])('%s: nothing is drawn outside its frame', (_, change) => {
  const { svg } = drawLines(chart(change));
  const { x, y } = coordinatesOf(svg);
  expect(x.length).toBeGreaterThanOrEqual(2);
  expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...x)).toBeLessThanOrEqual(440);
  expect(Math.min(...y)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...y)).toBeLessThanOrEqual(210);
});

test('a log axis has gaps where it has no place for a value', () => {
  const points: [number, number | null][] = [
    [0, 0],
    [1, 10],
    [2, 100],
    [3, null],
  ];
  const { svg } = drawLines(chart({ y: { name: 'ms', scale: 'log' }, lines: [{ name: 'p99', points }] }));
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test('areas are stacked point by point: a step is two points at one place, and no spike', () => {
  const points: [number, number][] = [
    [0, 1],
    [1, 1],
    [1, 4],
    [2, 4],
  ];
  const lines = ['a', 'b'].map((name) => ({ name, draw: 'area' as const, points }));
  const { svg } = drawLines(chart({ lines, y: { name: '$', scale: 'linear', to: 10 } }));
  const [first = '', second = ''] = [...svg.matchAll(/ d="(M[^"]+Z)"/g)].map(([, path]) => path);
  const tops = (path: string) =>
    [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].slice(0, 4).map(([, , y]) => Number(y));
  // 162 px between 0 and 10, from 176 upwards: 1, 1, 4, 4, and twice that.
  expect(tops(first)).toEqual([159.8, 159.8, 111.2, 111.2]);
  expect(tops(second)).toEqual([143.6, 143.6, 46.4, 46.4]);
});

test('what is written along an axis keeps its digits', () => {
  const points: [number, number][] = [
    [0, 0.0233],
    [1, 0.0207],
  ];
  const { svg } = drawLines(chart({ lines: [{ name: 'a user', points }], y: { name: 'a month', scale: 'dollars' } }));
  expect(svg).toMatch(/>\$0\.02<\/text>/);
  expect(svg).not.toContain('>$0.0</text>');
});

test('lanes: a stretch of a second in a day is still seen, and ends within the frame', () => {
  const { svg } = drawLanes({
    ...{ kind: 'lanes', id: 'l', title: 'What happened', sentence: 'x', spans: [], moments: [] },
    x: { name: 'seconds', scale: 'linear', from: 0, to: 86_400 },
    lanes: [{ name: 'throttled', tone: 'bad', spans: [{ from: 86_399, to: 86_400, count: 2 }] }],
  });
  const [, rect = ''] = /<rect ([^>]*)>/.exec(svg) ?? [];
  const [x, width] = ['x', 'width'].map((name) => new RegExp(` ?${name}="([\\d.]+)"`).exec(rect)?.[1]);
  expect(Number(width)).toBeGreaterThan(2);
  expect(Number(x) + Number(width)).toBeLessThanOrEqual(420);
});
