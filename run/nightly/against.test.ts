import { expect, test } from 'vitest';
import { comparisonMarkdown, comparisonSentence } from '../../reports/trend/comparison.ts';
import { hasCompared, runComparison } from './against.ts';
import { type Checkout, thisLoadline } from './child-command.ts';
import { count, type Measured, time } from './measurement.ts';
import { suiteSchema } from './suite.ts';

const suite = suiteSchema.parse({ entries: [{ name: 'costs', kind: 'micro' }] });
const checkout = (commit: string): Checkout => ({ folder: thisLoadline, loadline: thisLoadline, commit });
const [base, head] = [checkout('base'), checkout('head')];

/** What is measured in the n-th run, of either side; the order in which they were run. */
async function compared(
  measure: (side: 'base' | 'head', run: number) => Partial<Measured> & Pick<Measured, 'measurements'>,
  pairs = 4,
) {
  const order: string[] = [];
  const comparison = await runComparison({
    ...{ suite, base, head, pairs, confirms: true, runs: 'runs', signal: new AbortController().signal, say: () => {} },
    async measure(_, { checkout: { commit } }) {
      const side = commit === 'base' ? 'base' : 'head';
      order.push(side);
      return { target: 'local', invalid: null, sloBroken: null, ...measure(side, order.length) };
    },
  });
  const shown = { ...comparison, base: { ref: 'main', commit: 'base' }, head: { commit: 'head' } };
  return { comparison, order, sentence: comparisonSentence(shown), markdown: comparisonMarkdown(shown) };
}
const noise = [1, 1.01, 0.99, 1.005, 0.995, 1.008, 0.992, 1.003];
const cpu = (side: string, run: number, factor: number) =>
  time('cpu', 100 * (noise[run % noise.length] ?? 1) * (side === 'head' ? factor : 1), 'µs/message');

test('sides are run in turn, and the order changes from pair to pair', async () => {
  const { order, comparison, sentence } = await compared((side, run) => ({ measurements: [cpu(side, run, 1)] }));
  expect(order).toEqual(['base', 'head', 'head', 'base', 'base', 'head', 'head', 'base']);
  expect(comparison.repeated).toEqual([]);
  expect(sentence).toBe('No difference from main (base) in 1 series.');
});

test('what looks worse is run as often again, and then is', async () => {
  const { order, comparison, sentence, markdown } = await compared((side, run) => ({
    measurements: [cpu(side, run, 1.2)],
  }));
  expect(order.length).toBe(16);
  expect(comparison).toMatchObject({
    repeated: ['costs'],
    series: [{ name: 'costs.cpu', compared: { verdict: 'worse' } }],
  });
  expect(sentence).toBe('Worse than main (base): costs.cpu.');
  expect(markdown).toMatch(/\| costs\.cpu \| 100 µs\/message \| 120 µs\/message \(\+19\.\d%\) \| worse; 95% CI \+\d/);
});

test('one more call is worse without any noise to compare it with', async () => {
  const { comparison } = await compared(
    (side) => ({ measurements: [count('calls', side === 'base' ? 5 : 6, 'calls/webhook')] }),
    2,
  );
  expect(comparison.series).toMatchObject([{ compared: { verdict: 'worse', isExact: true, base: 5, head: 6 } }]);
});

test('a kind of call that only one side makes is none in the other', async () => {
  const calls = (side: string) => (side === 'head' ? [count('calls-new', 1, 'calls/webhook')] : []);
  const { comparison, sentence } = await compared(
    (side) => ({ measurements: [count('calls', 5, 'calls/webhook'), ...calls(side)] }),
    2,
  );
  expect(comparison.series).toMatchObject([
    { name: 'costs.calls', compared: { verdict: 'same' } },
    { name: 'costs.calls-new', compared: { verdict: 'worse', isExact: true, base: 0, head: 1 } },
  ]);
  expect(sentence).toBe('Worse than main (base): costs.calls-new.');
  const gone = await compared(
    (side) => ({ measurements: [count('calls', 5, 'calls'), ...calls(side === 'head' ? 'base' : 'head')] }),
    2,
  );
  expect(gone.comparison.series[1]?.compared).toMatchObject({ verdict: 'better', base: 1, head: 0 });
});

test('another metric that only one side has is listed', async () => {
  const { comparison, markdown } = await compared((side, run) => ({
    measurements: side === 'head' ? [count('calls', 5, 'calls'), cpu(side, run, 1)] : [count('calls', 5, 'calls')],
  }));
  expect(comparison.series.map(({ name }) => name)).toEqual(['costs.calls']);
  expect(comparison.onlyIn).toEqual([{ series: 'costs.cpu', side: 'head' }]);
  expect(markdown).toContain('- costs.cpu is measured in the head only: not compared.');
});

test('a metric of both sides that no pair has on both is said to be that', async () => {
  const { comparison, markdown } = await compared((side, run) => ({
    measurements: [count('calls', 5, 'calls'), ...(run <= 2 === (side === 'base') ? [cpu(side, run, 1)] : [])],
  }));
  expect(comparison.onlyIn).toEqual([{ series: 'costs.cpu', side: 'neverTogether' }]);
  expect(markdown).toContain('- costs.cpu is measured on both sides, but in no pair on both: not compared.');
});

test('where every entry measures something else, nothing was compared', () => {
  const shown = { series: [], onlyIn: [], changedPlans: ['costs'], invalid: [], broken: [] };
  const sides = { base: { ref: 'main', commit: 'base' }, head: { commit: 'head' } };
  expect(comparisonSentence({ ...shown, ...sides })).toBe(
    'Nothing was compared with main (base): every entry measures something else there.',
  );
  expect(hasCompared(shown)).toBe(false);
});

test('too few pairs compare nothing', async () => {
  const { comparison, sentence } = await compared(() => ({ measurements: [count('calls', 5, 'calls')] }), 1);
  expect(sentence).toBe('Not enough pairs to compare with main (base): raise --pairs.');
  expect(hasCompared(comparison)).toBe(false);
});

test('pairs with an invalid side are left out; an entry without a valid pair is invalid', async () => {
  const { comparison } = await compared((side, run) => ({
    measurements: [count('calls', 5, 'calls')],
    invalid: side === 'head' && run === 2 ? 'late' : null,
  }));
  expect(comparison.series[0]?.pairs.length).toBe(3);
  const none = await compared(() => ({ measurements: [], invalid: 'late' }));
  expect(none.comparison.invalid).toEqual([{ entry: 'costs', reason: 'late' }]);
  expect(none.sentence).toBe('Invalid: nothing could be compared with main.');
});
