import { expect, test } from 'vitest';
import type { Panel } from '../analysis/timeline.ts';
import { drawPanel } from './chart.ts';

const panel = (quota: number): Panel => ({
  id: 'p',
  title: 'New connections',
  unit: 'connections/s',
  lines: [
    {
      name: 'opened',
      from: 'client',
      points: [
        [0, 5],
        [1, 10],
        [2, 8],
      ],
    },
  ],
  bounds: [{ name: 'quota: new connections', value: quota, kind: 'quota' }],
  missing: [],
});
const timeline = { lastSecond: 2, steady: null };

test('a quota near the data is a line across the chart', () => {
  const near = drawPanel(panel(15), timeline);
  expect(near.svg).toContain('quota: new connections');
  expect(near.notes).toEqual([]);
});

test('a quota far above the data becomes a sentence', () => {
  const far = drawPanel(panel(500), timeline);
  expect(far.svg).not.toContain('quota: new connections');
  expect(far.notes).toEqual(['quota: new connections: 500 connections/s, 50× the highest value here.']);
});
