import { expect, test } from 'vitest';
import { OnDemandGrowth } from './on-demand-growth.ts';

const minuteMs = 60_000;
const at = (minutes: number) => minutes * minuteMs;
const newTable = () => new OnDemandGrowth({ startPerSecond: 4_000, windowMs: at(30) }, 0);
/** Consumes at `perSecond` from one minute to another, a second at a time. */
function run(growth: OnDemandGrowth, perSecond: number, fromMinute: number, toMinute: number): void {
  for (let atMs = at(fromMinute); atMs < at(toMinute); atMs += 1_000) growth.consumed(perSecond, atMs);
}

test('a new table keeps its initial throughput, however little it is used', () => {
  const growth = newTable();
  run(growth, 10, 0, 120);
  expect(growth.capacityPerSecond(at(120))).toBe(4_000);
});

test('twice the peak, 30 minutes after the minute of the peak has ended', () => {
  const growth = newTable();
  run(growth, 4_000, 0, 31);
  expect(growth.capacityPerSecond(at(31) - 1)).toBe(4_000);
  expect(growth.capacityPerSecond(at(31))).toBe(8_000);
  run(growth, 8_000, 31, 62);
  expect(growth.capacityPerSecond(at(62))).toBe(16_000);
});

test('a peak counts even after its traffic has gone', () => {
  const growth = newTable();
  run(growth, 4_000, 0, 1);
  expect(growth.capacityPerSecond(at(31))).toBe(8_000);
  expect(growth.capacityPerSecond(at(10_000))).toBe(8_000);
});

test('a second at 60 times the rate is a minute at that rate', () => {
  const growth = newTable();
  growth.consumed(60 * 3_000, 0);
  expect(growth.capacityPerSecond(at(31))).toBe(6_000);
});
