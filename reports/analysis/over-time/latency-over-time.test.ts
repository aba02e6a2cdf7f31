import { expect, test } from 'vitest';
import { exampleObservation, histogramOfMs } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

const reportOf = (...change: Parameters<typeof exampleObservation>) =>
  buildReport(exampleRun(), exampleObservation(...change));

test('p50, p90 and p99 of each second; none before anything was due', () => {
  const roundTrip = reportOf().latencyOverTime.find(({ id }) => id === 'roundTrip');
  expect(roundTrip?.sloP99Ms).toBe(500);
  expect(roundTrip?.seconds[0]).toEqual([0, null, null, null]);
  // Second 8: 10 round trips of 20 + 8 % 7 ms.
  expect(roundTrip?.seconds[8]?.map((value) => Math.round(value ?? 0))).toEqual([8, 21, 21, 21]);
});

test('a distribution reaches as far as there are samples: 600 have a p99.8, and no p99.9', () => {
  const distribution = reportOf().distributions.find(({ id }) => id === 'roundTrip')?.quantiles ?? [];
  // 540 of 20 ms, 54 of 40 ms, 6 of 90 ms.
  expect(distribution.map(([q, ms]) => [q, Math.round(ms)])).toEqual([
    ...[0.5, 0.6, 0.7, 0.8, 0.9].map((q) => [q, 20]),
    ...[0.95, 0.98, 0.99].map((q) => [q, 40]),
    ...[0.995, 0.998].map((q) => [q, 90]),
  ]);
});

test('what was due in the steady state and ended in the drain is in the distribution', () => {
  const { client } = exampleObservation();
  const seconds = client.seconds.map((second, i) =>
    i === 66 ? { ...second, histograms: { roundTripMicros: histogramOfMs([[4_000, 600]]) } } : second,
  );
  const [, last] =
    reportOf({ client: { seconds } })
      .distributions.find(({ id }) => id === 'roundTrip')
      ?.quantiles.at(-1) ?? [];
  expect(Math.round((last ?? 0) / 1_000)).toBe(4);
});
