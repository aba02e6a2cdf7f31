import { describe, expect, test } from 'vitest';
import { unitCost } from './unit-cost.ts';

describe('the cost of a unit', () => {
  const whole = { units: 100, use: 200 };

  test('is use over units; batches that agree leave no doubt', () => {
    const batches = [10, 20, 30, 40].map((units) => ({ units, use: 2 * units }));
    expect(unitCost(whole, batches)).toEqual({ kind: 'value', value: 2, margin: 0, units: 100 });
  });

  test('has a margin by hand: 4 batches of 10 units with 18, 22, 18 and 22', () => {
    // r = 80 / 40 = 2; residuals ∓2: Σ² = 16; SE = √(4/3 · 16) / 40 = 0.11547; t(0.975; 3) = 3.18245.
    const batches = [18, 22, 18, 22].map((use) => ({ units: 10, use }));
    const cost = unitCost(whole, batches);
    expect(cost.kind === 'value' && cost.margin).toBeCloseTo(0.36748, 4);
  });

  test('has none from three batches', () => {
    const batches = [18, 22, 18].map((use) => ({ units: 10, use }));
    expect(unitCost(whole, batches)).toMatchObject({ value: 2, margin: null });
  });

  test('is unknown without any', () => {
    expect(unitCost({ units: 0, use: 3 }, [])).toEqual({ kind: 'unknown', reason: 'There was no such load.' });
  });
});
