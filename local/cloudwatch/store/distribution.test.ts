import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Distribution, exactValueLimit, relativeError } from './distribution.ts';

/** Nearest rank, by definition. */
function naivePercentile(values: number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(Number(((percent / 100) * sorted.length).toPrecision(12))) - 1)];
}

function distributionOf(values: number[]): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value, 1);
  return distribution;
}

describe('Distribution', () => {
  it('is exact for few values', () => {
    const distribution = distributionOf([10, 20, 30, 40]);
    expect(distribution.percentile(50)).toBe(20);
    expect(distribution.percentile(75)).toBe(30);
    expect(distribution.percentile(99)).toBe(40);
    expect(distribution.percentile(0)).toBe(10);
  });

  it('weighs a value by its count', () => {
    const distribution = new Distribution();
    distribution.add(1, 99);
    distribution.add(1_000, 1);
    expect(distribution.percentile(99)).toBe(1);
    expect(distribution.percentile(99.1)).toBe(1_000);
  });

  it('returns the 999th of 1,000 values for p99.9', () => {
    const distribution = new Distribution();
    distribution.add(5, 999);
    distribution.add(6, 1);
    expect(distribution.percentile(99.9)).toBe(5);
  });

  it('has no percentile when it is empty', () => {
    expect(new Distribution().percentile(50)).toBeUndefined();
  });

  const values = fc.array(
    fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 50_000 })),
    {
      minLength: 1,
      maxLength: 3 * exactValueLimit,
    },
  );
  const percent = fc.constantFrom(0, 1, 25, 50, 90, 99, 99.9, 100);

  it('is within its error of the true percentile', () => {
    fc.assert(
      fc.property(values, percent, (list, p) => {
        const truth = naivePercentile(list, p) ?? Number.NaN;
        const got = distributionOf(list).percentile(p) ?? Number.NaN;
        expect(Math.abs(got - truth)).toBeLessThanOrEqual(Math.abs(truth) * relativeError * 1.000_001 + 1e-9);
      }),
    );
  });

  it('returns the same whether values are merged or added', () => {
    fc.assert(
      fc.property(values, values, percent, (one, two, p) => {
        const merged = distributionOf(one);
        merged.merge(distributionOf(two));
        const whole = distributionOf([...one, ...two]);
        const [a = Number.NaN, b = Number.NaN] = [merged.percentile(p), whole.percentile(p)];
        expect(Math.abs(a - b)).toBeLessThanOrEqual(Math.abs(b) * relativeError * 1.000_001 + 1e-9);
      }),
    );
  });
});
