import { expect, test } from 'vitest';
import { suiteOf } from '../document/checks.ts';
import { exampleObservation, histogramOfMs, lostEvent } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderJunit } from './junit.ts';

const objectives = 9;
const junitOf = (...of: Parameters<typeof buildReport>) => renderJunit(suiteOf(buildReport(...of)));
const lines = (xml: string) => xml.split('\n').map((line) => line.trim());

test('a run that met every objective: validity and every objective pass', () => {
  const xml = lines(junitOf(exampleRun(), exampleObservation()));
  expect(xml[1]).toMatch(`tests="${objectives + 1}" failures="0" errors="0" skipped="0"`);
  expect(xml).toContain('<testcase classname="loadline" name="the run is valid"/>');
  expect(xml).toContain('<testcase classname="loadline" name="SLO: round trip p99"/>');
});

test('a broken objective is a failure that says by how much', () => {
  const { client } = exampleObservation();
  const steadyHistograms = { ...client.steadyHistograms, roundTripMicros: histogramOfMs([[900, 600]]) };
  const xml = junitOf(exampleRun(), exampleObservation({ client: { steadyHistograms } }));
  expect(xml).toMatch(/failures="1" errors="0" skipped="0"/);
  expect(xml).toMatch(
    /name="SLO: round trip p99"><failure message="Round trip p99 was 900 ms; the plan allows 500 ms\."\/>/,
  );
});

test('an invalid run fails once, and its objectives are not judged', () => {
  const xml = junitOf(
    exampleRun(),
    exampleObservation({ client: { events: lostEvent() }, totals: { eventsDelivered: 704 } }),
  );
  expect(xml).toMatch(`failures="1" errors="0" skipped="${objectives}"`);
  expect(xml).toContain('is lost');
});

test('a run that crashed is an error, and what it said is escaped', () => {
  const outcome = { kind: 'crashed', part: 'target', reason: 'said "<oh> & no"' } as const;
  const xml = junitOf(exampleRun({ outcome }), null);
  expect(xml).toMatch(/tests="1" failures="0" errors="1" skipped="0"/);
  expect(xml).toContain('said &quot;&lt;oh&gt; &amp; no&quot;');
});
