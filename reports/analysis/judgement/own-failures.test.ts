import { describe, expect, test } from 'vitest';
import type { OwnFailures } from '../../../record/observation.ts';
import { runDocument } from '../../document/run-document.ts';
import {
  exampleEvents,
  exampleObservation,
  exampleTotals,
  idsFrom,
  seriesOf,
} from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { renderTerminal } from '../../render/terminal.ts';
import { buildReport } from '../../report.ts';

type Change = Parameters<typeof exampleObservation>[0];
const reportOf = (failures: Partial<OwnFailures>, change: Change, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(
    exampleRun(run),
    exampleObservation({
      ...change,
      server: { ...change?.server, failures: { functions: [], routes: [], ...failures } },
    }),
  );
const ofFunction = (id: string, kind: OwnFailures['functions'][number]['kind'], text: string, count = 381) => ({
  functions: [{ id, kind, text, count }],
});
const importError = "Runtime.ImportModuleError: Error: Cannot find package 'not-there' imported from /code/index.mjs";

/** 481 messages, of which 381 were answered with an error frame. */
const badMessages: Change = {
  totals: { messagesIntended: 481, messagesSent: 481, messagesAnswered: 100, messagesErrorFrame: 381 },
  client: { failures: { 'message Internal server error': 381 } },
  series: [seriesOf('lambda.message.errors.sum', [[30, 381]])],
};

describe('a function that fails is named with what its log begins with', () => {
  test.each<[Parameters<typeof ofFunction>[1], string, string, string]>([
    ['load', importError, 'functionNotLoaded', `could not be loaded (${importError})`],
    [
      ...(['loadTimeout', 'Sandbox.Timedout: Error: Task timed out after 3.00 seconds', 'functionNotLoaded'] as const),
      'was not loaded in time (Sandbox.Timedout: Error: Task timed out after 3.00 seconds)',
    ],
    [
      ...(['memory', 'Runtime.ExitError: Error: signal: killed', 'functionFailed'] as const),
      'used more than its memory of 512 MB (Runtime.ExitError: Error: signal: killed)',
    ],
    ['crash', 'Runtime.ExitError: exit status 3', 'functionFailed', 'crashed (Runtime.ExitError: exit status 3)'],
    // What the code's own errors say may be about a caller.
    ['thrown', 'TypeError: TypeError: ada@example.com is no number', 'functionFailed', 'failed (TypeError)'],
  ])('%s', (kind, text, code, words) => {
    const { verdict, warnings } = reportOf(ofFunction('message', kind, text), badMessages);
    expect(verdict.reasons[0]).toMatchObject({
      code: `cause.messages.${code}`,
      sentence: `381 of 481 messages failed: the function message ${words}.`,
    });
    expect(verdict.sentence).toContain(words);
    expect(warnings.find(({ code: each }) => each === 'errors.message')?.sentence).toBe(
      `Lambda message failed 381 times${kind === 'thrown' ? '' : `: it ${words.replace(' of 512 MB', '')}`}.`,
    );
  });

  test('in the terminal and in the report', () => {
    const report = reportOf(ofFunction('message', 'load', importError), badMessages);
    for (const text of [renderTerminal(report, ''), renderMarkdown(runDocument(report))])
      expect(text.replaceAll(/\\|\s+/g, ' ')).toContain(
        'the function message could not be loaded (Runtime.ImportModuleError',
      );
  });

  test('one that runs into its timeout is said as before', () => {
    const series = [...(badMessages?.series ?? []), seriesOf('lambda.message.duration.max', [[30, 10_000]])];
    const { verdict } = reportOf(ofFunction('message', 'timeout', 'Sandbox.Timedout: x'), { ...badMessages, series });
    expect(verdict.reasons[0]?.sentence).toBe(
      '381 of 481 messages failed: the function message ran into its timeout of 10 s.',
    );
  });
});

test('an authorizer that cannot be loaded is why no connection was opened, though the run was cut off', () => {
  const { verdict } = reportOf(
    ofFunction('authorize', 'load', importError, 10),
    {
      totals: { connectsIntended: 10, connectsAttempted: 10, connectsOpened: 0, connectsRefused: 10 },
      client: { failures: { 'connect 500': 10 } },
      series: [seriesOf('lambda.authorize.errors.sum', [[2, 10]])],
    },
    { outcome: { kind: 'crashed', part: 'connection', reason: 'None of 10 connects was answered with 101' } },
  );
  expect(verdict.status).toBe('partial');
  expect(verdict.reasons.map(({ code }) => code)).toEqual(['crashed.connection', 'cause.connects.functionNotLoaded']);
  expect(verdict.sentence).toMatch(
    /None of 10 connects was answered with 101\. 10 of 10 connects failed: the function authorize could not be loaded \(Runtime\.Import/,
  );
});

test('a run that is invalid, for its messages had no end yet, says that their function could not be loaded', () => {
  const unended: Change = {
    totals: { messagesIntended: 6, messagesSent: 6, messagesAnswered: 0 },
    series: [seriesOf('lambda.message.errors.sum', [[30, 6]]), seriesOf('lambda.message.invocations.sum', [[30, 6]])],
  };
  const { verdict } = reportOf(ofFunction('message', 'load', importError, 6), unended);
  expect(verdict.status).toBe('invalid');
  expect(verdict.sentence).toContain(
    `6 of 6 messages have no outcome. The function message could not be loaded (${importError}): all of its 6 invocations failed.`,
  );
  // One that sometimes can be is not why.
  const now = { ...unended, series: [seriesOf('lambda.message.errors.sum', [[30, 6]])] };
  expect(reportOf(ofFunction('message', 'load', importError, 6), now).verdict.sentence).not.toContain(
    'could not be loaded',
  );
});

test('pushes that a function never makes are its doing, however few of its events show as errors', () => {
  const ids = idsFrom(100, 100);
  const open: [number, number][] = [
    [1_000, 9_000],
    [1_000, 9_000],
    [1_000, 9_000],
  ];
  const undelivered: Change = {
    totals: { eventsAccepted: 850, eventsUnreached: 100, pushesExpected: 1_410, pushesDelivered: 1_110 },
    client: {
      events: [...exampleEvents(), ...ids.map((id) => ({ id, state: 'unreached' as const, postedMs: 1_000, open }))],
    },
    server: { events: { ...exampleObservation().server.events, inQueue: ids } },
    series: [seriesOf('lambda.deliver.errors.sum', [[30, 3]])],
  };
  const firstOf = (kind: Parameters<typeof ofFunction>[1]) =>
    reportOf(ofFunction('deliver', kind, importError, 3), undelivered).verdict.reasons[0]?.sentence;
  expect(firstOf('load')).toBe(
    `300 of 1,410 pushes are missing: the function deliver could not be loaded (${importError}).`,
  );
  // One that fails now and then explains as many as it failed.
  expect(firstOf('crash')).toBe('300 of 1,410 pushes are missing: 100 events were in the queue at the end.');
});

describe('an integration that fails otherwise is named with its route', () => {
  const { webhooksIntended: due } = exampleTotals();
  const badWebhooks: Change = {
    totals: { webhooksAccepted: due - 100, webhooksRejected: 100 },
    client: { failures: { 'webhook 503': 100 } },
  };
  const route = { api: 'webhook', route: 'POST /webhooks', integration: 'ingest', status: 503, text: null, count: 100 };
  test.each<[Partial<OwnFailures['routes'][number]> & Pick<OwnFailures['routes'][number], 'kind'>, string]>([
    [{ kind: 'answered' }, 'ingest answered POST /webhooks of webhook with HTTP 503'],
    [{ kind: 'malformed' }, 'what ingest answered POST /webhooks of webhook is no answer that API Gateway takes'],
    [
      { kind: 'timeout', text: '29 s' },
      'ingest did not answer POST /webhooks of webhook within the integration’s timeout of 29 s',
    ],
    [{ kind: 'broken', text: 'no host' }, 'POST /webhooks of webhook could not call its integration (no host)'],
  ])('%j', (failure, words) => {
    const { verdict } = reportOf({ routes: [{ ...route, ...failure }] }, badWebhooks);
    expect(verdict.reasons[0]).toMatchObject({
      code: 'cause.webhooks.integrationFailed',
      sentence: `100 of 758 webhooks failed: ${words}.`,
    });
  });

  test('one of another kind of work is not the cause', () => {
    const other = { ...route, api: 'websocket', route: 'ping', kind: 'answered' as const };
    const { verdict } = reportOf({ routes: [other] }, badWebhooks);
    expect(verdict.reasons[0]?.sentence).toBe('100 of 758 webhooks were answered with HTTP 503.');
  });
});
