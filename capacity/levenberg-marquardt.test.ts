import { describe, expect, test } from 'vitest';
import { fitNonlinear } from './levenberg-marquardt.ts';
import { certifiedProblems } from './nist.fixture.ts';

/** Correct digits of the worst of several numbers. */
const digits = (actual: readonly number[], certified: readonly number[]) =>
  Math.min(...certified.map((value, i) => -Math.log10(Math.abs((actual[i] ?? Number.NaN) / value - 1))));

describe.each(certifiedProblems)('NIST $name', ({ starts, certified, deviations, rss, ...problem }) => {
  test.each(starts.map((start) => ({ start })))('from $start: at least 6 digits', ({ start }) => {
    const fit = fitNonlinear({ ...problem, start });
    if (fit.kind === 'refused') throw new Error(fit.reason);
    expect(digits(fit.parameters, certified)).toBeGreaterThan(6.5);
    if (deviations) expect(digits(fit.standardErrors, deviations)).toBeGreaterThan(6.5);
    if (rss > 0) expect(digits([fit.rss], [rss])).toBeGreaterThan(9);
    else expect(fit.rss).toBeLessThan(1e-24);
  });
});

describe('bounds', () => {
  const line = {
    model: (x: number, [a = 0, b = 0]: readonly number[]) => a + b * x,
    jacobian: (x: number) => [1, x],
    x: [0, 1, 2, 3],
    y: [-1, 0, 1, 2],
    start: [5, 5],
  };

  test('a parameter stays on its bound, and the others are the best that remain', () => {
    const fit = fitNonlinear({
      ...line,
      bounds: [
        [0, 10],
        [-9, 9],
      ],
    });
    // a = 0: b = Σxy / Σx² = 8 / 14
    expect(fit.kind === 'fit' && fit.parameters).toEqual([0, expect.closeTo(8 / 14, 12)]);
  });

  test('a start outside is brought in, and a bound that does not bind changes nothing', () => {
    const fit = fitNonlinear({
      ...line,
      bounds: [
        [-2, 2],
        [0, 2],
      ],
    });
    expect(fit.kind === 'fit' && fit.parameters).toEqual([expect.closeTo(-1, 12), expect.closeTo(1, 12)]);
  });
});

test('parameters that the data cannot tell apart have infinite errors', () => {
  const fit = fitNonlinear({
    model: (x: number, [a = 0, b = 0]: readonly number[]) => (a + b) * x,
    jacobian: (x) => [x, x],
    x: [1, 2, 3],
    y: [2, 4, 6.1],
    start: [1, 0],
  });
  expect(fit.kind === 'fit' && fit.standardErrors.every((error) => error > 1e6)).toBe(true);
});

test.each([
  ['fewer points than parameters', { x: [1], y: [1], start: [1, 1] }, 'at least as many points'],
  ['x and y of different length', { x: [1, 2], y: [1], start: [1] }, 'one y for each x'],
  [
    'a start where the model is not finite',
    { x: [1, 2], y: [1, 2], start: [Number.MAX_VALUE] },
    'not finite at the start',
  ],
])('refused: %s', (_, change, reason) => {
  const fit = fitNonlinear({
    model: (x: number, [a = 0]: readonly number[]) => a * a * x,
    jacobian: (x) => [x, x],
    ...change,
  });
  expect(fit).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('a Jacobian that is not a gradient is refused: the start would be taken for the answer', () => {
  const problem = { model: (_: number, [a = 0]: readonly number[]) => a, x: [1, 2], y: [1, 3], start: [0] };
  expect(fitNonlinear({ ...problem, jacobian: () => [] }).kind).toBe('refused');
  expect(fitNonlinear({ ...problem, jacobian: () => [Number.NaN] }).kind).toBe('refused');
  expect(fitNonlinear({ ...problem, jacobian: () => [1] })).toMatchObject({ kind: 'fit', parameters: [2] });
});

test('as many points as parameters leave no error to estimate: it is infinite, not zero', () => {
  const through = { model: (x: number, [a = 0]: readonly number[]) => a * x, jacobian: (x: number) => [x] };
  expect(fitNonlinear({ ...through, x: [2], y: [6], start: [1] })).toMatchObject({
    parameters: [3],
    standardErrors: [Number.POSITIVE_INFINITY],
  });
});
