import { describe, expect, test } from 'vitest';
import { observationSchema } from '../record/observation.ts';
import { runSchema } from '../record/run.ts';
import { exampleObservation, noData } from './example-observation.fixture.ts';
import { exampleRun } from './example-run.fixture.ts';
import { buildReport } from './report.ts';

type Change = Parameters<typeof exampleObservation>[0];
const reportOf = (change: Change = {}, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(exampleRun(run), exampleObservation(change));

test('the fixtures are what the collector and the command write', () => {
  expect(() => observationSchema.parse(exampleObservation())).not.toThrow();
  expect(() => runSchema.parse(exampleRun())).not.toThrow();
});

describe('a run that met every objective', () => {
  const report = reportOf();

  test('is ok, without reasons', () => {
    expect(report.verdict).toMatchObject({ status: 'ok', reasons: [] });
  });

  test('says in one short sentence the target, the load and until when the plan holds', () => {
    // Burst 20,000 × 40 / 86,400 × 10 = 92.6 webhooks/s × 2.02 writes + 1.39 connects/s × 2 = 190 of 4,000 write units;
    // × 10 at full rollout, × 1.1 a month: 7.8 months
    expect(report.verdict.sentence).toBe(
      'OK: the local target met its SLO at 100 connections, 10 messages/s and 50 webhooks/s in a burst; the plan holds until 2027-07-08, when Webhook API stage throttle (webhook) runs out (modelled on AWS).',
    );
    expect(report.title).toBe('Capacity report: sync on the local target');
  });

  test('latency: percentiles by hand from the counts', () => {
    // 600 round trips: 540 of 20 ms, 54 of 40 ms, 6 of 90 ms: rank 594 is the last of 40 ms
    const steady = report.latency.find(({ id }) => id === 'roundTrip')?.steady;
    expect(steady?.samples).toBe(600);
    for (const [found, ms] of [
      [steady?.p50, 20],
      [steady?.p90, 20],
      [steady?.p99, 40],
      [steady?.p999, 90],
      [steady?.max, 90],
    ] as const) {
      expect(Math.abs((found?.ms ?? 0) / ms - 1)).toBeLessThan(0.001);
    }
    expect([steady?.p99.tooFewSamples, steady?.p999.tooFewSamples]).toEqual([false, true]);
    expect(report.latency.filter(({ kind }) => kind === 'serviceTime').map(({ id }) => id)).toEqual(['service']);
  });

  test('100 connects are too few for a p99, and a warning says so', () => {
    expect(report.warnings.find(({ code }) => code === 'tooFewSamples')?.sentence).toContain('connect p99');
  });

  test('every event has one outcome, and the stack confirms what was offline', () => {
    const offline = Array.from({ length: 10 }, (_, n) => `e-${n}`);
    expect(report.ledger?.events).toEqual({
      accepted: 750,
      delivered: 705,
      outcomes: {
        ...{ deliveredToAll: 705, deliveredToSome: 0, ownerOffline: 45, ownerChanged: 0 },
        ...{ inQueue: 0, deadLettered: 0, missed: 0, lost: 0, unknown: 0 },
      },
      ids: {
        ...{ deliveredToSome: [], ownerOffline: offline, ownerChanged: [], inQueue: [], deadLettered: [] },
        ...{ missed: [], lost: [], unknown: [] },
      },
      ...{ missed: 0, lost: 0, notListed: 0, lostAmongUnknown: 0, unconfirmed: 0, excess: 0 },
      ...{ confirmed: true, offlineByServer: 45, deadLettered: 0, inFlight: 0, waitingBefore: 0, notAsked: [] },
    });
  });

  test('coefficients: half a batch, two writes and a read a webhook, one push call a push', () => {
    const { functions, tables, callsPerPush } = report.coefficients ?? {};
    const { writeUnits, readUnits } = tables?.table ?? {};
    const numbers = [
      functions?.deliver?.invocations.webhook,
      writeUnits?.connect,
      writeUnits?.webhook,
      readUnits?.webhook,
      callsPerPush,
    ];
    // Webhooks accepted each second of the fixture: 50 × 5 + 10 × 50 = 750; the table's totals are within 2% of the code's path.
    expect(numbers.map((each) => (each?.kind === 'value' ? each.value : null))).toEqual([0.5, 1, 2, 1, 1]);
  });

  test('the run’s own column: 20 connects a second for 5 s against 500 + 500 / 5', () => {
    const row = report.headroom.find(({ quotaId }) => quotaId === 'newConnections');
    expect(row?.run).toMatchObject({ demand: 20, limit: 600, basis: 'burst' });
    // 10,000 connections: 1.389/s after 2 h, and gaps beyond 600 s between messages that are 120 s apart on average.
    expect(row?.today).toMatchObject({ basis: 'sustained', limit: 500 });
    expect(row?.today.kind === 'value' && row.today.demand).toBeCloseTo(1.643, 3);
    expect(row?.later.map(({ label }) => label)).toEqual(['everyone', 'end of horizon']);
  });

  test('is the same when made again', () => {
    expect(reportOf()).toEqual(report);
  });
});

test('an AWS run names AWS and does not call its capacity modelled', () => {
  const target = { ...exampleRun().target, kind: 'aws' as const };
  const report = reportOf({}, { target });
  expect(report.title).toBe('Capacity report: sync on AWS, us-east-1');
  expect(report.verdict.sentence).toContain('the stack on AWS met its SLO');
  expect(report.verdict.sentence).not.toContain('modelled');
});

test('series that CloudWatch lacks make the rows that need them unknown, not zero', () => {
  const report = reportOf({
    series: [noData('lambda.deliver.duration.avg.window'), noData('lambda.deliver.duration.avg')],
  });
  const row = report.headroom.find(({ quotaId }) => quotaId === 'accountConcurrency');
  expect(row?.today.kind).toBe('unknown');
  expect(report.cost[0]?.cost.complete).toBe(false);
});

test('a series that could not be collected is distinguished from one without activity', () => {
  const sentenceOf = (report: ReturnType<typeof reportOf>) =>
    report.warnings.find(({ code }) => code === 'noData')?.sentence;
  expect(sentenceOf(reportOf())).toMatch(/^CloudWatch had no data for 7 series: lambda\.authorize\.throttles\.sum, /);
  const key = 'lambda.deliver.throttles.sum';
  expect(sentenceOf(reportOf({ series: [noData(key, true)] }))).toMatch(
    /^CloudWatch had no data for 7 series, 1 of which could not be collected: /,
  );
});

test('the 95% CI of a p99 stands beside it where the samples bound it on both sides', () => {
  const { latency, slo } = reportOf();
  const p99 = (id: string, window: 'steady' | 'run') => latency.find((each) => each.id === id)?.[window]?.p99;
  // 1,410 deliveries: 1,300 of 60 ms, 110 of 180 ms; ranks 1,388 and 1,404 both lie among the latter.
  expect(p99('delivery', 'steady')?.interval95?.lowerMs).toBeCloseTo(180, 0);
  // 600 round trips: ranks 589 and 599 are of 40 ms (541 to 594) and 90 ms.
  const roundTrip = p99('roundTrip', 'steady')?.interval95;
  expect([roundTrip?.lowerMs, roundTrip?.upperMs].map((ms) => Math.round(ms ?? 0))).toEqual([40, 90]);
  // 100 connects: 368 are needed.
  expect(p99('connect', 'run')?.interval95).toBeNull();
  expect(slo.find(({ id }) => id === 'roundTripP99Ms')?.interval95).toEqual(roundTrip);
});
