import { expect, test } from 'vitest';
import type { ClientSecond } from '../../../record/observation.ts';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { measuredFallback } from './measured-fallback.ts';

const fallback = {
  ...{ api: 'fallbackApi', function: 'fallback', table: 'table', throttle: { ratePerSecond: 1, burst: 1 } },
  ...{ meanSeconds: { stage: 0, events: 0 }, recentSeconds: 3_600, holdSeconds: 0, bytesPerRecentEvent: 1 },
};

/** Twelve seconds of steady state with these counters each; the stage is rolled back in seconds 4 and 5, and switched on again in second 9. */
function rolledBack() {
  const observation = exampleObservation();
  const [like] = observation.client.seconds;
  if (like === undefined) throw new Error('The example has no second.');
  const first = 1_000;
  const seconds = Array.from({ length: 12 }, (_, n): ClientSecond => {
    const isRolledBack = n >= 4 && n < 9;
    return {
      ...like,
      second: first + n,
      phases: ['steady'],
      counters: {
        ...like.counters,
        ...{ stageReadsSent: 2, pollsSent: isRolledBack ? 8 : 1, connectsAttempted: n >= 9 ? 3 : 0 },
        ...{ connectsOpened: n >= 9 ? 3 : 0, connectionsRolledBack: n === 4 || n === 5 ? 5 : 0 },
        pollsThrottled: n === 7 ? 4 : 0,
      },
      histograms: {},
    };
  });
  const series = (key: string, each: number) => ({
    ...{ kind: 'series' as const, key, namespace: '', metric: '', dimensions: {}, statistic: '', unit: '' },
    ...{ periodSeconds: 1, points: seconds.map(({ second }): [number, number] => [second, each]) },
  });
  return {
    ...observation,
    clock: { ...observation.clock, steadyFirstSecond: first, steadyLastSecond: first + 11 },
    client: { ...observation.client, seconds, totals: { ...observation.client.totals, pollsSent: 52 } },
    server: {
      ...observation.server,
      series: [
        series('lambda.fallback.invocations.sum', 10),
        series('lambda.fallback.duration.avg', 50),
        series('dynamodb.table.consumedRead.sum', 7),
      ],
    },
  };
}

test('a run is divided where the first and the last tab noticed the rollback, and where the first connected again', () => {
  const stretches = measuredFallback(rolledBack(), fallback);
  expect(stretches.map(({ kind, seconds, pollsPerSecond, failed }) => [kind, seconds, pollsPerSecond, failed])).toEqual(
    [
      ['before', 4, 1, 0],
      ['noticing', 2, 8, 0],
      ['rolledBack', 3, 8, 4],
      ['switchedOn', 3, 1, 0],
    ],
  );
  // 10 a second of 50 ms each.
  for (const { executions, readUnitsPerSecond, stageReadsPerSecond } of stretches)
    expect([executions, readUnitsPerSecond, stageReadsPerSecond]).toEqual([
      { kind: 'value', value: expect.closeTo(0.5, 9) },
      { kind: 'value', value: 7 },
      2,
    ]);
  expect(stretches[2]?.busiestPerSecond).toBe(10);
});

test('without a rollback there is one stretch; of a target of whose inside nothing is known no executions; without a request nothing', () => {
  const observation = rolledBack();
  const seconds = observation.client.seconds.map((second) => ({
    ...second,
    counters: { ...second.counters, connectionsRolledBack: 0 },
  }));
  const steady = { ...observation, client: { ...observation.client, seconds } };
  expect(measuredFallback(steady, null)).toMatchObject([
    { kind: 'steady', seconds: 12, executions: { kind: 'unknown' } },
  ]);
  expect(measuredFallback(exampleObservation(), fallback)).toEqual([]);
});
