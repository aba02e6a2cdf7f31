import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { bucketIndexOf, highestValueOf, lowestValueOf } from './buckets.ts';

// hdr-histogram-js with 3 digits from 1: the layout of HdrHistogram's Java original. Its published types omit these two methods.
const reference = build({
  lowestDiscernibleValue: 1,
  highestTrackableValue: 2 ** 40,
  numberOfSignificantValueDigits: 3,
}) as unknown as { lowestEquivalentValue(value: number): number; highestEquivalentValue(value: number): number };
const micros = fc.integer({ min: 0, max: 2 ** 40 - 1 });

describe('bucket boundaries are those of HdrHistogram', () => {
  const boundaries = [
    0,
    1,
    2_046,
    2_047,
    2_048,
    2_049,
    4_095,
    4_096,
    4_097,
    8_191,
    8_192,
    2 ** 20 - 1,
    2 ** 20,
    2 ** 33 - 1,
  ];
  test.each(boundaries)('at %i', (value) => {
    const index = bucketIndexOf(value);
    expect(lowestValueOf(index)).toBe(reference.lowestEquivalentValue(value));
    expect(highestValueOf(index)).toBe(reference.highestEquivalentValue(value));
  });

  test('and for arbitrary values', () => {
    fc.assert(
      fc.property(micros, (value) => {
        const index = bucketIndexOf(value);
        expect(lowestValueOf(index)).toBe(reference.lowestEquivalentValue(value));
        expect(highestValueOf(index)).toBe(reference.highestEquivalentValue(value));
      }),
    );
  });
});

test('a value lies within its bucket, whose bounds are less than 0.1% apart', () => {
  fc.assert(
    fc.property(micros, (value) => {
      const index = bucketIndexOf(value);
      expect(lowestValueOf(index)).toBeLessThanOrEqual(value);
      expect(highestValueOf(index)).toBeGreaterThanOrEqual(value);
      expect(highestValueOf(index) - lowestValueOf(index)).toBeLessThanOrEqual(value / 1_024);
    }),
  );
});

test('indices rise with the values, without gaps', () => {
  const wrong = Array.from({ length: 20_000 }, (_, index) => index).filter(
    (index) =>
      bucketIndexOf(lowestValueOf(index)) !== index ||
      bucketIndexOf(highestValueOf(index)) !== index ||
      lowestValueOf(index + 1) !== highestValueOf(index) + 1,
  );
  expect(wrong).toEqual([]);
});

test('fractions are truncated, and negative values count as 0', () => {
  expect(bucketIndexOf(12.9)).toBe(12);
  expect(bucketIndexOf(-3)).toBe(0);
});
