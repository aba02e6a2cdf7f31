// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** From a fleet on virtual time to the report: what each of several messages and webhook URLs did adds up to the whole. */
import { expect, test } from 'vitest';
import type { FleetSpec } from '../../engine/src/core/fleet/fleet-spec.ts';
import { type ClientRecord, type RouteKind, routeCounters, routeHistograms } from '../../engine/src/records.ts';
import type { Faults } from '../../engine/test/fake-stack.ts';
import { runVirtually } from '../../engine/test/virtual-run.ts';
import { MeasurementMerge } from '../../metrics/measurements.ts';
import type { Observation } from '../../record/observation.ts';
import type { RunRecord, SentRoutes } from '../../record/run.ts';
import { exampleObservation } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildReport } from '../../reports/report.ts';

const ofOne = { headers: {}, sign: null, owner: 'user' } as const;
const spec: Partial<FleetSpec> = {
  webSocketUrl: 'ws://virtual.test/live?user=${user}',
  ...{ tokenSecret: null, push: { kind: 'jsonPath', path: '$.event' } },
  protocol: {
    message: '{"do":"send","id":"${id}"}',
    mix: { also: ['{"do":"slow","id":"${id}"}', '{"do":"shout","id":"${id}"}'], weights: [6, 3, 1] },
    answer: { kind: 'jsonPath', path: '$.id' },
    feed: [],
  },
  webhook: { ...ofOne, body: '{"id":"${id}","user":"${user}","n":${sequence}}' },
  webhookUrl: 'http://virtual.test/hooks/a',
  webhookMix: { also: ['http://virtual.test/hooks/b'], weights: [1, 3] },
};
const routes: SentRoutes = {
  message: [
    { name: 'send', key: 'send', weight: 6 },
    { name: 'slow', key: 'slow', weight: 3 },
    { name: 'shout', key: null, weight: 1 },
  ],
  webhook: [
    { name: 'POST /hooks/a', key: 'POST /hooks/a', weight: 1 },
    { name: 'POST /hooks/b', key: 'POST /hooks/b', weight: 3 },
  ],
};

/** Slow messages take 300 ms, shouts are never answered; a third of what is posted to b is refused, and every tenth event is pushed to nobody. */
const faults: Faults = {
  userOf: (path) => new URL(path, 'ws://x').searchParams.get('user') ?? '',
  server: (peer, after) => (text) => {
    const { do: what, id } = JSON.parse(text) as { do: string; id: string };
    if (what === 'send') peer.send(JSON.stringify({ id }));
    if (what === 'slow') after(300, () => peer.send(JSON.stringify({ id })));
  },
  takes: ({ head, body }) => {
    const { id, user, n } = JSON.parse(body.toString()) as { id: string; user: string; n: number };
    if (head.includes('/hooks/b') && n % 3 === 0) return 500;
    return n % 10 === 1 ? [] : [{ to: user, frame: JSON.stringify({ event: id }) }];
  },
};

async function measured(change: { load?: object; faults?: Faults } = {}): Promise<Observation> {
  const load = { messageRatePerSecond: 200, webhookRatePerSecond: 100, connections: 20, tabsPerUser: 2 };
  const { records } = await runVirtually(
    { ...load, steadySeconds: 4, offlineShare: 0.1, replayShare: 0.2, timeoutSeconds: 2, ...change.load },
    { faults: { ...faults, ...change.faults }, spec },
  );
  return observationOf(records);
}

function observationOf(records: readonly ClientRecord[]): Observation {
  const merge = new MeasurementMerge();
  for (const record of records) merge.add(record);
  const merged = merge.finish(0);
  if (merged === undefined) throw new Error('no records');
  const { server } = exampleObservation();
  const events = { ...server.events, inQueue: [], deadLettered: [], finished: null };
  return { ...exampleObservation(), ...merged, server: { ...server, series: [], queues: null, events } };
}

const reportOf = (
  observation: Observation,
  slo: Partial<RunRecord['plan']['slo']> = {},
  change: Partial<RunRecord> = {},
) => {
  const run = exampleRun();
  return buildReport(
    exampleRun({ routes, plan: { ...run.plan, slo: { ...run.plan.slo, ...slo } }, ...change }),
    observation,
  );
};
const countOf = (counts: Readonly<Record<string, number>> = {}) => Object.values(counts).reduce((sum, n) => sum + n, 0);
const kinds: RouteKind[] = ['message', 'webhook'];

test.each([
  ['as due', {}],
  ['with connections that come and go', { load: { churnRatePerSecond: 5 } }],
  ['without a connection for most of it', { faults: { ...faults, upgrade: (n: number) => (n > 0 ? 503 : 101) } }],
])('every count and every latency of a kind is that of its routes together: %s', async (_, change) => {
  const { client } = await measured(change);
  for (const kind of kinds) {
    const all = Object.values(client.routes?.[kind] ?? {});
    expect(all.length).toBe(kind === 'message' ? 3 : 2);
    for (const name of routeCounters[kind])
      expect([name, all.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0)]).toEqual([
        name,
        client.totals[name],
      ]);
    for (const name of routeHistograms[kind])
      for (const part of ['histograms', 'steadyHistograms'] as const) {
        const whole = countOf(client[part][name]);
        expect([name, all.reduce((sum, each) => sum + countOf(each[part][name]), 0)]).toEqual([name, whole]);
      }
  }
});

test('the report has latency, outcomes and events by route, which add up to its ledger', async () => {
  const { routes: rows, ledger } = reportOf(await measured());
  expect(rows.map(({ name }) => name)).toEqual(['send', 'slow', 'shout', 'POST /hooks/a', 'POST /hooks/b']);
  const [send, slow, shout, first, second] = rows;
  expect(send?.latency[0]?.steady?.p99.ms).toBeLessThan(10);
  expect(slow?.latency[0]?.steady?.p50.ms).toBeCloseTo(302, -1);
  // Never answered: no percentile, and the whole's p99 is one of these.
  expect(shout?.latency[0]?.steady?.p50).toMatchObject({ kind: 'failed', failedShare: 1 });
  expect(send?.share).toBeCloseTo(0.6, 1);
  expect([first, second].map((route) => (route?.outcomes.outcomes.rejected ?? 0) > 0)).toEqual([false, true]);
  const summed = (of: (row: (typeof rows)[number]) => number | null | undefined) =>
    rows.reduce((sum, row) => sum + (of(row) ?? 0), 0);
  if (ledger === null) throw new Error('expected a ledger');
  const { events, pushes, messages, webhooks } = ledger;
  expect(summed(({ events: own }) => own?.accepted)).toBe(events.accepted);
  for (const [outcome, count] of Object.entries(events.outcomes))
    expect([outcome, summed((row) => row.events?.outcomes[outcome as keyof typeof events.outcomes])]).toEqual([
      outcome,
      count,
    ]);
  expect(events.outcomes.missed).toBeGreaterThan(0);
  expect(events.outcomes.ownerOffline).toBeGreaterThan(0);
  expect(summed((row) => row.pushes?.expected)).toBe(pushes.expected);
  expect(summed((row) => row.pushes?.missing)).toBe(pushes.missing);
  expect(summed(({ outcomes }) => outcomes.intended)).toBe(messages.intended + webhooks.intended);
});

test('a route has objectives of its own, beside those of all', async () => {
  const observation = await measured();
  const { slo, verdict, warnings } = reportOf(observation, {
    ...{ roundTripP99Ms: 1e6, errorShare: 1 },
    routes: {
      send: { roundTripP99Ms: 50, errorShare: 0 },
      slow: { roundTripP99Ms: 100 },
      'POST /hooks/b': { deliveryP99Ms: 1_000, errorShare: 0.1 },
      leave: { roundTripP99Ms: 50 },
    },
  });
  const found = Object.fromEntries(slo.filter(({ id }) => id.startsWith('routes.')).map(({ id, kept }) => [id, kept]));
  expect(found).toMatchObject({
    'routes.send.roundTripP99Ms': true,
    'routes.send.messages.errorShare': true,
    'routes.slow.roundTripP99Ms': false,
    'routes.POST /hooks/b.webhooks.errorShare': false,
    'routes.leave.roundTripP99Ms': null,
  });
  expect(verdict.status).toBe('sloBroken');
  expect(verdict.reasons.map(({ sentence }) => sentence)).toContainEqual(
    expect.stringMatching(/^Round trip p99 of slow was 30\d ms; the plan allows 100 ms\.$/),
  );
  // A name that no route has is not passed over.
  expect(warnings.find(({ code }) => code === 'unmeasured.routes.leave.roundTripP99Ms')).toMatchObject({
    next: 'The run’s routes are send, slow, shout, POST /hooks/a, POST /hooks/b.',
  });
});

test('with one message and one URL nothing is counted by route, and its objective is that of the whole', async () => {
  const { mix: _, ...protocol } = spec.protocol ?? { message: '', answer: { kind: 'next' }, feed: [] };
  const { webhookMix: _mix, ...rest } = spec;
  const { records } = await runVirtually(
    { messageRatePerSecond: 20, connections: 10, steadySeconds: 4 },
    { faults, spec: { ...rest, protocol } },
  );
  const observation = observationOf(records);
  expect([observation.client.routes, observation.client.seconds.filter(({ routes: each }) => each)]).toEqual([
    undefined,
    [],
  ]);
  const one = { message: routes.message.slice(0, 1), webhook: [] };
  const { slo, routes: rows } = reportOf(observation, { routes: { send: { roundTripP99Ms: 50 } } }, { routes: one });
  expect(rows).toEqual([]);
  const [whole, own] = ['roundTripP99Ms', 'routes.send.roundTripP99Ms'].map((id) => slo.find((row) => row.id === id));
  expect([own?.measured, own?.kept]).toEqual([whole?.measured, true]);
});
