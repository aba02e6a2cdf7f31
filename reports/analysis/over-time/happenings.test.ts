import { expect, test } from 'vitest';
import { exampleObservation, seriesOf } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

/** Counts of one counter in some seconds of the client. */
function withCounts(counter: 'webhooksThrottled' | 'connectsTimedOut', at: Readonly<Record<number, number>>) {
  const { client } = exampleObservation();
  const seconds = client.seconds.map((second, i) => ({
    ...second,
    counters: { ...second.counters, [counter]: at[i] ?? 0 },
  }));
  return exampleObservation({ client: { seconds } });
}
const happeningsOf = (...of: Parameters<typeof buildReport>) => buildReport(...of).happenings;

test('nothing happened in a run that met every objective', () => {
  expect(happeningsOf(exampleRun(), exampleObservation())).toEqual([]);
});

test('failures by kind, in stretches: touching seconds are one, with the sum of their counts', () => {
  expect(happeningsOf(exampleRun(), withCounts('webhooksThrottled', { 7: 2, 8: 3, 20: 1 }))).toEqual([
    {
      ...{ name: 'webhooks throttled (429)', kind: 'failure', total: 6 },
      spans: [
        { from: 7, to: 9, count: 5 },
        { from: 20, to: 21, count: 1 },
      ],
    },
  ]);
});

test('what a quota refused and what Lambda throttled, each in its own seconds', () => {
  const series = [
    seriesOf('local.quotaRefusals newConnections.sum', [[3, 40]]),
    seriesOf('lambda.deliver.throttles.sum', [[30, 2]]),
  ];
  const found = happeningsOf(exampleRun(), exampleObservation({ series }));
  expect(found.map(({ name, kind, spans }) => ({ name, kind, spans }))).toEqual([
    { name: 'WebSocket new connections rate refused', kind: 'refusal', spans: [{ from: 3, to: 4, count: 40 }] },
    { name: 'Lambda throttled deliver', kind: 'throttle', spans: [{ from: 30, to: 31, count: 2 }] },
  ]);
});

test('a fault from its start to its end, or to the end of the run', () => {
  const { firstSecond } = exampleObservation().clock;
  const fault = {
    ...{
      name: 'slow table',
      kind: 'latency' as const,
      service: 'dynamodb' as const,
      operation: ['GetItem'],
      delay: 40,
    },
    ...{ callers: 'everyone' as const, share: 1, skip: 0, seed: 1, setAtMs: firstSecond * 1_000, fired: 7 },
  };
  const model = {
    ...{ seed: 1, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
    ...{ latencyProfile: { name: 'none', latencies: [] }, limits: [] },
    faults: [
      { ...fault, startSeconds: 10, durationSeconds: 5 },
      { ...fault, name: 'for ever', startSeconds: 60 },
    ],
  };
  const found = happeningsOf(exampleRun({ target: { ...exampleRun().target, model } }), exampleObservation());
  expect(found.map(({ name, spans }) => [name, spans])).toEqual([
    ['fault “slow table”', [{ from: 10, to: 15, count: 7 }]],
    ['fault “for ever”', [{ from: 60, to: 70, count: 7 }]],
  ]);
});

test('errors by kind are lines of the timeline; without any, one that is 0 throughout', () => {
  const linesOf = (...of: Parameters<typeof buildReport>) =>
    buildReport(...of)
      .timeline?.panels.find(({ id }) => id === 'refusals')
      ?.lines.map(({ name }) => name);
  expect(linesOf(exampleRun(), exampleObservation())).toEqual(['throttled or failed']);
  expect(linesOf(exampleRun(), withCounts('connectsTimedOut', { 2: 4 }))).toEqual(['no answer in time']);
});
