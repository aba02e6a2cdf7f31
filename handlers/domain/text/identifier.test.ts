import { expect, it } from 'vitest';
import { isIdentifier } from './identifier.ts';

it.each(['a', 'Grüße 漢字 😀', 'x'.repeat(128), '\ufffe\uffff', "'; DROP TABLE --"])('accepts %j', (value) => {
  expect(isIdentifier(value, 128)).toBe(true);
});

it.each([
  '',
  'x'.repeat(129),
  'a\nb',
  '\u0000',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\ud83d',
  'a\ude00b',
  '\ude00\ud83d',
  1,
  null,
  undefined,
  ['a'],
])('refuses %j', (value) => {
  expect(isIdentifier(value, 128)).toBe(false);
});
