import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileOfCounts, requiredSamples } from './percentile.ts';

const numberOf = (answer: ReturnType<typeof percentileOfCounts>) => (answer.kind === 'value' ? answer.value : answer);

test.each([
  [0.95, 59],
  [0.99, 299],
  [0.999, 2_995],
])('the %f quantile needs %i samples (Wilks 1941)', (quantile, samples) => {
  expect(requiredSamples(quantile)).toBe(samples);
});

test('no sample bounds the maximum, and outside 0..1 there is nothing to bound', () => {
  expect([1, 1.5, 0, -1].map((quantile) => requiredSamples(quantile))).toEqual([
    Number.POSITIVE_INFINITY,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  // 0.5² = 0.25 exactly
  expect(requiredSamples(0.5, 0.75)).toBe(2);
});

test('of 100 values 1..100 the p99 is 99, the p50 is 50, the maximum 100', () => {
  const counts = Array.from({ length: 100 }, (_, i) => ({ value: i + 1, count: 1 }));
  expect([0.5, 0.99, 1].map((q) => numberOf(percentileOfCounts(counts, q)))).toEqual([50, 99, 100]);
});

test('298 samples are too few for a p99, 299 are enough', () => {
  const tooFew = (count: number) => {
    const answer = percentileOfCounts([{ value: 1, count }], 0.99);
    return answer.kind === 'value' && answer.tooFewSamples;
  };
  expect([tooFew(298), tooFew(299)]).toEqual([true, false]);
});

test('no samples, no percentile', () => {
  expect(percentileOfCounts([], 0.5)).toEqual({ kind: 'refused', reason: 'There are no samples.' });
});

test('agrees with the naive nearest rank of the sorted values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 1_000 }),
      (pairs, thousandths) => {
        const sorted = pairs.flatMap(([value, count]) => Array<number>(count).fill(value)).sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil((thousandths * sorted.length) / 1_000));
        const counts = pairs.map(([value, count]) => ({ value, count }));
        expect(numberOf(percentileOfCounts(counts, thousandths / 1_000))).toBe(sorted[rank - 1]);
      },
    ),
  );
});

test('a quantile a hair above a rank is the next value, as in HdrHistogram’s own test', () => {
  const two = [
    { value: 1, count: 1 },
    { value: 2, count: 1 },
  ];
  expect([0.5, 0.500000000000001].map((q) => numberOf(percentileOfCounts(two, q)))).toEqual([1, 2]);
  expect(percentileOfCounts(two, 99)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('0.99 is p99'),
  });
});
