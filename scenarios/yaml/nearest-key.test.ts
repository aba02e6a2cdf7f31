import { expect, test } from 'vitest';
import { suggestion } from './nearest-key.ts';

const known = ['messageRatePerSecond', 'messageBytes', 'seed'];

test.each([
  ['messageRatePerSec', 'Did you mean "messageRatePerSecond"?'],
  ['MESSAGEBYTES', 'Did you mean "messageBytes"?'],
  // One letter of four differs, and two of four are too many.
  ['sead', 'Did you mean "seed"?'],
  ['sand', null],
  ['', null],
])('%j: %s', (typed, sentence) => {
  expect(suggestion(typed, known)).toBe(sentence);
});

test('the nearest of several is suggested', () => {
  expect(suggestion('stady', ['steady', 'study'])).toBe('Did you mean "steady"?');
});
