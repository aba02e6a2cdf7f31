import { expect, test } from 'vitest';
import { momentaryConcurrency } from './little.ts';

test('a mean of 100 environments peaks at 130', () => {
  expect(momentaryConcurrency(100)).toBe(130);
});
