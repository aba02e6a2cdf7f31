/** What tabs asked over HTTP in a run, and what it took: before the stage was rolled back, while they noticed, while all polled, and once it was switched on again. Pure. */
import type { Deployment } from '../../../capacity/headroom/deployment.ts';
import { type Known, known } from '../../../capacity/known.ts';
import type { BucketCounts } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';
import { percentileMs } from '../latency.ts';
import { findSeries, sumOfSeries } from '../series.ts';

export interface FallbackStretch {
  /** `steady`: the stage was never rolled back. */
  kind: 'steady' | 'before' | 'noticing' | 'rolledBack' | 'switchedOn';
  seconds: number;
  stageReadsPerSecond: number;
  pollsPerSecond: number;
  /** Both together, in its busiest second. */
  busiestPerSecond: number;
  /** Throttled, refused, failed or timed out. */
  failed: number;
  connectsPerSecond: number;
  /** Of a read of events; null: none ended, or reads are held. */
  pollP99Ms: number | null;
  /** From a webhook's post until a tab had read its event; null: no tab did. */
  seenP50Ms: number | null;
  seenP99Ms: number | null;
  /** Executions of the function that answers, at a time. */
  executions: Known<number>;
  /** Of the whole table. */
  readUnitsPerSecond: Known<number>;
}

type Fallback = NonNullable<NonNullable<Deployment['code']>['fallback']>;

/** Empty where no tab asked anything. `fallback`: null: nothing is known of the inside. */
export function measuredFallback({ client, server, clock }: Observation, fallback: Fallback | null): FallbackStretch[] {
  const { steadyFirstSecond: first, steadyLastSecond: last } = clock;
  if (client.totals.pollsSent + client.totals.stageReadsSent === 0 || first === null || last === null) return [];
  const steady = client.seconds.filter(({ second }) => second >= first && second <= last);
  return stretchesOf(steady).flatMap(({ kind, of }) => {
    const [begin, end] = [of[0]?.second, of.at(-1)?.second];
    if (begin === undefined || end === undefined) return [];
    const within = { from: begin, to: end + 1 };
    const seconds = within.to - within.from;
    const rate = (name: keyof ClientSecond['counters']) => total(of, name) / seconds;
    const seen = merged(of, 'polledMicros');
    return [
      {
        ...{ kind, seconds, stageReadsPerSecond: rate('stageReadsSent'), pollsPerSecond: rate('pollsSent') },
        busiestPerSecond: Math.max(...of.map(({ counters: c }) => c.stageReadsSent + c.pollsSent)),
        failed: failures.reduce((sum, name) => sum + total(of, name), 0),
        connectsPerSecond: rate('connectsOpened'),
        pollP99Ms: percentileMs(merged(of, 'pollMicros'), 0.99),
        seenP50Ms: percentileMs(seen, 0.5),
        seenP99Ms: percentileMs(seen, 0.99),
        executions: fallback === null ? unseen : executionsWithin(server, fallback.function, within),
        readUnitsPerSecond:
          fallback === null
            ? unseen
            : per(sumOfSeries(server, `dynamodb.${fallback.table}.consumedRead.sum`, within), seconds),
      },
    ];
  });
}

const failures = [
  ...(['pollsThrottled', 'pollsRejected', 'pollsTimedOut', 'pollsFailed'] as const),
  ...(['stageReadsThrottled', 'stageReadsRejected', 'stageReadsTimedOut', 'stageReadsFailed'] as const),
];

const unseen: Known<number> = { kind: 'unknown', reason: 'Nothing is known of the target’s inside.' };

interface Part {
  kind: FallbackStretch['kind'];
  of: ClientSecond[];
}

/** Divided where the first and the last tab closed its connection to poll, and where the first was connected again. */
function stretchesOf(steady: ClientSecond[]): Part[] {
  const rolledBack = steady.filter(({ counters }) => counters.connectionsRolledBack > 0);
  const [first, last] = [rolledBack[0]?.second, rolledBack.at(-1)?.second];
  if (first === undefined || last === undefined) return [{ kind: 'steady', of: steady }];
  const back =
    steady.find(({ second, counters }) => second > last && counters.connectsAttempted > 0)?.second ??
    Number.POSITIVE_INFINITY;
  const between = (kind: Part['kind'], from: number, to: number): Part => ({
    kind,
    of: steady.filter(({ second }) => second >= from && second < to),
  });
  return [
    between('before', Number.NEGATIVE_INFINITY, first),
    between('noticing', first, last + 1),
    between('rolledBack', last + 1, back),
    between('switchedOn', back, Number.POSITIVE_INFINITY),
  ];
}

const total = (of: readonly ClientSecond[], name: keyof ClientSecond['counters']): number =>
  of.reduce((sum, { counters }) => sum + counters[name], 0);

function merged(of: readonly ClientSecond[], name: keyof ClientSecond['histograms']): BucketCounts {
  const counts: BucketCounts = {};
  for (const { histograms } of of)
    for (const [bucket, count] of Object.entries(histograms[name] ?? {}))
      counts[bucket] = (counts[bucket] ?? 0) + count;
  return counts;
}

/** Little's law: what runs arrive a second, times how long each takes. A period of CloudWatch that is longer than a second smears it. */
function executionsWithin(
  server: Observation['server'],
  id: string,
  { from, to }: { from: number; to: number },
): Known<number> {
  const [runs, durations] = ['invocations.sum', 'duration.avg'].map((name) =>
    findSeries(server, `lambda.${id}.${name}`),
  );
  if (runs?.kind !== 'series' || durations?.kind !== 'series')
    return { kind: 'unknown', reason: `${id} reported no duration.` };
  const meanMs = new Map(durations.points);
  const busyMs = runs.points
    .filter(([second]) => second >= from && second < to)
    .reduce((sum, [second, count]) => sum + count * (meanMs.get(second) ?? 0), 0);
  return known(busyMs / msPerSecond / (to - from));
}

const msPerSecond = 1_000;

const per = (sum: Known<number>, seconds: number): Known<number> =>
  sum.kind === 'value' ? known(sum.value / seconds) : sum;
