import { expect, test } from 'vitest';
import { bySteps } from './steps.ts';

test('a path goes from point to point by the same steps, in fewer characters', () => {
  const area = '<path d="M50.1,20L55.4,18.3L60.8,18.3L60.8,21.4Z" />';
  expect(bySteps(area)).toBe('<path d="M50.1 20l5.3-1.7 5.4 0 0 3.1Z" />');
  const gap = '<path d="M1,2L3,4M0.5,-6L0.2,-5.5" />';
  expect(bySteps(gap)).toBe('<path d="M1 2l2 2M.5-6l-.3 .5" />');
});

test('what is no such path stays', () => {
  for (const path of ['<path d="M1,2C3,4,5,6,7,8" />', '<path d="m1 2l3 4" />', '<text>d="M1,2"</text>'])
    expect(bySteps(path)).toBe(path);
});
