import { expect, it } from 'vitest';
import { isSqsText } from './sqs-text.ts';

it.each(['', '\t\n\r', ' ~', '\u007f\u0085', '\ud7ff\ue000\ufffd', '\u{10000}😀\u{1fffe}\u{10ffff}'])(
  'takes %j',
  (text) => {
    expect(isSqsText(text)).toBe(true);
  },
);

it.each([
  '\u0000',
  'a\u0008',
  '\u000b',
  '\u000c',
  '\u000e',
  '\u001f',
  '\ud800',
  '\udfff',
  '\udc00\ud800',
  '\ufffe',
  'a\uffff',
])('refuses %j', (text) => {
  expect(isSqsText(text)).toBe(false);
});
