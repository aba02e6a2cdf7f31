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
