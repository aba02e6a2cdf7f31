import { expect, it } from 'vitest';
import { outsideWindow } from './replay-window.ts';

const tooOld = "The event's time is more than 3600 s ago.";
const tooNew = "The event's time is more than 300 s in the future.";

it.each([
  [0, null],
  [3_600, null],
  [3_601, tooOld],
  [-300, null],
  [-301, tooNew],
  [Number.POSITIVE_INFINITY, tooOld],
  [Number.NEGATIVE_INFINITY, tooNew],
])('an event of %i s ago: %s', (ageSeconds, sentence) => {
  expect(outsideWindow(1_790_000_000 - ageSeconds, 1_790_000_000, 3_600)).toBe(sentence);
});
