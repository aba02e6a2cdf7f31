import { describe, expect, it } from 'vitest';
import { crossings } from './crossover.ts';

const range = { from: 0.01, to: 10_000 };

describe('where one bill becomes smaller than the other', () => {
  it('is found to many digits: $3 a unit against $100 and $1 a unit', () => {
    const [crossing, none] = crossings(
      (factor) => 3 * factor,
      (factor) => 100 + factor,
      range,
    );
    expect(crossing?.cheaper).toBe('second');
    expect(crossing?.factor).toBeCloseTo(50, 6);
    expect(none).toBeUndefined();
  });

  it('is found there and back: a bill that grows in steps', () => {
    const found = crossings(
      (factor) => factor,
      (factor) => (factor < 100 ? 10 : 1_000),
      range,
    );
    expect(found.map(({ cheaper, factor }) => [cheaper, Math.round(factor)])).toEqual([
      ['second', 10],
      ['first', 100],
      ['second', 1_000],
    ]);
  });

  it('is nowhere when one is always smaller', () => {
    expect(
      crossings(
        (factor) => factor,
        (factor) => 2 * factor,
        range,
      ),
    ).toEqual([]);
  });
});
