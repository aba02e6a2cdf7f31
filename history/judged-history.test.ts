import { describe, expect, test } from 'vitest';
import { judgeHistory, openRegressions } from './judged-history.ts';
import { type Acknowledgement, type Line, lineVersion } from './line.ts';
import { lineOf, linesOfValues, nightAt, noisyValues } from './lines.fixture.ts';

const judged = (lines: readonly Line[], acknowledgements: Acknowledgement[] = []) => {
  const { series } = judgeHistory({ lines: [...lines], acknowledgements, skipped: [] });
  const [first] = series;
  if (!first) throw new Error('no series');
  return first;
};
const worse = linesOfValues(noisyValues(40, { factor: 1.2, from: 30 }));

test('a regression names its first night, and the commits on both sides', () => {
  const [change] = openRegressions(judged(worse));
  expect(change).toMatchObject({ kind: 'regression', state: 'confirmed', acknowledged: null });
  expect(change?.first).toMatchObject({ night: nightAt(30), commit: worse[30]?.commit });
  expect(change?.lastBefore).toMatchObject({ night: nightAt(29), commit: worse[29]?.commit });
  expect((change?.after ?? 0) / (change?.before ?? 1)).toBeCloseTo(1.2, 1);
});

test.each(['higher', 'lower'] as const)('harm is %s: only one of two directions is an alarm', (harm) => {
  const series = judged(worse.map((line) => ({ ...line, harm })));
  expect(series.changes.map(({ kind }) => kind)).toEqual([harm === 'higher' ? 'regression' : 'improvement']);
  expect(openRegressions(series).length).toBe(harm === 'higher' ? 1 : 0);
});

test('an acknowledgement of any of its nights until it was found ends the alarm, and one of another night does not', () => {
  const [change] = openRegressions(judged(worse));
  const of = (night: string): Acknowledgement => ({
    ...{ v: lineVersion, kind: 'acknowledgement', series: 'costs.webhook-cpu', night },
    ...{ reason: 'signed twice', by: 'somebody', at: '2026-02-20T08:00:00.000Z' },
  });
  const accepted = judged(worse, [of(change?.first.night ?? '')]);
  expect(openRegressions(accepted)).toEqual([]);
  expect(accepted.changes).toMatchObject([{ acknowledged: { reason: 'signed twice' } }]);
  expect(openRegressions(judged(worse, [of(nightAt(12))])).length).toBe(1);
});

test('an alarm ends by itself once the series is as before', () => {
  const back = [
    ...worse,
    ...noisyValues(45)
      .slice(40)
      .map((value, index) => lineOf(40 + index, value)),
  ];
  const series = judged(back);
  expect(openRegressions(series)).toEqual([]);
  expect(series.changes[0]).toMatchObject({ kind: 'regression', state: 'confirmed', hasRecovered: true });
});

describe('confirmation', () => {
  const exact = (...values: number[]) => linesOfValues([...Array<number>(20).fill(5), ...values]);
  const states = (lines: readonly Line[]) => judged(lines).changes.map(({ state }) => state);
  test('a night without noise that differs is suspected until there is another', () => {
    expect(states(exact(6))).toEqual(['suspected']);
    expect(openRegressions(judged(exact(6)))).toEqual([]);
  });
  test.each([
    [6, 'confirmed'],
    [5, 'refuted'],
  ])('a repeated run of %d: %s', (value, state) => {
    const repeat = lineOf(20, value, { role: 'repeat' });
    expect(states([...exact(6), repeat])).toEqual([state]);
  });
});

test('ten nights are not enough', () => {
  expect(judged(linesOfValues(noisyValues(10))).judgement).toMatchObject({
    kind: 'notEnoughHistory',
    points: 10,
    needed: 11,
  });
});

describe('which series go on', () => {
  const once = (line: Partial<Line>, value: number | null = 100) => {
    const { series, watched } = judgeHistory({
      lines: [...worse, lineOf(60, value, line)],
      acknowledgements: [],
      skipped: [],
    });
    return { open: series.flatMap(openRegressions).length, current: series.map(({ isCurrent }) => isCurrent), watched };
  };
  test.each<[string, Partial<Line>]>([
    ['a night of another entry', { series: 'other.metric', plan: 'p2' }],
    ['a night of the entry on another target', { target: 'aws' }],
  ])('%s silences no regression', (_, line) => {
    expect(once(line)).toEqual({ open: 1, current: [true, true], watched: 2 });
  });
  test.each<[string, Partial<Line>]>([
    ['a night of the entry in which nothing could be measured', { series: 'costs.run', invalid: 'It crashed.' }],
    ['a night of another plan that is not valid', { plan: 'p2', invalid: 'It was late.' }],
  ])('%s silences no regression', (_, line) => {
    expect(once(line, null)).toEqual({ open: 1, current: [true, true], watched: 2 });
  });
  test.each<[string, Partial<Line>]>([
    ['another plan', { plan: 'p2' }],
    ['another machine', { machine: { id: 'm2', text: 'another' } }],
    ['an entry of the same plan with another name', { series: 'renamed.webhook-cpu' }],
    ['a night of the entry without it', { series: 'costs.message-cpu' }],
  ])('%s takes the place of a series, and its alarm ends', (_, line) => {
    expect(once(line)).toEqual({ open: 0, current: [false, true], watched: 1 });
  });
});

test('noise between runs of one night is that of the repeats', () => {
  // Deviation of log 1, 1.02 and 1.01 around their mean.
  expect(judged(linesOfValues([100, 100])).sameNightNoise?.share).toBeCloseTo(0.0099, 4);
});
