import { describe, expect, test } from 'vitest';
import { describeField, formerNames, helpOf, type NumberField, numberFields } from './load-fields.ts';
import { isAllowed } from './number-rule.ts';

const fields = Object.entries<NumberField>(numberFields);
const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const suffixes = { seconds: 'Seconds', perSecond: 'PerSecond', bytes: 'Bytes', share: 'Share', count: '', none: '' };

describe.each(fields)('%s', (name, field) => {
  test('names its unit', () => {
    const suffix = Object.values(suffixes).find((known) => known !== '' && name.endsWith(known)) ?? '';
    // "PerSecond" does not end in "Seconds".
    expect(suffix).toBe(suffixes[field.unit]);
    if (field.unit === 'perSecond') expect(field.help).toContain('per second');
  });
  test('has a default that its rule allows', () => {
    if (field.default !== undefined) expect(isAllowed(field, field.default)).toBe(true);
  });
  test('has the option of its name, with or without the unit', () => {
    const withUnit = kebabCase(name);
    if (field.flag !== undefined)
      expect([withUnit, withUnit.replace(/-(per-second|seconds)$/, '')]).toContain(field.flag);
  });
});

test('options are unique, and no former name is in use', () => {
  const flags = fields.flatMap(([, { flag }]) => flag ?? []);
  expect(new Set(flags).size).toBe(flags.length);
  expect([...formerNames.keys()].filter((name) => name in numberFields)).toEqual([]);
});

test('help states the unit, before any semicolon', () => {
  expect(helpOf(numberFields.messageBytes)).toBe('size of a message, in bytes');
  expect(helpOf(numberFields.keepAliveSeconds)).toBe(
    'interval between keep-alive pings on each connection, in seconds; 0: none',
  );
  expect(describeField(numberFields.tabsPerUser)).toBe(
    'Mean number of connections per user. 1.25: every fourth user has two.',
  );
});
