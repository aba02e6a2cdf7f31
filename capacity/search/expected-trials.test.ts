import { expect, test } from 'vitest';
import { searchCapacity } from './capacity-search.ts';
import { expectedTrials } from './expected-trials.ts';

const settings = { start: 10, max: 640, width: 0.05 };

test('before the first trial it is the length of a search', () => {
  const trials = expectedTrials(settings, [], { lower: 0, upper: null });
  expect(trials).toBeGreaterThan(8);
  expect(trials).toBeLessThan(25);
});

test('as the bracket closes the number comes true', async () => {
  const made: boolean[] = [];
  const guesses: number[] = [];
  const { trials } = await searchCapacity(async (load) => load <= 100, {
    ...settings,
    onTrial({ passed }, bracket) {
      made.push(passed);
      guesses.push(expectedTrials(settings, made, bracket));
    },
  });
  expect(guesses.at(-1)).toBe(trials.length);
  // In the second half it is right within two.
  for (const guess of guesses.slice(Math.ceil(trials.length / 2)))
    expect(Math.abs(guess - trials.length)).toBeLessThanOrEqual(2);
});

test('never fewer than were made', () => {
  expect(expectedTrials(settings, Array<boolean>(40).fill(true), { lower: 640, upper: null })).toBe(40);
});
