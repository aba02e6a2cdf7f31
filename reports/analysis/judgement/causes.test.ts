import { describe, expect, test } from 'vitest';
import { suiteOf } from '../../document/checks.ts';
import { runDocument } from '../../document/run-document.ts';
import { exampleObservation, exampleTotals, seriesOf } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { renderHtml } from '../../render/html.ts';
import { renderJunit } from '../../render/junit.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { renderTerminal } from '../../render/terminal.ts';
import { buildReport } from '../../report.ts';
import { type Change, first, refusedTotals, reportOf, target } from './causes.fixture.ts';
import { fails } from './fault-effects.ts';

const refused = (change: Change = {}) =>
  reportOf({
    totals: refusedTotals,
    client: { failures: { 'message Internal server error': 381 } },
    series: [seriesOf('local.quotaRefusals accountConcurrency Loadline-Message.sum', [[30, 381]])],
    ...change,
  });

describe('messages that Lambda’s concurrency refused', () => {
  const report = refused();
  test('stand in the verdict’s sentence, by quota and function', () => {
    expect(report.verdict.sentence).toContain(
      'did not meet its SLO at 100 connections, 10 messages/s and 50 webhooks/s in a burst. 381 of 481 messages were refused by Lambda concurrent executions (Loadline-Message).',
    );
  });
  test('are the first reason, with the quota’s row, before the objectives', () => {
    expect(report.verdict.reasons.map(({ code, quotaId }) => [code, quotaId])).toEqual([
      ['cause.messages.refused', 'accountConcurrency'],
      ['slo.roundTripP99Ms', undefined],
      ['slo.messages.errorShare', undefined],
    ]);
  });
  test('leave no percentile of round trips: no p99 in any form of the report', () => {
    expect(report.slo.find(({ id }) => id === 'roundTripP99Ms')).toMatchObject({
      ...{ measured: null, kept: false, notJudged: null },
    });
    const document = runDocument(report);
    const markdown = renderMarkdown(document);
    // 600 samples of the fixture beside 381 that failed.
    for (const text of [markdown, renderHtml(document)]) expect(text).toContain('no p99: 38.8% failed');
    expect(markdown).toMatch(/\| round trip p99 \| no p99: 38.8% failed \| 500 ms \| missed \|/);
    expect(renderTerminal(report, '')).toContain('There is no round trip p99: 38.8% failed; the plan allows 500 ms.');
    const junit = renderJunit(suiteOf(report));
    expect(junit).toContain(
      'name="SLO: round trip p99"><failure message="There is no round trip p99: 38.8% failed; the plan allows 500 ms. 381 of 481 messages were refused by Lambda concurrent executions (Loadline-Message)."/>',
    );
  });
});

test('a refusal of another function is not the cause', () => {
  const report = refused({
    series: [seriesOf('local.quotaRefusals accountConcurrency Loadline-Deliver.sum', [[30, 400]])],
    client: { failures: { 'message Internal server error': 381 } },
  });
  expect(first(report)?.sentence).toBe('381 of 481 messages were answered with the error “Internal server error”.');
});

test('of two quotas that refused enough, the cause is the one that refused no more than what failed', () => {
  const report = reportOf({
    totals: { connectsOpened: 60, connectsThrottled: 40 },
    series: [
      seriesOf('local.quotaRefusals dynamodbPartitionWrite table.sum', [[2, 45]]),
      seriesOf('local.quotaRefusals newConnections.sum', [[2, 40]]),
    ],
  });
  expect(report.verdict.sentence).toContain('40 of 100 connects were refused by WebSocket new connections rate.');
});

test('on AWS, which does not say which quota it was, the function’s throttles are the cause', () => {
  const report = buildReport(
    exampleRun({ target: { ...target, kind: 'aws' } }),
    exampleObservation({ totals: refusedTotals, series: [seriesOf('lambda.message.throttles.sum', [[30, 381]])] }),
  );
  expect(first(report)?.sentence).toBe('381 of 481 messages were refused by Lambda throttling (message).');
});

describe('the largest cause is named', () => {
  const { webhooksIntended: due } = exampleTotals();
  test.each<[string, Change, string]>([
    [
      'a function that fails',
      { totals: refusedTotals, series: [seriesOf('lambda.message.errors.sum', [[30, 381]])] },
      '381 of 481 messages failed: the function message failed.',
    ],
    [
      'a function that runs into its timeout',
      {
        totals: refusedTotals,
        series: [
          seriesOf('lambda.message.errors.sum', [[30, 381]]),
          seriesOf('lambda.message.duration.max', [[30, 10_000]]),
        ],
      },
      '381 of 481 messages failed: the function message ran into its timeout of 10 s.',
    ],
    [
      'webhooks refused by their stage’s throttle',
      {
        totals: { webhooksAccepted: due - 100, webhooksThrottled: 100 },
        client: { failures: { 'webhook 429': 100 } },
        series: [seriesOf('local.quotaRefusals httpApiThrottle http1 POST /webhooks.sum', [[30, 100]])],
      },
      '100 of 758 webhooks were refused by HTTP API stage throttle (http1 POST /webhooks).',
    ],
    [
      'webhooks refused by the usage plan of their API key',
      {
        totals: { webhooksAccepted: due - 100, webhooksThrottled: 100 },
        client: { failures: { 'webhook 429': 100 } },
        series: [seriesOf('local.quotaRefusals usagePlanQuota Basic.sum', [[30, 100]])],
      },
      '100 of 758 webhooks were refused by API Gateway usage plan quota (Basic).',
    ],
    [
      'webhooks answered with 503',
      { totals: { webhooksAccepted: due - 100, webhooksRejected: 100 }, client: { failures: { 'webhook 503': 100 } } },
      '100 of 758 webhooks were answered with HTTP 503.',
    ],
    [
      'connects refused by the quota of new connections',
      {
        totals: { connectsOpened: 60, connectsThrottled: 40 },
        client: { failures: { 'connect 429': 40 } },
        series: [seriesOf('local.quotaRefusals newConnections.sum', [[2, 40]])],
      },
      '40 of 100 connects were refused by WebSocket new connections rate.',
    ],
    [
      'pushes of which the invocations of what delivers were refused',
      {
        totals: { pushesDelivered: 1_010 },
        series: [seriesOf('local.quotaRefusals reservedConcurrency Loadline-Deliver.sum', [[30, 900]])],
      },
      '400 of 1,410 pushes are missing, and Lambda reserved concurrency (Loadline-Deliver) refused as many requests.',
    ],
  ])('%s', (_name, change, sentence) => {
    expect(first(reportOf(change))?.sentence).toBe(sentence);
  });
});

describe('a fault hits connects and messages by the routes that its patterns match', () => {
  const fault = {
    kind: 'error',
    service: 'webSocketApi',
    callers: 'everyone',
    startSeconds: 0,
    share: 1,
    skip: 0,
  } as const;
  const rest = { seed: 7, setAtMs: 0, fired: 1, name: 'fault' } as const;
  test.each([
    ['*', true, true],
    ['$connect', true, false],
    ['$Conn*', true, false],
    ['$disconnect', false, false],
    ['$default', false, true],
    ['ping', false, true],
  ])('%s', (operation, connects, messages) => {
    const one = { ...fault, ...rest, operation: [operation] };
    expect([fails(one, 'connects'), fails(one, 'messages')]).toEqual([connects, messages]);
  });
});

describe('a fault that was under way', () => {
  const { clock, client } = exampleObservation();
  const common = {
    ...{ operation: ['*'], callers: 'everyone' as const, share: 1, skip: 0, seed: 1, fired: 1 },
    ...{ setAtMs: clock.firstSecond * 1_000, startSeconds: 10 },
  };
  const modelWith = (...faults: NonNullable<ReturnType<typeof exampleRun>['target']['model']>['faults']) => ({
    ...{ seed: 1, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
    ...{ latencyProfile: { name: 'none', latencies: [] }, limits: [], faults },
  });
  const failover = {
    ...common,
    kind: 'failover',
    service: 'rds',
    name: 'away',
    way: 'cut',
    durationSeconds: 5,
  } as const;
  const failing = (at: number) => ({
    totals: refusedTotals,
    client: {
      failures: { 'message Internal server error': 381 },
      seconds: client.seconds.map((second, i) => ({
        ...second,
        counters: { ...second.counters, messagesErrorFrame: i === at ? 381 : 0 },
      })),
    },
  });

  test('as a failover is the cause of what failed meanwhile, and of nothing before', () => {
    const of = { target: { ...target, model: modelWith(failover) } };
    expect(first(reportOf(failing(12), of))?.sentence).toBe('381 of 481 messages failed by the injected fault “away”.');
    expect(first(reportOf(failing(5), of))?.code).toBe('cause.messages.errorFrame');
  });

  test('as a deployment is the cause of what had no connection, if that is how it ends them', () => {
    const deploy = { ...common, kind: 'taskStop', service: 'ecs', name: 'deploy', way: 'deploy', tasks: 1 } as const;
    const closed = (code: string) =>
      reportOf(
        {
          totals: {
            messagesIntended: 481,
            messagesSent: 481,
            messagesAnswered: 100,
            messagesConnectionClosed: 381,
            closesUnexpected: 50,
          },
          client: { closesByServer: { [code]: 50 } },
        },
        { target: { ...target, model: modelWith(deploy) } },
      );
    const report = closed('1012 Service restart');
    expect(first(report)?.sentence).toBe('381 of 481 messages failed by the injected fault “deploy”.');
    expect(report.verdict.reasons.find(({ code }) => code === 'target.closed')?.next).toContain('fault “deploy”');
    expect(first(closed('1008 Policy'))?.code).toBe('cause.messages.closed');
    const [happening] = report.happenings;
    // Once, and so at its moment.
    expect(happening).toMatchObject({ name: 'fault “deploy”', spans: [{ from: 10, to: 11 }] });
  });
});
