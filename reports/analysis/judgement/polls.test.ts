/** Polls that fail, and events that tabs never read, are objectives of their own. */
import { expect, test } from 'vitest';
import type { CounterName } from '../../../engine/src/records.ts';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

function reportOf(totals: Partial<Record<CounterName, number>>) {
  const { slo, verdict } = buildReport(exampleRun(), exampleObservation({ totals }));
  return {
    status: verdict.status,
    codes: verdict.reasons.map(({ code }) => code),
    of: (id: string) => slo.find((row) => row.id === `${id}.errorShare`),
  };
}

test('a run in which polls or reads of the stage fail breaks its SLO; what tabs gave up themselves did not fail', () => {
  const half = reportOf({ pollsSent: 100, pollsAnswered: 40, pollsThrottled: 50, pollsGivenUp: 10 });
  expect(half.status).toBe('sloBroken');
  expect(half.of('polls')).toMatchObject({ kept: false, measured: 50 / 90 });
  expect(reportOf({ stageReadsSent: 10, stageReadsTimedOut: 10 }).codes).toContain('slo.polls.errorShare');
  const none = reportOf({ pollsSent: 100, pollsAnswered: 90, pollsGivenUp: 10 });
  expect([none.status, none.of('polls')?.kept]).toEqual(['ok', true]);
});

test('events that tabs were to read and did not, or too late, break it as well', () => {
  const polls = { pollsSent: 100, pollsAnswered: 100 };
  const read = reportOf({ ...polls, polledExpected: 100, polledDelivered: 90, polledLate: 5 });
  expect(read.status).toBe('sloBroken');
  expect(read.of('reads')).toMatchObject({ kept: false, measured: 0.1 });
  expect(reportOf({ ...polls, polledExpected: 100, polledDelivered: 100 }).status).toBe('ok');
});

test('a run without polls has no such objectives', () => {
  expect([reportOf({}).of('polls'), reportOf({}).of('reads')]).toEqual([undefined, undefined]);
});
