import { describe, expect, test } from 'vitest';
import { counterNames } from '../../engine/src/records.ts';
import { exampleObservation, histogramOfMs } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';

type Change = Parameters<typeof exampleObservation>[0];
const reportOf = (change: Change = {}, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(exampleRun(run), exampleObservation(change));
const codes = (report: ReturnType<typeof reportOf>) => report.verdict.reasons.map(({ code }) => code);

describe('invalid, exit code 3: the generator was the bottleneck, or the ledger does not balance', () => {
  const busy = (seconds: number) =>
    exampleObservation().client.seconds.map((second, i) => ({
      ...second,
      counters: { ...second.counters, threadCpuMicros: i >= 10 && i < 10 + seconds ? 950_000 : 200_000 },
    }));
  const steady = exampleObservation().client.steadyHistograms;
  const none = Object.fromEntries(counterNames.map((name) => [name, 0]));

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
    ['one event whose end nobody knows', { totals: { eventsDelivered: 704 } }, ['eventsUnknown']],
    ['one event too many', { totals: { eventsDelivered: 706 } }, ['eventsContradict']],
    [
      'a message without an outcome',
      { totals: { messagesAnswered: 599 } },
      ['outstanding.messages', 'slo.messages.errorShare'],
    ],
    [
      'nothing at all',
      { client: { histograms: {}, steadyHistograms: {}, events: [] }, totals: none },
      ['nothingMeasured'],
    ],
    ['a connect with two outcomes', { totals: { connectsFailed: 1 } }, ['outstanding.connects']],
    ['messages that were due and are unaccounted for', { totals: { messagesIntended: 601 } }, ['intended.messages']],
  ])('%s', (_name, change, expected) => {
    const report = reportOf(change);
    expect(report.verdict.status).toBe('invalid');
    expect(codes(report)).toEqual(expected);
    expect(report.verdict.reasons.every(({ next }) => next.length > 10)).toBe(true);
    expect(report.verdict.sentence).toMatch(/^Invalid: this run against the local target is inconclusive/);
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
});

test('the verdict names what the scenario did, and nothing else', () => {
  const { workload } = exampleRun();
  const only = { ...workload, messageRatePerSecond: 0, webhookRatePerSecond: 0, burstRatePerSecond: 0 };
  const loadOf = (...of: Parameters<typeof reportOf>) => / at (.+?);/.exec(reportOf(...of).verdict.sentence)?.[1];
  expect(loadOf({}, { workload: only })).toBe('100 connections');
  const publishing = { ...only, messageRatePerSecond: 10, webhookRatePerSecond: 5 };
  const publishes = { publishesIntended: 40, publishesSent: 40, publishesAnswered: 40 };
  expect(loadOf({ totals: publishes }, { workload: publishing })).toBe(
    '100 connections, 10 messages/s, 5 webhooks/s and 40 publishes',
  );
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
      'cause.messages.timedOut slo.messages.errorShare',
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
    expect(codes(report).join(' ')).toBe(code);
  });
});

describe('partial', () => {
  test.each<[string, Parameters<typeof exampleRun>[0], Change, string]>([
    ['interrupted', { outcome: { kind: 'interrupted', signal: 'SIGINT' } }, {}, 'interrupted'],
    ['a crash of the target', { outcome: { kind: 'crashed', part: 'target', reason: 'killed' } }, {}, 'crashed.target'],
    ['measurements cut off', {}, { client: { complete: false } }, 'cutOff'],
  ])('%s', (_name, run, change, code) => {
    const report = reportOf(change, run);
    expect(report.verdict.status).toBe('partial');
    expect(codes(report)[0]).toBe(code);
  });

  test('comes before invalid, and leaves out the ledger: one that was cut off cannot balance', () => {
    const report = reportOf(
      { totals: { eventsDelivered: 700 } },
      { outcome: { kind: 'interrupted', signal: 'SIGINT' } },
    );
    expect(codes(report)).toEqual(['interrupted']);
  });

  test('one that has not recorded its end may be under way', () => {
    const { verdict } = buildReport(exampleRun({ outcome: { kind: 'running' } }), exampleObservation());
    expect(verdict.sentence).toMatch(/, has not ended: it is under way, or was cut off without a word\.$/);
  });

  test.each([
    [{ kind: 'crashed', part: 'connection', reason: 'HTTP 401' }, 'crashed.connection'],
    [{ kind: 'interrupted', signal: 'SIGINT' }, 'interrupted'],
  ] as const)('where it is known why the generator stopped, nobody is sent to look: %j', (outcome, code) => {
    const report = buildReport(exampleRun({ outcome }), exampleObservation({ client: { complete: false } }));
    expect(codes(report)).toEqual([code]);
  });

  test('without an observation there is still a report, with nothing invented', () => {
    const report = buildReport(
      exampleRun({ outcome: { kind: 'crashed', part: 'collector', reason: 'no network' } }),
      null,
    );
    expect(report.verdict.status).toBe('partial');
    expect(codes(report)).toEqual(['crashed.collector', 'noObservation']);
    expect([report.ledger, report.binding, report.headroom, report.latency]).toEqual([null, null, [], []]);
  });
});
