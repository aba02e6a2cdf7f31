import { describe, expect, test } from 'vitest';
import type { Line } from './line.ts';
import { lineOf, linesOfValues } from './lines.fixture.ts';
import { assemble } from './series.ts';

const onlySeries = (lines: readonly Line[]) => {
  const { series, oddities } = assemble(lines);
  expect(series.length).toBe(1);
  return { values: series[0]?.points.map(({ value }) => value), unjudged: series[0]?.unjudged, oddities };
};

describe('order', () => {
  test('a clock that went back changes no order, and is said', () => {
    const lines = [lineOf(0, 1), lineOf(1, 2), lineOf(2, 3, { at: '2025-12-30T02:00:00.000Z' }), lineOf(3, 4)];
    const { values, oddities } = onlySeries(lines.toReversed());
    expect(values).toEqual([1, 2, 3, 4]);
    expect(oddities).toEqual([
      { kind: 'clockWentBack', run: 'run-2', at: '2025-12-30T02:00:00.000Z', before: '2026-01-02T02:00:00.000Z' },
    ]);
  });

  test('two nights that began at once have one number: their clocks order them', () => {
    const lines = [lineOf(1, 2, { sequence: 1 }), lineOf(0, 1, { sequence: 1 })];
    expect(onlySeries(lines)).toMatchObject({ values: [1, 2], oddities: [] });
  });
});

describe('nights', () => {
  test('missing nights are said, and not filled', () => {
    const { values, oddities } = onlySeries([lineOf(0, 1), lineOf(1, 2), lineOf(5, 3)]);
    expect(values).toEqual([1, 2, 3]);
    expect(oddities).toEqual([{ kind: 'missingNights', from: '2026-01-02', to: '2026-01-06', count: 3 }]);
  });

  test('of two of the same commit in one night the first counts; a repeat is not one of them', () => {
    const twice = { ...lineOf(1, 9), run: 'again', sequence: 3 };
    const repeat = lineOf(1, 2.1, { role: 'repeat' });
    const { values, unjudged, oddities } = onlySeries([lineOf(0, 1), twice, repeat, lineOf(1, 2)]);
    expect(values).toEqual([1, 2, 2.1]);
    expect(unjudged).toMatchObject([{ value: 9, why: { kind: 'duplicate' } }]);
    expect(oddities).toEqual([{ kind: 'duplicateNight', night: '2026-01-02', runs: 2 }]);
  });

  test('another commit of the same night is a night of its own', () => {
    const other = lineOf(1, 3, { run: 'other', sequence: 3, commit: 'd'.repeat(40) });
    expect(onlySeries([lineOf(0, 1), lineOf(1, 2), other])).toMatchObject({ values: [1, 2, 3], oddities: [] });
  });

  test('lines that are there twice count once', () => {
    const lines = [lineOf(0, 1), lineOf(1, 2)];
    expect(onlySeries([...lines, ...lines.slice(1)])).toMatchObject({
      values: [1, 2],
      oddities: [{ kind: 'copied', run: 'run-1', lines: 1 }],
    });
  });

  test('an invalid one is kept, marked, and not judged', () => {
    const { values, unjudged } = onlySeries([
      lineOf(0, 1),
      lineOf(1, 50, { invalid: 'The generator was late.' }),
      lineOf(2, 2),
    ]);
    expect(values).toEqual([1, 2]);
    expect(unjudged).toMatchObject([{ value: 50, why: { kind: 'invalid', reason: 'The generator was late.' } }]);
  });
});

describe('what may not be compared', () => {
  test('a changed plan is a new series, and said', () => {
    const { series, oddities } = assemble([...linesOfValues([1, 2]), lineOf(2, 5, { plan: 'p2' })]);
    expect(series.map(({ points }) => points.map(({ value }) => value))).toEqual([[1, 2], [5]]);
    expect(oddities).toEqual([{ kind: 'planChanged', entry: 'costs', night: '2026-01-03' }]);
  });

  const otherMachine = { machine: { id: 'm2', text: '8 × another processor' } };
  test('times of another machine are another series; counts are not', () => {
    const times = assemble([lineOf(0, 1), lineOf(1, 2, otherMachine)]);
    expect(times.series.length).toBe(2);
    expect(times.oddities).toMatchObject([{ kind: 'machineChanged', to: '8 × another processor' }]);
    const counts = assemble([
      lineOf(0, 1, { machineBound: false }),
      lineOf(1, 2, { ...otherMachine, machineBound: false }),
    ]);
    expect(counts.series.length).toBe(1);
    expect(counts.oddities).toEqual([]);
  });

  test('a renamed entry goes on where the suite says so, and is suspected where it does not', () => {
    const before = linesOfValues([1, 2]);
    const renamed = (changes: Partial<Line>) => lineOf(2, 3, { series: 'prices.webhook-cpu', ...changes });
    const said = assemble([...before, renamed({ formerly: ['costs'] })]);
    expect(said.series).toMatchObject([{ name: 'prices.webhook-cpu' }]);
    expect(said.series[0]?.points.length).toBe(3);
    expect(said.oddities).toEqual([]);
    const unsaid = assemble([...before, renamed({})]);
    expect(unsaid.series.length).toBe(2);
    expect(unsaid.oddities).toEqual([{ kind: 'renamed', from: 'costs', to: 'prices', night: '2026-01-03' }]);
  });
});
