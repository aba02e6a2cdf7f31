/** What is seen from outside: fan-out, lost connections, and a target whose internals are unknown. */
import { describe, expect, test } from 'vitest';
import { deploymentOfGraph } from '../../capacity/headroom/graph-deployment.ts';
import { enteredApis } from '../../graph/entered.ts';
import { eventsNotAsked } from '../../metrics/target-events.ts';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, exampleTotals, histogramOfMs } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { renderMarkdown } from '../render/markdown.ts';
import { buildReport } from '../report.ts';

type Totals = ReturnType<typeof exampleTotals>;
const reportOf = (totals: Partial<Totals>, histograms: Record<string, Record<string, number>> = {}) => {
  const observation = exampleObservation();
  return buildReport(exampleRun(), {
    ...observation,
    client: {
      ...observation.client,
      totals: { ...exampleTotals(), ...totals },
      histograms: { ...observation.client.histograms, ...histograms },
    },
  });
};

describe('fan-out', () => {
  const report = reportOf(
    {
      publishesIntended: 10,
      publishesSent: 9,
      publishesDropped: 1,
      publishesAnswered: 9,
      fanOutExpected: 90,
      fanOutDelivered: 86,
      fanOutLate: 1,
      fanOutReordered: 2,
    },
    { fanOutLastMicros: histogramOfMs([[12, 9]]) },
  );
  test('its ledger: 90 expected = 86 delivered + 1 late + 3 missing', () => {
    expect(report.ledger?.fanOut).toMatchObject({ expected: 90, delivered: 86, late: 1, missing: 3, reordered: 2 });
    expect(report.ledger?.fanOut?.publishes).toMatchObject({ intended: 10, dropped: 1, outstanding: 0 });
    expect(report.warnings.find(({ code }) => code === 'fanOut')?.sentence).toBe(
      'Of 90 messages to subscribers, 3 never arrived, 1 arrived late, 0 twice, 0 at another client and 2 out of order.',
    );
  });
  test('what never came or came late counts against the plan’s share of errors', () => {
    expect(report.slo.find(({ id }) => id === 'fanOut.errorShare')).toMatchObject({ measured: 4 / 90, kept: false });
    expect(report.verdict.status).toBe('sloBroken');
    expect(reportOf({}).slo.some(({ id }) => id === 'fanOut.errorShare')).toBe(false);
  });
  test('the last subscriber has its own latency, and a report without publishes has no such row', () => {
    expect(report.latency.find(({ id }) => id === 'fanOutLast')?.run?.samples).toBe(9);
    expect(reportOf({}).latency.map(({ id }) => id)).toEqual([
      'connect',
      'roundTrip',
      'webhook',
      'delivery',
      'service',
    ]);
    expect(reportOf({}).ledger).toMatchObject({ fanOut: null, recoveries: null });
  });
  test('a publish that a subscriber never got, though there throughout, breaks any SLO and is named', () => {
    const { plan } = exampleRun();
    const observation = exampleObservation();
    const missedPublishes = Array.from({ length: 12 }, (_, n) => ({
      ...{ id: `p-${n}`, channel: 'c-tag-f0-3', subscribers: n === 0 ? 4 : 1 },
      users: n === 0 ? ['u-1', 'u-2', 'u-3', 'u-4'] : ['u-9'],
    }));
    const totals = {
      ...{ publishesIntended: 100, publishesSent: 100, publishesAnswered: 100 },
      ...{ fanOutExpected: 1_000, fanOutDelivered: 985, publishesMissed: 12, fanOutMissed: 15 },
    };
    const missed = buildReport(exampleRun({ plan: { ...plan, slo: { ...plan.slo, errorShare: 1 } } }), {
      ...observation,
      client: { ...observation.client, missedPublishes, totals: { ...exampleTotals(), ...totals } },
    });
    expect(missed.verdict.status).toBe('sloBroken');
    const [reason] = missed.verdict.reasons.filter(({ code }) => code === 'publishesMissed');
    expect(reason?.sentence).toBe(
      '12 publishes of 100 confirmed never reached 15 subscribers with a connection and a confirmed subscription from before they were sent until the end of the drain: ' +
        'p-0 on c-tag-f0-3 (u-1, u-2 and 2 more), ' +
        `${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `p-${n} on c-tag-f0-3 (u-9)`).join(', ')} and 2 more (events.json).`,
    );
    expect(missed.slo.find(({ id }) => id === 'publishes.missed')).toMatchObject({ measured: 0.12, kept: false });
    expect(missed.ledger?.fanOut?.missed).toMatchObject({ publishes: 12, messages: 15 });
    expect(renderMarkdown(runDocument(missed))).toContain('Missed publishes: p-0 on c-tag-f0-3');
  });
  test('what arrived at another user breaks any SLO, and stays a fact of a run that is invalid', () => {
    const { plan } = exampleRun();
    const observation = exampleObservation();
    const misdeliveries = Array.from({ length: 12 }, (_, n) => ({
      ...({ what: n === 0 ? 'publish' : 'event', id: `e-${n}`, to: 'u-9' } as const),
      of: n === 1 ? null : 'u-1',
    }));
    const reportOf = (totals: object) =>
      buildReport(exampleRun({ plan: { ...plan, slo: { ...plan.slo, errorShare: 1 } } }), {
        ...observation,
        client: { ...observation.client, misdeliveries, totals: { ...exampleTotals(), ...totals } },
      });
    const strays = { pushesMisdelivered: 11, fanOutMisdelivered: 1 };
    const { verdict, ledger } = reportOf(strays);
    expect(verdict.status).toBe('sloBroken');
    const sentence =
      '11 pushes and 1 message of channels arrived at other users than those they are for: ' +
      `e-0 of u-1 to u-9, e-1 to u-9, ${[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `e-${n} of u-1 to u-9`).join(', ')} and 2 more (events.json).`;
    expect(verdict.reasons[0]).toMatchObject({ code: 'misdelivered', sentence });
    expect(verdict.sentence).toContain(sentence);
    expect(ledger?.misdelivered).toMatchObject({ pushes: 11, messages: 1 });
    expect(verdict.reasons[0]?.next).not.toContain('webhook.owner');
    const interrupted = exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } });
    const cutOff = buildReport(interrupted, {
      ...observation,
      client: { ...observation.client, misdeliveries, totals: { ...exampleTotals(), ...strays } },
    });
    expect(cutOff.verdict.status).toBe('partial');
    expect(cutOff.warnings.find(({ code }) => code === 'misdelivered')?.sentence).toBe(sentence);
    const invalid = reportOf({ ...strays, messagesSent: exampleTotals().messagesSent + 5 }).verdict;
    expect(invalid.status).toBe('invalid');
    expect(invalid.reasons.map(({ code }) => code)).toContain('misdelivered');
  });
  test.each<[string, object, string, string]>([
    [
      'every publish is refused',
      { publishesSent: 100, publishesErrorFrame: 100 },
      'publishes.errorShare',
      '100 of 100 publishes were answered with the error “forbidden”.',
    ],
    [
      'nobody can be subscribed, so that nothing can be published',
      { publishesDropped: 100, publishesDroppedNoConnection: 100, subscribesSent: 50, subscribesTimedOut: 50 },
      'subscriptions.errorShare',
      '50 of 50 subscriptions had no answer within 10 s.',
    ],
    [
      'half of the subscribers never are',
      { publishesSent: 100, publishesAnswered: 100, fanOutExpected: 500, fanOutDelivered: 500, subscribesSent: 50 },
      'subscriptions.errorShare',
      '25 of 50 subscriptions were answered with the error “tooMany”.',
    ],
  ])('a run in which %s breaks its SLO, and says by what', (_name, totals, id, sentence) => {
    const failures = { 'publish forbidden': 100, 'subscribe tooMany': 25 };
    const observation = exampleObservation();
    const subscribes = sentence.includes('tooMany') ? { subscribesAnswered: 25, subscribesErrorFrame: 25 } : {};
    const broken = buildReport(exampleRun(), {
      ...observation,
      client: {
        ...observation.client,
        failures: { ...observation.client.failures, ...failures },
        totals: { ...exampleTotals(), publishesIntended: 100, ...totals, ...subscribes },
      },
    });
    expect(broken.verdict.status).toBe('sloBroken');
    expect(broken.slo.find((row) => row.id === id)).toMatchObject({ kept: false });
    expect(broken.verdict.reasons.map((reason) => reason.sentence)).toContain(sentence);
    if (id.startsWith('sub'))
      expect(renderMarkdown(runDocument(broken))).toMatch(
        /Subscriptions: (?:25|50) of 50 were refused, or had no answer/,
      );
  });
  test('Markdown shows both', () => {
    expect(renderMarkdown(runDocument(report))).toContain(
      'Fan-out: 86 of 90 messages to subscribers arrived (missing 3, late 1)',
    );
    expect(renderMarkdown(runDocument(report))).toContain('| publishes | 10 | 1 | 9 | answered 9 | 0 |');
  });
});

describe('lost connections', () => {
  const { connectsIntended, connectsAttempted, connectsOpened } = exampleTotals();
  /** 30 lost simultaneously: 20 throttled attempts on the way, 28 back, one client gave up. */
  const storm = {
    connectsIntended: connectsIntended + 48,
    connectsAttempted: connectsAttempted + 48,
    connectsOpened: connectsOpened + 28,
    connectsThrottled: 20,
    closesUnexpected: 30,
    connectionsRecovered: 28,
    connectionsAbandoned: 1,
  };
  test('recovered, given up and not back add up to the lost', () => {
    expect(reportOf(storm).ledger?.recoveries).toEqual({ lost: 30, recovered: 28, abandoned: 1, notBack: 1 });
  });
  test('a refused attempt of a client that retries is not a failed connect; giving up is', () => {
    const shareOf = (totals: Partial<Totals>) =>
      reportOf(totals).slo.find(({ id }) => id === 'connects.errorShare')?.measured;
    expect(shareOf({ ...storm, connectionsAbandoned: 0 })).toBe(0);
    expect(shareOf(storm)).toBeCloseTo(1 / (connectsOpened + 29), 12);
    // Without retries each refusal counts.
    expect(shareOf({ ...storm, connectionsRecovered: 0, connectionsAbandoned: 0 })).toBeGreaterThan(0.1);
  });
});

describe('an endpoint', () => {
  const { deployment: _, ...run } = exampleRun();
  const observation = exampleObservation();
  const report = buildReport(
    {
      ...run,
      target: {
        ...run.target,
        kind: 'endpoint',
        region: '',
        webSocketUrl: 'wss://example.com/ws?token=secret',
        resources: null,
        model: null,
      },
    },
    {
      ...observation,
      server: { periodSeconds: 1, series: [], queues: null, events: eventsNotAsked('an endpoint is not asked') },
    },
  );
  test('has latencies, ledger and generator health, and nothing about AWS', () => {
    expect(report.latency.length).toBeGreaterThan(0);
    expect(report.ledger?.messages.started).toBeGreaterThan(0);
    expect(report).toMatchObject({
      ...{ headroom: [], binding: null, concurrency: [], projection: null, queueBurst: null },
      ...{ cost: [], recommendations: [], coefficients: null },
    });
    expect(report.verdict.sentence).not.toMatch(/binds|headroom|runs? out/);
    expect(renderMarkdown(runDocument(report))).not.toMatch(/## (Headroom|Projection|Cost|Recommendations)/);
  });
  test('says once what it could not measure, and not that CloudWatch failed', () => {
    const codes = report.warnings.map(({ code }) => code);
    expect(codes).toContain('endpoint');
    for (const absent of ['offlineUnconfirmed', 'queuesUnknown', 'noData', 'local'])
      expect(codes).not.toContain(absent);
    expect(report.ledger?.events).toMatchObject({ deadLettered: null, inFlight: null, confirmed: false });
  });
  test('is named by its host alone: a query may hold a token', () => {
    expect(report.title).toBe('Load report: sync on example.com');
    expect(JSON.stringify(report)).not.toContain('secret');
  });
});

describe('a stack of somebody’s own', () => {
  const run = exampleRun();
  const target = { ...run.target, kind: 'aws' as const, region: 'eu-west-1', resources: null, model: null };
  const graph = run.target.graph ?? null;
  if (graph === null) throw new Error('graph');
  const deployment = deploymentOfGraph(graph, enteredApis(graph, target), 'eu-west-1');
  const report = buildReport({ ...run, target, deployment }, exampleObservation());
  test('has what each resource did, by logical id, and what can have caused it', () => {
    expect(report.resources?.functions.map(({ id }) => id)).toEqual([
      ...['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'],
    ]);
    expect(report.resources?.functions.find(({ id }) => id === 'deliver')).toMatchObject({
      causes: [{ kind: 'request', api: 'webhook', route: 'POST /webhooks' }],
      p99Ms: 25,
      maxConcurrency: 4,
    });
    expect(renderMarkdown(runDocument(report))).toMatch(/\| authorize \| connects \| [\d,]+ \|/);
  });
  test('has headroom and cost, with rows by its logical ids', () => {
    const names = report.headroom.map(({ name }) => name);
    expect(names).toContain('SQS in-flight messages per queue (queue)');
    expect(names).toContain('WebSocket API stage throttle (websocket)');
    expect(report.cost[0]?.cost.components.find(({ id }) => id === 'lambda.requests')?.amount.kind).toBe('value');
    expect(report.title).toBe('Capacity report: sync on the stack stack, eu-west-1');
  });
  test('of whose making nothing was recorded has no model of AWS’s quotas, and says so once', () => {
    const { deployment: _, ...older } = { ...run, target };
    const unmodelled = buildReport(older, exampleObservation());
    expect(unmodelled).toMatchObject({ headroom: [], cost: [], coefficients: null });
    expect(unmodelled.warnings.filter(({ code }) => code === 'ownStack' || code === 'endpoint')).toHaveLength(1);
  });
});
