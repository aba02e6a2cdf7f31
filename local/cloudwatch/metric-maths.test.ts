import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloudWatchError } from './cloudwatch-error.ts';
import { evaluate, parseExpression, type TimeSeries } from './metric-maths.ts';

const points = new Map([
  [0, 2],
  [1, 8],
]);
const series: TimeSeries = { kind: 'series', points, periodSeconds: 1 };
const scope = (expression: string, endSecond = 3) => ({
  expression,
  lookUp: () => series,
  metrics: () => [series, series],
  startSecond: 0,
  endSecond,
});
const resultOf = (expression: string) => evaluate(parseExpression(expression), scope(expression));

describe('metric maths', () => {
  it.each([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['-(1 - 3) * -2', -4],
    ['2 - 1 - 1', 0],
    ['SUM(m) / 4', 2.5],
    ['MAX(m) - MIN(m)', 6],
    ['CEIL(AVG(m) / 2) + FLOOR(2.9) + ABS(-1)', 6],
  ])('%s = %d', (expression, value) => {
    expect(resultOf(expression)).toEqual({ kind: 'scalar', value });
  });

  it('adds up all metrics for each second', () => {
    expect(resultOf('SUM(METRICS())')).toMatchObject({
      points: new Map([
        [0, 4],
        [1, 16],
      ]),
    });
  });

  it('drops the points of a division by zero', () => {
    expect(resultOf('m / (m - 2)')).toMatchObject({ points: new Map([[1, 8 / 6]]) });
  });

  it('refuses to fill more points than a call may return', () => {
    const expression = 'FILL(m, 0)';
    expect(() => evaluate(parseExpression(expression), scope(expression, 1e12))).toThrow('more than 100800 points');
  });

  it.each(['('.repeat(101), '-'.repeat(1_000), '['.repeat(2_000), `${'ABS('.repeat(200)}1${')'.repeat(200)}`])(
    'refuses excessive nesting: %.20s',
    (expression) => {
      expect(() => parseExpression(expression)).toThrow('nested deeper than 100');
    },
  );

  it('accepts a hundred terms in sequence', () => {
    expect(resultOf(Array<string>(100).fill('1').join('+'))).toEqual({ kind: 'scalar', value: 100 });
  });

  it('throws only validation errors for any expression', () => {
    const token = fc.constantFrom(
      'm',
      '1',
      '.',
      '+',
      '-',
      '*',
      '/',
      '(',
      ')',
      '[',
      ']',
      ',',
      'SUM',
      'FILL',
      'METRICS',
      'constructor',
      '__proto__',
      '"',
      ' ',
      'REPEAT',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const expression = tokens.join('');
        try {
          resultOf(expression);
        } catch (error) {
          expect(error).toBeInstanceOf(CloudWatchError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
