import { expect, test } from 'vitest';
import { exampleObservation, histogramOfMs } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { steadyStateRows } from './steady-state.ts';

const workload = { ...exampleRun().workload, burstRatePerSecond: 0 };

/** The example's 60 steady seconds, from second 5 to 64, with round trips of the given ms in each. */
const observationOf = (roundTripMs: (i: number) => number) => {
  const { client } = exampleObservation();
  const seconds = client.seconds.map((second, i) => ({
    ...second,
    histograms:
      i >= 5 && i < 65 ? { ...second.histograms, roundTripMicros: histogramOfMs([[roundTripMs(i - 5), 10]]) } : {},
  }));
  return exampleObservation({ client: { seconds } });
};

test('a run that settles late gets a warning, with the second and the means', () => {
  const report = buildReport(
    exampleRun({ workload }),
    observationOf((i) => (i < 20 ? 81 : 20)),
  );
  const [roundTrip] = report.steadyState;
  expect(roundTrip).toMatchObject({
    seconds: { from: 5, to: 64, count: 60 },
    finding: { kind: 'settles', second: 25 },
  });
  expect(report.warnings.find(({ code }) => code === 'notSteady.roundTrip')?.sentence).toBe(
    'The steady state was not steady: round trip settled only at second 25: 81 ms before, 20 ms after (median of each second, on average).',
  );
});

test('a burst is unsteady by design: its seconds and as many after it are left out', () => {
  const observation = observationOf((i) => (i < 20 ? 500 : 20));
  const burst = { burstStartSeconds: 0, burstSeconds: 10, burstRatePerSecond: 50 };
  const [roundTrip] = steadyStateRows(observation, { ...workload, ...burst });
  expect(roundTrip).toMatchObject({ seconds: { from: 25, count: 40 }, finding: { kind: 'tooFew', values: 40 } });
  const [judged] = steadyStateRows(observation, workload);
  expect(judged?.finding).toMatchObject({ kind: 'settles', second: 25 });
});

test('a run whose seconds are alike has no warning', () => {
  const report = buildReport(
    exampleRun({ workload }),
    observationOf((i) => 20 + (i % 3)),
  );
  expect(report.steadyState[0]?.finding).toEqual({ kind: 'steady' });
  expect(report.warnings.map(({ code }) => code)).not.toContain('notSteady.roundTrip');
});

test('without a steady state nothing is judged', () => {
  const observation = exampleObservation({ clock: { steadyFirstSecond: null, steadyLastSecond: null } });
  expect(steadyStateRows(observation, workload).map(({ seconds }) => seconds)).toEqual([null, null]);
});
