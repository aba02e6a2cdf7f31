/** A run folder → what it measured: counts per unit of load first, then processor time, then latencies and failures, those of each route as well. */
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { failuresOf, latenciesOf, ledgerSchema, lostSentences, routeSchema, summarySchema } from './measured-routes.ts';
import { count, type Measured, type Measurement, time } from './measurement.ts';

/** What is read of report.json, of this version or of the base's. */
const reportSchema = z.object({
  run: z.object({ target: z.object({ kind: z.enum(['local', 'aws', 'endpoint']) }) }),
  verdict: z.object({ status: z.enum(['ok', 'sloBroken', 'invalid', 'partial']), sentence: z.string() }),
  latency: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      steady: summarySchema.nullable(),
      run: summarySchema.nullable(),
    }),
  ),
  ledger: ledgerSchema.nullable().default(null),
  /** Of a run with several messages, or URLs of webhooks. */
  routes: z.array(routeSchema).default([]),
});
const observationSchema = z.object({
  clock: z.object({ steadyFirstSecond: z.number().nullable(), steadyLastSecond: z.number().nullable() }),
  client: z.object({
    totals: z.record(z.string(), z.number()),
    seconds: z.array(z.object({ second: z.number(), counters: z.record(z.string(), z.number()) })),
  }),
  server: z.object({
    series: z.array(z.object({ key: z.string(), points: z.array(z.tuple([z.number(), z.number()])).exactOptional() })),
  }),
});

/** What happened in a run, in totals: what per-unit figures are made of. */
export interface RunTotals {
  connects: number;
  messages: number;
  webhooks: number;
  bytesSent: number;
  bytesReceived: number;
  /** What was due and did not succeed, as a sentence; null: everything did. */
  incomplete: string | null;
  /** Sum of each counting series of the target, by its key; those that never reported are absent. */
  series: ReadonlyMap<string, number>;
  /** Of the steady state without its first seconds, in which environments start: null where the target does not say. */
  settled: { processorMicros: number; messages: number; webhooks: number; seconds: number } | null;
}

export interface ReadRun extends Omit<Measured, 'measurements'> {
  totals: RunTotals | null;
  latencies: readonly Measurement[];
  /** Work that did not succeed. */
  failures: readonly Measurement[];
}

/** Seconds of the steady state in which what is new still warms up. */
const warmUpSeconds = 2;

/** @throws RunFileError when its files are not there or of a layout that has none of this. */
export async function readMeasuredRun(folder: string): Promise<ReadRun> {
  const report = await readJsonFile(join(folder, runFileNames.reportJson), reportSchema);
  const { status, sentence } = report.verdict;
  const target = report.run.target.kind;
  if (status === 'partial')
    return { target, invalid: sentence, sloBroken: null, totals: null, latencies: [], failures: [] };
  const observation = await readJsonFile(join(folder, runFileNames.observation), observationSchema);
  return {
    target,
    invalid: status === 'invalid' ? [sentence, ...lostSentences(report.routes)].join(' ') : null,
    sloBroken: status === 'sloBroken' ? sentence : null,
    totals: totalsOf(observation),
    latencies: [
      ...report.latency
        .filter(({ kind }) => kind === 'latency')
        // Connects arise before the steady state.
        .flatMap(({ id, steady, run }) => latenciesOf(id, id === 'connect' ? run : steady)),
      ...report.routes.flatMap(({ name, latency }) =>
        latency.flatMap(({ id, steady }) => latenciesOf(id, steady, name)),
      ),
    ],
    failures: failuresOf(report),
  };
}

function totalsOf({ clock, client, server }: z.infer<typeof observationSchema>): RunTotals {
  const { totals } = client;
  const series = new Map(
    server.series.flatMap(({ key, points }) =>
      key.endsWith('.sum') && points ? [[key, points.reduce((sum, [, value]) => sum + value, 0)] as const] : [],
    ),
  );
  return {
    connects: totals.connectsOpened ?? 0,
    messages: totals.messagesAnswered ?? 0,
    webhooks: totals.webhooksAccepted ?? 0,
    bytesSent: totals.bytesSent ?? 0,
    bytesReceived: totals.bytesReceived ?? 0,
    incomplete: incompleteOf(totals),
    series,
    settled: settledOf({ clock, client, server }),
  };
}

const dueAndDone = [
  ['connects', 'connectsIntended', 'connectsOpened'],
  ['messages', 'messagesIntended', 'messagesAnswered'],
  ['webhooks', 'webhooksIntended', 'webhooksAccepted'],
  ['events', 'eventsAccepted', 'eventsDeliveredToAll'],
] as const;

function incompleteOf(totals: Readonly<Record<string, number>>): string | null {
  for (const [what, due, done] of dueAndDone) {
    const [asked, had] = [totals[due] ?? 0, totals[done] ?? 0];
    if (had < asked) return `${had} of ${asked} ${what} succeeded.`;
  }
  return null;
}

function settledOf({ clock, client, server }: z.infer<typeof observationSchema>): RunTotals['settled'] {
  const { steadyFirstSecond: first, steadyLastSecond: last } = clock;
  const points = server.series.find(({ key }) => key === 'local.processorMicros.sum')?.points;
  if (first === null || last === null || points === undefined) return null;
  const [from, to] = [first + warmUpSeconds, last];
  if (to <= from) return null;
  // A second's processor time is published at its end.
  const inWindow = (second: number) => second >= from && second < to;
  const sum = (name: string) =>
    client.seconds
      .filter(({ second }) => inWindow(second))
      .reduce((all, { counters }) => all + (counters[name] ?? 0), 0);
  const processorMicros = points.filter(([second]) => inWindow(second - 1)).reduce((all, [, value]) => all + value, 0);
  return {
    processorMicros,
    messages: sum('messagesAnswered'),
    webhooks: sum('webhooksAccepted'),
    seconds: to - from,
  };
}

/** Of a scenario: per unit where the load has one kind of unit beside connects, otherwise latencies and failures alone. */
export function measurementsOfRun({
  totals,
  latencies,
  failures,
}: Pick<ReadRun, 'totals' | 'latencies' | 'failures'>): readonly Measurement[] {
  const seen = [...latencies, ...failures];
  if (totals === null) return seen;
  const unit = unitOf(totals);
  if (unit === null) return seen;
  const units = totals[`${unit}s`];
  return [
    ...perUnit(totals.series, units, unit),
    count('bytesSent', totals.bytesSent / units, `bytes/${unit}`),
    count('bytesReceived', totals.bytesReceived / units, `bytes/${unit}`),
    ...processorTime(totals, unit),
    ...seen,
  ];
}

type Unit = 'connect' | 'message' | 'webhook';

function unitOf({ connects, messages, webhooks }: RunTotals): Unit | null {
  if (messages > 0 && webhooks > 0) return null;
  if (messages > 0) return 'message';
  if (webhooks > 0) return 'webhook';
  return connects > 0 ? 'connect' : null;
}

/** Microseconds of the target's processes; of a webhook the whole chain, to the push. */
export function processorTime({ settled }: RunTotals, unit: Unit): Measurement[] {
  if (settled === null || unit === 'connect') return [];
  const units = settled[`${unit}s`];
  return units === 0 ? [] : [time('cpu', settled.processorMicros / units, `µs/${unit}`)];
}

/** Series that count work and not waits: empty receives and cold starts depend on when something came. */
const counting: readonly { pattern: RegExp; metric: (id: string, detail: string) => string; unit: string }[] = [
  { pattern: /^lambda\.(.+)\.invocations\.sum$/, metric: (id) => `invocations-${id}`, unit: 'invocations' },
  { pattern: /^dynamodb\.(.+)\.calls\.(.+)\.sum$/, metric: (id, op) => `calls-${id}-${op}`, unit: 'calls' },
  { pattern: /^dynamodb\.(.+)\.consumedRead\.sum$/, metric: (id) => `readUnits-${id}`, unit: 'RRU' },
  { pattern: /^dynamodb\.(.+)\.consumedWrite\.sum$/, metric: (id) => `writeUnits-${id}`, unit: 'WRU' },
  { pattern: /^sqs\.(.+)\.sent\.sum$/, metric: (id) => `sent-${id}`, unit: 'queued messages' },
  { pattern: /^apigateway\.(.+)\.messageCount\.sum$/, metric: (id) => `frames-${id}`, unit: 'frames' },
  { pattern: /^apigateway\.(.+)\.dataProcessed\.sum$/, metric: (id) => `httpBytes-${id}`, unit: 'bytes' },
];

export function perUnit(series: ReadonlyMap<string, number>, units: number, unit: Unit): Measurement[] {
  return [...series].flatMap(([key, total]) => {
    for (const { pattern, metric, unit: what } of counting) {
      const [, id, detail = ''] = pattern.exec(key) ?? [];
      if (id !== undefined) return [count(metric(id, detail), total / units, `${what}/${unit}`)];
    }
    return [];
  });
}
