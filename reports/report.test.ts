import { describe, expect, test } from 'vitest';
import { observationSchema } from '../record/observation.ts';
import { runSchema } from '../record/run.ts';
import { exitCodeOf } from './analysis/verdict.ts';
import {
  exampleObservation,
  exampleRun,
  exampleTotals,
  histogramOfMs,
  noData,
  seriesOf,
} from './example-run.fixture.ts';
import { buildReport } from './report.ts';

type Change = Parameters<typeof exampleObservation>[0];
const reportOf = (change: Change = {}, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(exampleRun(run), exampleObservation(change));
const codes = (report: ReturnType<typeof reportOf>) => report.verdict.reasons.map(({ code }) => code);

test('the fixtures are what the collector and the command write', () => {
  expect(() => observationSchema.parse(exampleObservation())).not.toThrow();
  expect(() => runSchema.parse(exampleRun())).not.toThrow();
});

describe('a run that kept everything', () => {
  const report = reportOf();

  test('is ok, exit code 0, without reasons', () => {
    expect(report.verdict).toMatchObject({ status: 'ok', reasons: [] });
    expect(exitCodeOf(report.verdict.status, report.run.outcome)).toBe(0);
  });

  test('says in one sentence the target, the load, what binds first, the runner-up and until when', () => {
    // Burst 20,000 × 40 / 86,400 × 10 = 92.6 webhooks/s × 2.02 writes + 1.39 connects/s × 2 = 190 of 4,000 write units;
    // × 10 at full rollout, × 1.1 a month: 7.8 months
    expect(report.verdict.sentence).toBe(
      'OK: the local target held its SLO at 100 connections, 10 messages/s and 50 webhooks/s in a burst; modelled on AWS for the plan today, “DynamoDB writes of an on-demand table at once” binds first, with 95.3% headroom (runner-up: “throttle of the webhook stage”, 95.4%); “throttle of the webhook stage” is the first to run out, on 2027-07-08, stage “everyone”.',
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

  test('the ledger balances and the stack confirms what was offline', () => {
    expect(report.ledger?.events).toEqual({
      accepted: 750,
      delivered: 705,
      offline: 45,
      offlineByServer: 45,
      offlineByClient: 45,
      confirmed: true,
      deadLettered: 0,
      inFlight: 0,
      waitingBefore: 0,
      unattributed: 0,
      lost: 0,
    });
  });

  test('coefficients: half a batch, two writes and a read a webhook, one push call a push', () => {
    const { invocations, writeUnits, readUnits, callsPerPush } = report.coefficients ?? {};
    const numbers = [
      invocations?.deliver,
      writeUnits?.perConnect,
      writeUnits?.perWebhook,
      readUnits?.perWebhook,
      callsPerPush,
    ];
    // Webhooks accepted each second of the fixture: 50 × 5 + 10 × 50 = 750; the table's totals are within 2% of the code's path.
    expect(numbers.map((each) => (each?.kind === 'value' ? each.value : null))).toEqual([0.5, 1, 2, 1, 1]);
  });

  test('the run’s own column: 20 connects a second for 5 s against 500 + 500 / 5', () => {
    const row = report.headroom.find(({ quotaId }) => quotaId === 'apiGateway.newConnections');
    expect(row?.run).toMatchObject({ demand: 20, limit: 600, basis: 'burst' });
    // 10,000 connections / 7,200 s
    expect(row?.today).toMatchObject({ basis: 'sustained', limit: 500 });
    expect(row?.today.kind === 'value' && row.today.demand).toBeCloseTo(1.389, 3);
    expect(row?.later.map(({ label }) => label)).toEqual(['everyone', 'end of horizon']);
  });

  test('is the same when made again', () => {
    expect(reportOf()).toEqual(report);
  });
});

describe('invalid, exit code 3: the generator was the bottleneck, or the ledger does not balance', () => {
  const busy = (seconds: number) =>
    exampleObservation().client.seconds.map((second, i) => ({
      ...second,
      counters: { ...second.counters, threadCpuMicros: i >= 10 && i < 10 + seconds ? 950_000 : 200_000 },
    }));
  const steady = exampleObservation().client.steadyHistograms;

  test.each<[string, Change, string[]]>([
    [
      'send lag p99 of 60 ms',
      { client: { steadyHistograms: { ...steady, sendLagMicros: histogramOfMs([[60, 100]]) } } },
      ['sendLag'],
    ],
    [
      'loop delay p99 of 60 ms',
      { client: { steadyHistograms: { ...steady, loopDelayMicros: histogramOfMs([[60, 100]]) } } },
      ['loopDelay'],
    ],
    ['a thread at 95% of a core for 5 s', { client: { seconds: busy(5) } }, ['cpu']],
    ['1.1% of messages never sent', { totals: { messagesIntended: 607, messagesDropped: 7 } }, ['unsent.messages']],
    ['1.1% of posts never made', { totals: { webhooksIntended: 767, webhooksDropped: 9 } }, ['unsent.webhooks']],
    ['one event lost', { totals: { eventsDelivered: 704 } }, ['eventsLost']],
    ['one event too many', { totals: { eventsDelivered: 706 } }, ['eventsCountedTwice']],
    [
      'a message without an outcome',
      { totals: { messagesAnswered: 599 } },
      ['outstanding.messages', 'slo.messages.errorShare'],
    ],
    ['a connect with two outcomes', { totals: { connectsFailed: 1 } }, ['outstanding.connects']],
    ['messages that were due and are nowhere', { totals: { messagesIntended: 601 } }, ['intended.messages']],
  ])('%s', (_name, change, expected) => {
    const report = reportOf(change);
    expect(report.verdict.status).toBe('invalid');
    expect(codes(report)).toEqual(expected);
    expect(report.verdict.reasons.every(({ next }) => next.length > 10)).toBe(true);
    expect(report.verdict.sentence).toMatch(/^Invalid: this run against the local target proves nothing/);
    expect(exitCodeOf(report.verdict.status, report.run.outcome)).toBe(3);
  });

  test.each<[string, Change]>([
    [
      'send lag p99 of 49 ms',
      { client: { steadyHistograms: { ...steady, sendLagMicros: histogramOfMs([[49, 100]]) } } },
    ],
    ['a thread at 95% for 4 s', { client: { seconds: busy(4) } }],
    ['1% of messages never sent', { totals: { messagesIntended: 606, messagesDropped: 6 } }],
  ])('not yet at %s', (_name, change) => {
    expect(reportOf(change).verdict.status).toBe('ok');
  });

  test('events in the queues and new dead letters are accounted for, old dead letters are not', () => {
    const queues = { visible: 1, notVisible: 1, delayed: 1, deadLettered: 5, deadLetteredBefore: 3, waitingBefore: 0 };
    const report = reportOf({ totals: { eventsDelivered: 700 }, server: { queues } });
    expect(report.ledger?.events).toMatchObject({ inFlight: 3, deadLettered: 2, lost: 0 });
    expect(report.verdict.status).toBe('ok');
    expect(report.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['deadLettered', 'inFlight']));
  });
});

test('the verdict names what the scenario did, and nothing that it did not', () => {
  const { workload } = exampleRun();
  const only = { ...workload, messageRatePerSecond: 0, webhookRatePerSecond: 0, burst: null };
  const loadOf = (...of: Parameters<typeof reportOf>) => / at (.+?);/.exec(reportOf(...of).verdict.sentence)?.[1];
  expect(loadOf({}, { workload: only })).toBe('100 connections');
  const publishing = { ...only, messageRatePerSecond: 10, webhookRatePerSecond: 5 };
  const publishes = { publishesIntended: 40, publishesSent: 40, publishesAnswered: 40 };
  expect(loadOf({ totals: publishes }, { workload: publishing })).toBe(
    '100 connections, 10 messages/s, 5 webhooks/s and 40 publishes',
  );
});

describe('what the stack counted as offline', () => {
  test('missing: the client’s count stands in, unconfirmed, with a warning', () => {
    const report = reportOf({ series: [noData('loadline.eventsOffline.sum')] });
    expect(report.ledger?.events).toMatchObject({ confirmed: false, offline: 45, offlineByServer: null, lost: 0 });
    expect(report.warnings.map(({ code }) => code)).toContain('offlineUnconfirmed');
    expect(report.verdict.status).toBe('ok');
  });

  test('posts that timed out may have been queued: as many events more than accepted are unattributed, one more is counted twice', () => {
    // Accepted 750 = 705 delivered + 45 offline; three more delivered, two posts timed out.
    const change = (eventsDelivered: number) =>
      reportOf({
        totals: {
          eventsDelivered,
          webhooksTimedOut: 2,
          webhooksPosted: exampleTotals().webhooksPosted + 2,
          webhooksIntended: exampleTotals().webhooksIntended + 2,
        },
      });
    expect(change(707).ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(change(708).ledger?.events).toMatchObject({ unattributed: 2, lost: -1 });
    expect(codes(change(708))).toContain('eventsCountedTwice');
    // A loss is a loss all the same.
    expect(change(704).ledger?.events).toMatchObject({ unattributed: 0, lost: 1 });
  });

  test('an event pushed whose receipt then failed may come again when its owner is gone: as many as failed are unattributed', () => {
    const change = (eventsDelivered: number) =>
      reportOf({ totals: { eventsDelivered }, series: [seriesOf('loadline.eventsFailed.sum', [[30, 2]])] });
    expect(change(707).ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(change(708).ledger?.events).toMatchObject({ unattributed: 2, lost: -1 });
    expect(change(704).ledger?.events).toMatchObject({ unattributed: 0, lost: 1 });
  });

  test('what an earlier load left in the queue may come out as well, and is warned of', () => {
    const queues = { visible: 0, notVisible: 0, delayed: 0, deadLettered: 3, deadLetteredBefore: 3, waitingBefore: 2 };
    const report = reportOf({ totals: { eventsDelivered: 707 }, server: { queues } });
    expect(report.ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(report.warnings.map(({ code }) => code)).toContain('queueNotEmpty');
  });

  test('three fewer than the client expected: they are lost', () => {
    const report = reportOf({ series: [seriesOf('loadline.eventsOffline.sum', [[30, 42]])] });
    expect(report.ledger?.events.lost).toBe(3);
    expect(codes(report)).toEqual(['eventsLost']);
    expect(report.warnings.map(({ code }) => code)).toContain('offlineDiffers');
  });

  test('duplicates, unexpected and unaccepted pushes are warned of and change nothing in the balance', () => {
    const report = reportOf({
      totals: { pushesDuplicate: 2, pushesUnexpected: 1, pushesOfUnaccepted: 1, pushesDelivered: 1_409 },
    });
    expect(report.verdict.status).toBe('ok');
    expect(report.ledger?.pushes.missing).toBe(1);
    expect(report.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['pushesMissing', 'pushesDuplicate', 'pushesUnexpected', 'pushesOfUnaccepted']),
    );
  });
});

describe('SLO broken, exit code 1', () => {
  const steady = exampleObservation().client.steadyHistograms;

  test.each<[string, Change, string]>([
    [
      'round trip p99 of 600 ms',
      {
        client: {
          steadyHistograms: {
            ...steady,
            roundTripMicros: histogramOfMs([
              [20, 590],
              [600, 10],
            ]),
          },
        },
      },
      'slo.roundTripP99Ms',
    ],
    [
      'delivery p99 of 2.1 s',
      { client: { steadyHistograms: { ...steady, deliveryMicros: histogramOfMs([[2_100, 400]]) } } },
      'slo.deliveryP99Ms',
    ],
    [
      'one message of 600 timed out, of 0.1% allowed',
      { totals: { messagesAnswered: 599, messagesTimedOut: 1 } },
      'slo.messages.errorShare',
    ],
    ['one webhook throttled', { totals: { webhooksAccepted: 757, webhooksThrottled: 1 } }, 'slo.webhooks.errorShare'],
    [
      'two pushes of 1,410 never came, of 0.1% allowed',
      { totals: { pushesDelivered: 1_408 } },
      'slo.pushes.errorShare',
    ],
    ['one connect refused', { totals: { connectsOpened: 99, connectsRefused: 1 } }, 'slo.connects.errorShare'],
  ])('%s', (_name, change, code) => {
    const report = reportOf(change);
    expect(report.verdict.status).toBe('sloBroken');
    expect(codes(report)).toEqual([code]);
    expect(exitCodeOf(report.verdict.status, report.run.outcome)).toBe(1);
  });
});

describe('partial', () => {
  test.each<[string, Parameters<typeof exampleRun>[0], Change, string, number]>([
    ['interrupted', { outcome: { kind: 'interrupted', signal: 'SIGINT' } }, {}, 'interrupted', 130],
    [
      'a crash of the target',
      { outcome: { kind: 'crashed', part: 'target', reason: 'killed' } },
      {},
      'crashed.target',
      4,
    ],
    ['measurements cut off', {}, { client: { complete: false } }, 'cutOff', 4],
  ])('%s', (_name, run, change, code, exitCode) => {
    const report = reportOf(change, run);
    expect(report.verdict.status).toBe('partial');
    expect(codes(report)[0]).toBe(code);
    expect(exitCodeOf(report.verdict.status, report.run.outcome)).toBe(exitCode);
  });

  test('comes before invalid, and says nothing of the ledger: what was cut off cannot balance', () => {
    const report = reportOf(
      { totals: { eventsDelivered: 700 } },
      { outcome: { kind: 'interrupted', signal: 'SIGINT' } },
    );
    expect(codes(report)).toEqual(['interrupted']);
  });

  test('without an observation there is a report all the same, with nothing invented', () => {
    const report = buildReport(
      exampleRun({ outcome: { kind: 'crashed', part: 'collector', reason: 'no network' } }),
      null,
    );
    expect(report.verdict.status).toBe('partial');
    expect(codes(report)).toEqual(['crashed.collector', 'noObservation']);
    expect([report.ledger, report.binding, report.headroom, report.latency]).toEqual([null, null, [], []]);
  });
});

test('an AWS run names AWS and does not call its capacity modelled', () => {
  const target = { ...exampleRun().target, kind: 'aws' as const };
  const report = reportOf({}, { target });
  expect(report.title).toBe('Capacity report: sync on AWS, us-east-1');
  expect(report.verdict.sentence).toContain('the stack on AWS held its SLO');
  expect(report.verdict.sentence).not.toContain('modelled');
});

test('series that CloudWatch lacks make the rows that need them unknown, not zero', () => {
  const report = reportOf({
    series: [noData('lambda.deliver.duration.avg.window'), noData('lambda.deliver.duration.avg')],
  });
  const row = report.headroom.find(({ quotaId }) => quotaId === 'lambda.concurrentExecutions');
  expect(row?.today.kind).toBe('unknown');
  expect(report.cost[0]?.cost.complete).toBe(false);
});

test('periods without data are a gap in the timeline, not a slope', () => {
  const queue = reportOf().timeline?.panels.find(({ id }) => id === 'queue');
  expect(queue?.lines.find(({ name }) => name === 'in flight')?.points).toEqual([
    [10, 3],
    [27, null],
    [28, 10],
    [59, null],
    [60, 3],
  ]);
});
