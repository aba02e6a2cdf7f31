import { expect, it } from 'vitest';
import { workBudget } from './work-budget.ts';

it('has the time that is left, and a signal only for whoever asks', () => {
  const at = { ms: 100 };
  const budget = workBudget(50, () => at.ms);
  expect(budget.leftMs()).toBe(50);
  at.ms = 160;
  expect(budget.leftMs()).toBe(-10);
  expect(budget.signal).toBe(budget.signal);
});
