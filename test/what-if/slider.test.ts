import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeast, linear, log } from '../../reports/what-if/number-control.ts';
import { expectedOf } from '../../reports/what-if/problems.ts';
import { lastPosition, positionOf, valueAt } from '../../reports/what-if/slider.ts';
import { exampleControls, exampleInputs } from './example-inputs.fixture.ts';

test.each([
  // The middle of three decades is 10^1.5.
  ['logarithmic', log(1, 1_000), 500, 32],
  ['logarithmic, from 0', log(0, 600), 0, 0],
  ['of four decades below its end', log(0, 600), 250, 0.6],
  ['linear', linear(0, 1), 250, 0.25],
  ['beyond its end', linear(0, 1), 2_000, 1],
])('a slider that is %s', (_what, slider, position, value) => {
  expect(valueAt(position, slider, atLeast(0, 1e6, false))).toBe(value);
});

test('a whole number stays whole', () => {
  expect(valueAt(333, linear(1, 60), atLeast(1, 60))).toBe(21);
});

test('every slider stays within the bounds of its number, goes up, and finds its own positions again', () => {
  const position = fc.nat(lastPosition);
  for (const { input } of exampleControls(exampleInputs)) {
    if (input.kind !== 'number') continue;
    const { slider, bounds } = input;
    fc.assert(
      fc.property(position, position, (a, b) => {
        const [low, high] = [valueAt(Math.min(a, b), slider, bounds), valueAt(Math.max(a, b), slider, bounds)];
        expect(low).toBeLessThanOrEqual(high);
        expect(expectedOf(low, bounds)).toBeNull();
        const again = valueAt(positionOf(low, slider), slider, bounds);
        // Rounded to two digits, and back from a whole position.
        expect(Math.abs(again - low)).toBeLessThanOrEqual(
          Math.max(0.06 * Math.abs(low), (slider.to - slider.from) / 100, bounds.whole ? 1 : 0),
        );
      }),
      { numRuns: 20 },
    );
  }
});
