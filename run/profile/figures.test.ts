import { expect, test } from 'vitest';
import { namesOfOthers } from './figures.ts';

test('each of the other messages has a name of its own: its route, or its number', () => {
  expect(namesOfOthers(['say', null, 'leave', 'say', 'say'], null)).toEqual(['say', '3', 'leave', 'say 2', 'say 3']);
  // Also beside a route that is called so.
  expect(namesOfOthers(['say 2', 'say', 'say', null, '5'], null)).toEqual(['say 2', 'say', 'say 3', '5', '5 2']);
});

test('the route of the plan’s own keeps its name where another message takes it, too', () => {
  expect(namesOfOthers(['say', 'leave', 'say'], 'say')).toEqual(['say 2', 'leave', 'say 3']);
});
