import { expect, test } from 'vitest';
import { draw, streamOf } from '../../aws/random.ts';
import { delayAt, delaySchema, type Quantiles } from './delay.ts';

/** The value below which a share of the samples lies. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

const drawn = (quantiles: Quantiles) =>
  Array.from({ length: 100_000 }, (_, sequence) => delayAt(quantiles, draw(7, streamOf('delay'), sequence)));

test('10^5 draws have the quantiles of the table', () => {
  const samples = drawn({ minMs: 2, p50Ms: 5, p90Ms: 12, p99Ms: 60, maxMs: 200 });
  // A quantile of 10^5 draws is off by a standard error of sqrt(p(1-p)/n)/density: under 0.5% at p50 and p90, 2% at p99.
  expect(Math.abs(quantile(samples, 0.5) - 5)).toBeLessThan(0.05);
  expect(Math.abs(quantile(samples, 0.9) - 12)).toBeLessThan(0.25);
  expect(Math.abs(quantile(samples, 0.99) - 60)).toBeLessThan(3);
  expect(Math.min(...samples.slice(0, 50_000))).toBeGreaterThanOrEqual(2);
  expect(Math.max(...samples.slice(0, 50_000))).toBeLessThanOrEqual(200);
});

test('the quantiles of the table are reproduced exactly', () => {
  const table = { minMs: 2, p50Ms: 5, p90Ms: 12, p99Ms: 60, maxMs: 200 };
  expect([0, 0.5, 0.9, 0.99].map((u) => delayAt(table, u))).toEqual([2, 5, 12, 60]);
});

test('two quantiles are enough: from half of p50 to twice p99, and ln ms is linear between them', () => {
  const table = { p50Ms: 10, p99Ms: 1_000 };
  expect(delayAt(table, 0)).toBe(5);
  // Halfway from 0.5 to 0.99 in probability is halfway from ln 10 to ln 1000: 100.
  expect(delayAt(table, 0.745)).toBeCloseTo(100, 6);
  expect(delayAt(table, 1 - 2 ** -32)).toBeCloseTo(2_000, 3);
});

test('a minimum of zero is allowed, where a logarithm is not', () => {
  expect(delayAt({ minMs: 0, p50Ms: 10, p99Ms: 20 }, 0.25)).toBe(5);
  expect(delayAt({ minMs: 0, p50Ms: 0, p99Ms: 0 }, 0.7)).toBe(0);
});

test('a fixed delay is always the same', () => {
  expect([0, 0.5, 0.999].map((u) => delayAt(40, u))).toEqual([40, 40, 40]);
});

test('a delay is no longer than a timer waits: a longer one would be none', () => {
  const longest = 2 ** 31 - 1;
  expect(delaySchema.safeParse(longest).success).toBe(true);
  expect(delaySchema.safeParse(longest + 1).success).toBe(false);
  expect(delaySchema.safeParse({ p50Ms: 1, p99Ms: longest + 1 }).success).toBe(false);
});

test('decreasing quantiles are refused, naming the one that is too small', () => {
  const parsed = delaySchema.safeParse({ p50Ms: 10, p99Ms: 5 });
  expect(parsed.success).toBe(false);
  expect(delaySchema.safeParse({ p50Ms: 10 }).error?.issues[0]?.message).toMatch(
    /^expected milliseconds, or quantiles/,
  );
});
