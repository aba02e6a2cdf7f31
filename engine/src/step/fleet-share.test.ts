import { expect, test } from 'vitest';
import { ofFleet } from './fleet-share.ts';

const rows = Array.from({ length: 5 }, (_, n) => ({ name: `u${n}` }));
const token = { kind: 'command' as const, command: 'make', usersPerToken: 1, concurrency: 8, timeoutSeconds: 10 };
const step = { feed: rows, protocol: null, token };
const shareOf = (n: number, fleets: number, workers: number) => {
  const { feed = [], token: own } = ofFleet(step, n, { fleets, workers });
  return { names: feed.map(({ name }) => name), concurrency: own?.kind === 'command' ? own.concurrency : null };
};

test('fleets take rows in turn and run commands so many at a time in all', () => {
  expect(shareOf(0, 2, 1)).toEqual({ names: ['u0', 'u2', 'u4'], concurrency: 4 });
  expect(shareOf(1, 2, 1)).toEqual({ names: ['u1', 'u3'], concurrency: 4 });
});

test('workers share the commands; each has all rows, because they are not numbered', () => {
  expect(shareOf(1, 2, 2)).toEqual({ names: ['u1', 'u3'], concurrency: 2 });
});

test('there is at least one command at a time for each fleet', () => {
  expect(shareOf(0, 4, 4).concurrency).toBe(1);
});
