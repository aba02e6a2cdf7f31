import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRule, isAllowed, type NumberRule } from './number-rule.ts';
import { numberSchema } from './number-schema.ts';

describe('a rule in words', () => {
  test.each<[NumberRule, string]>([
    [{}, 'a number'],
    [{ whole: true }, 'a whole number'],
    [{ min: 1, whole: true }, 'a whole number of at least 1'],
    [{ min: 0, exclusive: true }, 'a number above 0'],
    [{ min: 0, max: 1 }, 'a number from 0 to 1'],
    [{ min: 0, max: 1, exclusive: true }, 'a number above 0 and at most 1'],
  ])('%j', (rule, words) => {
    expect(describeRule(rule)).toBe(words);
  });
});

test('a value that is not a finite number is never allowed', () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) expect(isAllowed({}, value)).toBe(false);
  expect(isAllowed({ whole: true }, 2 ** 53)).toBe(false);
});

test('the schema allows what the rule allows', () => {
  const rules = fc.record<NumberRule>(
    {
      min: fc.integer({ min: -2, max: 2 }),
      max: fc.integer({ min: 0, max: 3 }),
      exclusive: fc.constant(true),
      whole: fc.constant(true),
    },
    { requiredKeys: [] },
  );
  const values = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -4, max: 4, noNaN: true }));
  fc.assert(
    fc.property(rules, values, (rule, value) => {
      expect(numberSchema(rule).safeParse(value).success).toBe(isAllowed(rule, value));
    }),
  );
});
