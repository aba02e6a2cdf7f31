/** observation.json of the same small run: 5 s connecting, 60 s steady, 4 s draining, 1 s closing. */
import { bucketIndexOf } from '../engine/src/buckets.ts';
import { type CounterName, counterNames } from '../engine/src/records.ts';
import type { ClientSecond, Observation, Series } from '../record/observation.ts';

const first = 1_795_000_000;
const counters = (some: Partial<Record<CounterName, number>> = {}) =>
  Object.fromEntries(counterNames.map((name) => [name, some[name] ?? 0])) as Record<CounterName, number>;

/** Bucket counts of values in ms. */
export const histogramOfMs = (values: readonly [ms: number, count: number][]): Record<string, number> =>
  Object.fromEntries(values.map(([ms, count]) => [String(bucketIndexOf(ms * 1_000)), count]));

/** 750 events: 705 delivered, 45 offline; 8 replays. */
export const exampleTotals = (): Record<CounterName, number> =>
  counters({
    connectsIntended: 100,
    connectsAttempted: 100,
    connectsOpened: 100,
    closesRequested: 100,
    messagesIntended: 600,
    messagesSent: 600,
    messagesAnswered: 600,
    webhooksIntended: 758,
    webhooksPosted: 758,
    webhooksAccepted: 758,
    replaysPosted: 8,
    replaysAccepted: 8,
    eventsAccepted: 750,
    eventsOwnerOffline: 45,
    eventsDelivered: 705,
    eventsDeliveredToAll: 705,
    pushesExpected: 1_410,
    pushesDelivered: 1_410,
    bytesSent: 120_000,
    bytesReceived: 804_000,
    threadCpuMicros: 14_000_000,
    threadElapsedMicros: 70_000_000,
  });

const seconds = (): ClientSecond[] =>
  Array.from({ length: 70 }, (_, i): ClientSecond => {
    const phase = i < 5 ? 'connecting' : i < 65 ? 'steady' : i < 69 ? 'draining' : 'closing';
    const steady = phase === 'steady';
    const webhooks = !steady ? 0 : i >= 25 && i < 35 ? 50 : 5;
    return {
      second: first + i,
      openConnections: i < 5 ? 20 * (i + 1) : i < 69 ? 100 : 0,
      fleets: 1,
      phases: [phase],
      counters: counters({
        ...(phase === 'connecting' && { connectsOpened: 20, connectsAttempted: 20 }),
        ...(steady && {
          messagesSent: 10,
          messagesAnswered: 10,
          webhooksAccepted: webhooks,
          pushesDelivered: webhooks * 2,
        }),
        ...(phase === 'closing' && { closesRequested: 100 }),
        threadCpuMicros: 200_000,
        threadElapsedMicros: 1_000_000,
      }),
      histograms: steady
        ? { roundTripMicros: histogramOfMs([[20 + (i % 7), 10]]), deliveryMicros: histogramOfMs([[60 + webhooks, 10]]) }
        : {},
    };
  });

const histograms = (): Observation['client']['histograms'] => ({
  connectMicros: histogramOfMs([
    [30, 99],
    [80, 1],
  ]),
  roundTripMicros: histogramOfMs([
    [20, 540],
    [40, 54],
    [90, 6],
  ]),
  serviceMicros: histogramOfMs([[19, 600]]),
  webhookMicros: histogramOfMs([
    [15, 750],
    [70, 8],
  ]),
  deliveryMicros: histogramOfMs([
    [60, 1_300],
    [180, 110],
  ]),
  sendLagMicros: histogramOfMs([
    [1, 1_350],
    [4, 8],
  ]),
  loopDelayMicros: histogramOfMs([
    [1, 3_000],
    [12, 10],
  ]),
});

const series = (key: string, points: [number, number][]): Series => ({
  kind: 'series',
  key,
  namespace: 'AWS/Test',
  metric: key,
  dimensions: {},
  statistic: 'Sum',
  unit: 'Count',
  periodSeconds: 1,
  points: points.map(([second, value]) => [first + second, value]),
});

export const noData = (key: string, failed = false): Series => ({
  kind: 'noData',
  key,
  namespace: 'AWS/Test',
  metric: key,
  dimensions: {},
  statistic: 'Sum',
  unit: 'Count',
  periodSeconds: 1,
  window: { start: '2026-11-21T18:07:30.000Z', end: '2026-11-21T18:08:50.000Z' },
  reason: 'no such activity was reported',
  failed,
});

const serverSeries = (): Series[] => [
  ...(['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'] as const).flatMap((role) => {
    const invocations = { authorize: 100, connect: 100, disconnect: 100, message: 600, ingest: 758, deliver: 379 }[
      role
    ];
    return [
      series(`lambda.${role}.invocations.sum`, [
        [role === 'disconnect' ? 69 : role === 'connect' ? 2 : 30, invocations],
      ]),
      series(`lambda.${role}.duration.avg.window`, [[0, 10]]),
      series(`lambda.${role}.duration.p99.window`, [[0, 25]]),
      series(`lambda.${role}.concurrentExecutions.max`, [
        [20, 2],
        [30, 4],
        [50, 2],
      ]),
      noData(`lambda.${role}.throttles.sum`),
    ];
  }),
  series(
    'account.lambda.concurrentExecutions.max',
    Array.from({ length: 60 }, (_, i) => [5 + i, i >= 20 && i < 30 ? 7 : 3]),
  ),
  series(
    'sqs.queue.visible.max',
    Array.from({ length: 60 }, (_, i) => [5 + i, i >= 20 && i < 30 ? 12 : 1]),
  ),
  series('sqs.queue.sent.sum', [[30, 758]]),
  series('sqs.queue.notVisible.max', [
    [10, 3],
    [28, 10],
    [60, 3],
  ]),
  series('dynamodb.table.consumedWrite.sum', [
    [2, 100],
    [30, 1_516],
    [69, 100],
  ]),
  series('dynamodb.table.consumedRead.sum', [
    [30, 758],
    [69, 100],
  ]),
  series('loadline.eventsOffline.sum', [[30, 45]]),
  series('loadline.pushesSent.sum', [[30, 1_410]]),
  noData('loadline.pushesGone.sum'),
];

/** The 45 offline events, e-0 … e-44. */
export const exampleEvents = (): Observation['client']['events'] =>
  idsFrom(0, 45).map((id) => ({ id, state: 'ownerOffline' }));
/** One event more, of which no push arrived. The target says nothing of it. */
export const lostEvent = (): Observation['client']['events'] => [...exampleEvents(), { id: 'x-0', state: 'unreached' }];
/** `many` ids from this one on. */
export const idsFrom = (first: number, many: number): string[] =>
  Array.from({ length: many }, (_, n) => `e-${first + n}`);

/** As the stack says that it has finished them, at the end of the drain. */
export const finishedEvents = (ids: readonly string[]) => ids.map((id) => ({ id, atMs: (first + 69) * 1_000 }));

interface Change {
  totals?: Partial<Record<CounterName, number>>;
  client?: Partial<Observation['client']>;
  server?: Partial<Observation['server']>;
  clock?: Partial<Observation['clock']>;
  /** Series that replace those of the same key. */
  series?: Series[];
}

export const exampleObservation = (change: Change = {}): Observation => ({
  schemaVersion: 2,
  runId: '20261121T180726Z-3f9a',
  clock: {
    firstSecond: first,
    lastSecond: first + 69,
    steadyFirstSecond: first + 5,
    steadyLastSecond: first + 64,
    ...change.clock,
  },
  client: {
    complete: true,
    fleets: 1,
    totals: { ...exampleTotals(), ...change.totals },
    histograms: histograms(),
    steadyHistograms: histograms(),
    closeCodes: { '1005': 100 },
    failures: {},
    events: exampleEvents(),
    peakOpenConnections: 100,
    seconds: seconds(),
    unreadableLines: 0,
    ...change.client,
  },
  server: {
    periodSeconds: 1,
    series: [
      ...serverSeries().filter(({ key }) => !change.series?.some((each) => each.key === key)),
      ...(change.series ?? []),
    ],
    queues: { visible: 0, notVisible: 0, delayed: 0, deadLettered: 3, deadLetteredBefore: 3, waitingBefore: 0 },
    events: { inQueue: [], deadLettered: [], finished: finishedEvents(idsFrom(0, 45)), reasons: [], clockStepMs: 0 },
    ...change.server,
  },
});

export const seriesOf = series;
