import { expect, test } from 'vitest';
import { readHistory } from '../../history/history.ts';
import { openRegressions } from '../../history/judged-history.ts';
import { memoryStore, nightAt, noisyValues } from '../../history/lines.fixture.ts';
import { HistoryError } from '../../history/store.ts';
import { UsageError } from '../errors.ts';
import { thisLoadline } from './child-command.ts';
import { count, type Measured, time } from './measurement.ts';
import { type NightRequest, runNight } from './night.ts';
import { nightVerdict } from './night-verdict.ts';
import { suiteSchema } from './suite.ts';

const suite = suiteSchema.parse({
  entries: [
    { name: 'costs', kind: 'micro', repeats: 3 },
    { name: 'plan', kind: 'plan' },
  ],
});
const base = { target: 'local', invalid: null, sloBroken: null } as const;
const costs = (calls: number, cpu: number): Measured => ({
  ...base,
  measurements: [count('webhook-calls', calls, 'calls/webhook'), time('webhook-cpu', cpu, 'µs/webhook')],
});
const plan: Measured = { ...base, target: 'none', measurements: [count('cost', 12, 'USD/month')] };

type MeasureCosts = (run: number) => Measured;

/** Nights one after the other, each with what `costs` measures in its n-th run. */
function nights(measure: (night: number) => MeasureCosts) {
  const store = memoryStore();
  let index = -1;
  const said: string[] = [];
  const next = (changes: Partial<NightRequest> = {}) => {
    index += 1;
    let run = 0;
    const measureCosts = measure(index);
    return runNight({
      ...{ suite, store, runs: 'runs', confirms: true, signal: new AbortController().signal },
      checkout: { folder: thisLoadline, loadline: thisLoadline, commit: `commit-${index}` },
      now: () => new Date(`${nightAt(index)}T02:00:00Z`),
      say: (line) => said.push(line),
      rescue: async () => 'rescued.ndjson',
      measure: async ({ name }) => (name === 'plan' ? plan : measureCosts(run++)),
      ...changes,
    });
  };
  const until = async (last: number) => {
    let night = await next();
    while (index < last) night = await next();
    return night;
  };
  return { store, said, next, until };
}
const changeAt = 20;
const cpu = noisyValues(40);
const quiet = (night: number) => (run: number) => costs(5, (cpu[night] ?? 100) * (1 + run / 100));

test('a night is a line a series: counts by their median, times by their smallest, with every repeat', async () => {
  const { until, store } = nights(() => (run) => costs([5, 7, 5][run] ?? 5, [130, 100, 120][run] ?? 0));
  await until(0);
  const { lines } = await readHistory(store);
  expect(lines.map(({ series, value, repeats, statistic }) => ({ series, value, repeats, statistic }))).toEqual([
    { series: 'costs.webhook-calls', value: 5, repeats: [5, 7, 5], statistic: 'median' },
    { series: 'costs.webhook-cpu', value: 100, repeats: [130, 100, 120], statistic: 'minimum' },
    { series: 'plan.cost', value: 12, repeats: [12], statistic: 'median' },
  ]);
});

test('nights without a change end well, and nothing is run twice', async () => {
  const night = await nights(quiet).until(changeAt);
  expect(night.repeated).toEqual([]);
  expect(nightVerdict(night.lines, night.judged)).toEqual({ kind: 'ok', broken: [], invalid: [] });
});

test('one more call a webhook is found the same night: it is run again, and confirmed', async () => {
  const { until, said } = nights((night) => (night < changeAt ? quiet(night) : () => costs(6, cpu[night] ?? 100)));
  const night = await until(changeAt);
  expect(night.repeated).toEqual(['costs']);
  expect(said).toContain('Looks like a regression, and is run again: costs.');
  expect(nightVerdict(night.lines, night.judged).kind).toBe('regression');
  const [change] = night.judged.series.flatMap(openRegressions);
  expect(change).toMatchObject({
    before: 5,
    after: 6,
    first: { night: nightAt(changeAt), commit: `commit-${changeAt}` },
    lastBefore: { commit: `commit-${changeAt - 1}` },
  });
});

test('processor time that is 30% more is found the same night', async () => {
  const { until } = nights(
    (night) => (run) => costs(5, (cpu[night] ?? 100) * (night < changeAt ? 1 : 1.3) * (1 + run / 100)),
  );
  const { judged } = await until(changeAt);
  expect(judged.series.filter((each) => openRegressions(each).length > 0).map(({ name }) => name)).toEqual([
    'costs.webhook-cpu',
  ]);
});

test('a bad night whose second run is as ever is no regression, that night or later', async () => {
  // The first three runs are the night's own.
  const { until, next } = nights(
    (night) => (run) => costs(5, (cpu[night] ?? 100) * (night === changeAt && run < 3 ? 1.6 : 1)),
  );
  const night = await until(changeAt);
  expect(night.repeated).toEqual(['costs']);
  expect(nightVerdict(night.lines, night.judged).kind).toBe('ok');
  const later = await next();
  expect(nightVerdict(later.lines, later.judged).kind).toBe('ok');
});

test('an invalid repeat is left out; a night of invalid ones is kept, marked, and not judged', async () => {
  const late = { invalid: 'The generator sent late.' };
  const { until, store } = nights((night) => (run) => ({
    ...costs(night === changeAt ? 50 : 5, cpu[night] ?? 100),
    ...((night === changeAt || (night === 3 && run === 0)) && late),
  }));
  const night = await until(changeAt);
  expect(nightVerdict(night.lines, night.judged)).toEqual({
    kind: 'invalid',
    broken: [],
    invalid: [{ entry: 'costs', reason: 'The generator sent late.' }],
  });
  expect(night.judged.series.flatMap(({ changes }) => changes)).toEqual([]);
  const { lines } = await readHistory(store);
  const ofCalls = lines.filter(({ series }) => series === 'costs.webhook-calls');
  expect(ofCalls.at(-1)).toMatchObject({ value: 50, invalid: 'The generator sent late.' });
  expect(ofCalls[3]).toMatchObject({ repeats: [5, 5], invalid: null });
});

test('an SLO is broken when most repeats break it', async () => {
  const broken = (runs: number) => async () => {
    const { until } = nights(() => (run) => ({ ...costs(5, 100), sloBroken: run < runs ? 'p99 was 900 ms.' : null }));
    const night = await until(0);
    return nightVerdict(night.lines, night.judged).kind;
  };
  expect(await broken(1)()).toBe('ok');
  expect(await broken(2)()).toBe('broken');
});

test('what was measured before an interruption is written', async () => {
  const controller = new AbortController();
  const { next, store } = nights(() => (run) => {
    if (run === 1) controller.abort('SIGINT');
    return run === 1 ? { ...costs(5, 100), measurements: [], invalid: 'It was interrupted.' } : costs(5, 100);
  });
  const night = await next({ signal: controller.signal });
  expect(night.wasInterrupted).toBe(true);
  const { lines } = await readHistory(store);
  expect(lines.map(({ series, repeats }) => [series, repeats.length])).toEqual([
    ['costs.webhook-calls', 1],
    ['costs.webhook-cpu', 1],
    ['plan.cost', 1],
  ]);
});

test('an entry that cannot be run ends the night as wrong input, and what came before it is written', async () => {
  const { next, store } = nights(() => () => costs(5, 100));
  const measure: NightRequest['measure'] = async ({ name }) => {
    if (name === 'plan') throw new UsageError('no such plan');
    return costs(5, 100);
  };
  await expect(next({ measure })).rejects.toThrow('no such plan');
  expect((await readHistory(store)).lines.length).toBe(2);
});

test('what a history does not take is kept elsewhere, and said', async () => {
  const { next, store } = nights(() => () => costs(5, 100));
  const full = { ...store, create: () => Promise.reject(new HistoryError('The disk is full.')) };
  await expect(next({ store: full })).rejects.toThrow(
    'The disk is full. What was measured is in rescued.ndjson: copy it into the history.',
  );
});
