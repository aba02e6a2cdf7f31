import { expect, test } from 'vitest';
import { Gauge } from './gauge.ts';

test('a peak between two looks is told at the next, and once', () => {
  const gauge = new Gauge();
  for (let n = 0; n < 3; n++) gauge.up();
  gauge.down();
  gauge.down();
  expect([gauge.now, gauge.takeMost(), gauge.takeMost()]).toEqual([1, 3, 1]);
  gauge.down();
  expect([gauge.now, gauge.takeMost(), gauge.takeMost()]).toEqual([0, 1, 0]);
});
