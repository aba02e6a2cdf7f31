import { expect, test } from 'vitest';
import { judgeHistory } from '../../history/judged-history.ts';
import { lineOf } from '../../history/lines.fixture.ts';
import { smallChart } from './small-chart.ts';

test('what was not judged before the first valid night is drawn', () => {
  const { series } = judgeHistory({
    lines: [lineOf(0, 5, { invalid: 'It was late.' }), lineOf(1, 5), lineOf(2, 5)],
    acknowledgements: [],
    skipped: [],
  });
  const [only] = series;
  expect(only && smallChart(only, new Map())?.source.match(/class="unjudged"/g)).toHaveLength(1);
});

test('a series without noise is one line in the middle, and its level is on it, whatever the last digit of a mean of logarithms', () => {
  const { series } = judgeHistory({
    lines: Array.from({ length: 20 }, (_, night) => lineOf(night, 100)),
    acknowledgements: [],
    skipped: [],
  });
  const [only] = series;
  const drawn = (only && smallChart(only, new Map())?.source) ?? '';
  expect(drawn).toMatch(/class="nights"/);
  const heights = [/d="M[\d.]+ ([\d.]+)H[\d.]+" class="level"/, /d="M[\d.]+ ([\d.]+)L/].map(
    (of) => of.exec(drawn)?.[1],
  );
  expect(heights).toEqual(['48', '48']);
});
