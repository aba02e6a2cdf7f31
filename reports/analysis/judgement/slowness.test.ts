import { expect, test } from 'vitest';
import type { Series } from '../../../record/observation.ts';
import { exampleObservation, histogramOfMs, seriesOf } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

/** Round trips whose p99 is 3 s, of 0.5 s allowed, and none of which failed; with what the target measured of itself. */
function reportOf(series: Series[]) {
  const { client } = exampleObservation();
  const roundTripMicros = histogramOfMs([
    [20, 580],
    [3_000, 20],
  ]);
  const steadyHistograms = { ...client.steadyHistograms, roundTripMicros };
  return buildReport(exampleRun(), exampleObservation({ client: { steadyHistograms }, series }));
}

test.each<[string, Series[], string]>([
  [
    'a process of the local target that stood still',
    [seriesOf('local.longestStandstillMillis.max', [[30, 3_100]])],
    'A process of the local target stood still for 3,100 ms.',
  ],
  [
    'invocations that waited for this machine',
    [seriesOf('local.environmentWaits.sum', [[30, 60]])],
    '60 invocations waited for one of this machine’s Lambda environments.',
  ],
  [
    'a function that is slow itself, beside waits for this machine that were short',
    [
      seriesOf('local.environmentWaits.sum', [[30, 60]]),
      seriesOf('local.environmentWaitMillis.sum', [[30, 6_000]]),
      seriesOf('lambda.message.duration.p99.window', [[0, 2_950]]),
    ],
    'The function message takes 2,950 ms (p99), which is most of the round trip p99.',
  ],
  [
    'waits for this machine as long as the p99',
    [seriesOf('local.environmentWaits.sum', [[30, 60]]), seriesOf('local.environmentWaitMillis.sum', [[30, 90_000]])],
    '60 invocations waited for one of this machine’s Lambda environments.',
  ],
  [
    'a function that is slow itself',
    [seriesOf('lambda.message.duration.p99.window', [[0, 2_950]])],
    'The function message takes 2,950 ms (p99), which is most of the round trip p99.',
  ],
])('%s is the cause in the verdict’s sentence', (_name, series, sentence) => {
  const { verdict } = reportOf(series);
  expect(verdict.status).toBe('sloBroken');
  expect(verdict.sentence).toContain(`${sentence} Round trip p99 was 3,000 ms; the plan allows 500 ms.`);
});

test('where nothing explains it, the objective stands alone', () => {
  expect(reportOf([]).verdict.reasons.map(({ code }) => code)).toEqual(['slo.roundTripP99Ms']);
});

test('a standstill of the local target is a warning in any run', () => {
  const report = buildReport(
    exampleRun(),
    exampleObservation({ series: [seriesOf('local.longestStandstillMillis.max', [[30, 900]])] }),
  );
  expect(report.verdict.status).toBe('ok');
  expect(report.warnings.find(({ code }) => code === 'standstill')?.sentence).toBe(
    'A process of the local target stood still for up to 900 ms: what was slow then was this machine.',
  );
});
