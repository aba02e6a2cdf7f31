import { expect, test } from 'vitest';
import { routeNames } from './route-names.ts';

const named = (...keys: (string | null)[]) => routeNames(keys.map((key) => ({ key })));

test('each has a name of its own: its route, or its number; one that repeats has a number behind it', () => {
  expect(named('send', 'leave')).toEqual(['send', 'leave']);
  expect(named(null, 'say', null, 'leave', 'say', 'say')).toEqual(['1', 'say', '3', 'leave', 'say 2', 'say 3']);
  // Also beside a route that is called so.
  expect(named(null, 'say 2', 'say', 'say', null, '5')).toEqual(['1', 'say 2', 'say', 'say 3', '5', '5 2']);
});

test('where no route is known, what it says itself', () => {
  expect(
    routeNames([
      { key: null, label: 'echo' },
      { key: null, label: null },
    ]),
  ).toEqual(['echo', '2']);
});
