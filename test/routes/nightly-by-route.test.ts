// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** From a fleet on virtual time to the night's judgement: what gets worse in one of several messages, or webhook URLs, and in the whole of them does not show. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FleetSpec } from '../../engine/src/core/fleet/fleet-spec.ts';
import { runVirtually } from '../../engine/test/virtual-run.ts';
import { openRegressions } from '../../history/judged-history.ts';
import { memoryStore, nightAt, noisyValues } from '../../history/lines.fixture.ts';
import { MeasurementMerge } from '../../metrics/measurements.ts';
import { writeJsonFile } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { exampleObservation } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildReport } from '../../reports/report.ts';
import { conclusionOf } from '../../reports/trend/words.ts';
import { thisLoadline } from '../../run/nightly/child-command.ts';
import { measurementsOfRun, type ReadRun, readMeasuredRun } from '../../run/nightly/measured-run.ts';
import type { Measured } from '../../run/nightly/measurement.ts';
import { runNight } from '../../run/nightly/night.ts';
import { suiteSchema } from '../../run/nightly/suite.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-by-route-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const spec: Partial<FleetSpec> = {
  webSocketUrl: 'ws://virtual.test/live?user=${user}',
  ...{ tokenSecret: null, push: { kind: 'jsonPath', path: '$.event' } },
  // Of a thousand messages five are reports: the p99 of all is one of the others.
  protocol: {
    message: '{"do":"send","id":"${id}"}',
    mix: { also: ['{"do":"report","id":"${id}"}'], weights: [995, 5] },
    answer: { kind: 'jsonPath', path: '$.id' },
    feed: [],
  },
  webhook: { headers: {}, sign: null, owner: 'user', body: '{"id":"${id}","user":"${user}","n":${sequence}}' },
  webhookUrl: 'http://virtual.test/hooks/a',
  webhookMix: { also: ['http://virtual.test/hooks/b'], weights: [1, 1] },
};
const route = (name: string, weight: number) => ({ name, key: name, weight });
const routes = {
  message: [route('send', 995), route('report', 5)],
  webhook: [route('POST /hooks/a', 1), route('POST /hooks/b', 1)],
};

interface Stack {
  reportMs: number;
  /** Of ten events that come by each URL, how many are pushed to nobody. */
  missed: { a: number; b: number };
  /** It says which events it has finished, and that it has not finished these. */
  loses?: true;
}

async function measured(stack: Stack): Promise<Measured> {
  const { target, ...read } = await readRun(stack);
  return { target, invalid: null, sloBroken: null, measurements: measurementsOfRun(read) };
}

async function readRun(stack: Stack): Promise<ReadRun> {
  const { records } = await runVirtually(
    { messageRatePerSecond: 400, webhookRatePerSecond: 40, connections: 20, steadySeconds: 10 },
    {
      spec,
      faults: {
        userOf: (path) => new URL(path, 'ws://x').searchParams.get('user') ?? '',
        server: (peer, after) => (text) => {
          const { do: what, id } = JSON.parse(text);
          after(what === 'report' ? stack.reportMs : 5, () => peer.send(JSON.stringify({ id })));
        },
        takes: ({ head, body }) => {
          const { id, user, n } = JSON.parse(body.toString());
          const missed = head.includes('/hooks/b') ? stack.missed.b : stack.missed.a;
          return n % 10 < missed ? [] : [{ to: user, frame: JSON.stringify({ event: id }) }];
        },
      },
    },
  );
  const merge = new MeasurementMerge();
  for (const record of records) merge.add(record);
  const merged = merge.finish(0);
  if (merged === undefined) throw new Error('no records');
  const { server, ...rest } = exampleObservation();
  const events = { ...server.events, inQueue: [], deadLettered: [], finished: stack.loses ? [] : null };
  const observation = { ...rest, ...merged, server: { ...server, series: [], queues: null, events } };
  const { plan } = exampleRun();
  const slo = { connectP99Ms: 1e6, roundTripP99Ms: 1e6, deliveryP99Ms: 1e6, errorShare: 1 };
  const report = buildReport(exampleRun({ routes, plan: { ...plan, slo } }), observation);
  await writeJsonFile(join(folder, runFileNames.reportJson), report);
  await writeJsonFile(join(folder, runFileNames.observation), observation);
  return await readMeasuredRun(folder);
}

const suite = suiteSchema.parse({
  entries: [{ name: 'mix', kind: 'run', scenario: 'own.yml', repeats: 1, options: {} }],
});
const changeAt = 20;

/** Nights of the first, and from one on of the second, on a machine whose times vary. */
async function nights(before: Measured, after: Measured) {
  const store = memoryStore();
  const factors = noisyValues(changeAt + 1).map((value) => value / 100);
  const next = (night: number) =>
    runNight({
      ...{ suite, store, runs: 'runs', confirms: true, signal: new AbortController().signal },
      checkout: { folder: thisLoadline, loadline: thisLoadline, commit: `commit-${night}` },
      now: () => new Date(`${nightAt(night)}T02:00:00Z`),
      say: () => {},
      rescue: async () => 'rescued.ndjson',
      measure: async () => {
        const { measurements, ...rest } = night < changeAt ? before : after;
        const factor = factors[night] ?? 1;
        return {
          ...rest,
          measurements: measurements.map((each) =>
            each.unit === 'ms' ? { ...each, value: each.value * factor } : each,
          ),
        };
      },
    });
  let last = await next(0);
  for (let night = 1; night <= changeAt; night++) last = await next(night);
  return last;
}

test('a route that gets slower, and one that misses more, are found the same night and named, though the whole hides both', async () => {
  const before = await measured({ reportMs: 300, missed: { a: 2, b: 0 } });
  const after = await measured({ reportMs: 900, missed: { a: 0, b: 1 } });
  const valueIn = ({ measurements }: Measured, name: string) =>
    measurements.find(({ metric }) => metric === name)?.value ?? Number.NaN;
  // The whole: as fast as before, and less is missed.
  expect(valueIn(after, 'roundTripP99')).toBe(valueIn(before, 'roundTripP99'));
  expect(valueIn(after, 'missed')).toBeLessThan(valueIn(before, 'missed'));
  expect(valueIn(before, 'missed')).toBe(valueIn(before, 'missed-POST /hooks/a'));
  const { judged, repeated } = await nights(before, after);
  expect(repeated).toEqual(['mix']);
  const open = judged.series.filter((each) => openRegressions(each).length > 0).map(({ name }) => name);
  expect(open.toSorted()).toEqual(['mix.missed-POST /hooks/b', 'mix.roundTripP50-report', 'mix.roundTripP99-report']);
  expect(conclusionOf(judged).sentence).toMatch(
    /^Worse: mix\.(missed-POST \/hooks\/b|roundTripP\d\d-report) rose .* And 2 more\.$/,
  );
});

test('each route has its latencies, what failed of it, and what was lost or missed; all together have the same', async () => {
  const { measurements } = await measured({ reportMs: 300, missed: { a: 0, b: 0 } });
  const metrics = measurements.map(({ metric }) => metric);
  const latencies = (id: string, name = '') => [`${id}P50${name}`, `${id}P99${name}`];
  expect(metrics).toEqual([
    ...['connect', 'roundTrip', 'webhook', 'delivery'].flatMap((id) => latencies(id)),
    ...['-send', '-report'].flatMap((name) => latencies('roundTrip', name)),
    ...['-POST /hooks/a', '-POST /hooks/b'].flatMap((name) => [
      ...latencies('webhook', name),
      ...latencies('delivery', name),
    ]),
    ...['failedConnects', 'failedMessages', 'failedWebhooks', 'lost', 'missed'],
    ...['failedMessages-send', 'failedMessages-report'],
    ...['-POST /hooks/a', '-POST /hooks/b'].flatMap((name) =>
      ['failedWebhooks', 'lost', 'missed'].map((metric) => `${metric}${name}`),
    ),
  ]);
});

test('a run that lost events is not judged: why names the routes that they came by', async () => {
  const { invalid } = await readRun({ reportMs: 300, missed: { a: 0, b: 1 }, loses: true });
  expect(invalid).toMatch(/events? of \d+ accepted .* lost: .* Lost by route: POST \/hooks\/b \(\d+\)\.$/);
});

test('a route that is answered no more has no percentile, and its failures say so', async () => {
  const of = async (reportMs: number) => {
    const { measurements } = await measured({ reportMs, missed: { a: 0, b: 0 } });
    return Object.fromEntries(measurements.map(({ metric, value }) => [metric, value]));
  };
  const [well, silent] = [await of(300), await of(1e6)];
  expect(well['failedMessages-report']).toBe(0);
  expect(silent['failedMessages-report']).toBeGreaterThan(5);
  expect(silent['failedMessages-send']).toBe(0);
  expect(silent['roundTripP99-report']).toBeUndefined();
  expect(silent.roundTripP99).toBe(well.roundTripP99);
});
