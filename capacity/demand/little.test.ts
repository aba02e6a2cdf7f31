import { expect, test } from 'vitest';
import { littleConcurrency, momentaryConcurrency } from './little.ts';

test('2,500 invocations a second of 0.32 s need 800 environments', () => {
  expect(littleConcurrency(2_500, 0.32)).toBe(800);
});

test('a mean of 100 environments peaks at 130', () => {
  expect(momentaryConcurrency(100)).toBe(130);
});
