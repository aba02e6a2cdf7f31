import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { givenValue } from './given-value.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadline-given-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const environment = { TOKEN: 'Bearer abc', EMPTY: '' };

describe('a value is', () => {
  test.each([
    'wss://example.com/ws',
    'Bearer env:TOKEN',
    'env:',
    'env:TWO WORDS',
    'env:1ST',
    'ENV:TOKEN',
    ' file:x',
    '',
  ])('the text itself: %j', (text) => {
    expect(givenValue('--url', text, environment)).toEqual({ value: text, reference: null });
  });
  test('that of an environment variable', () => {
    expect(givenValue('--url', 'env:TOKEN', environment)).toEqual({ value: 'Bearer abc', reference: 'env:TOKEN' });
  });
  test.each([
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['abc\r\n', 'abc'],
    [' a\nb\n\n', ' a\nb\n'],
  ])('the content of a file, without the line break at its end: %j', (content, value) => {
    const path = fileOf('value', content);
    expect(givenValue('--url', `file:${path}`, environment)).toEqual({ value, reference: `file:${path}` });
  });
});

test.each([
  [
    'env:UNKNOWN',
    '--header authorization: the environment variable UNKNOWN is not set: export it, or name another as env:NAME.',
  ],
  [
    'env:EMPTY',
    '--header authorization: the environment variable EMPTY is empty: export it, or name another as env:NAME.',
  ],
  ['file:/no/such', '--header authorization: the file /no/such does not exist: name another as file:PATH.'],
  [`file:${folder}`, `--header authorization: ${folder} is not a file: name another as file:PATH.`],
  // It would never end.
  ['file:/dev/zero', '--header authorization: /dev/zero is not a file: name another as file:PATH.'],
  [
    `file:${fileOf('empty', '\n')}`,
    `--header authorization: the file ${folder}/empty is empty: write the value into it, or name another.`,
  ],
])('%s: one sentence', (text, sentence) => {
  expect(() => givenValue('--header authorization', text, environment)).toThrow(new UsageError(sentence));
});

test.skipIf(process.getuid?.() === 0)('a file of another user is named, with the reason', () => {
  const path = fileOf('forbidden', 'x');
  chmodSync(path, 0o000);
  expect(() => givenValue('--url', `file:${path}`, environment)).toThrow('cannot be read (EACCES');
});
