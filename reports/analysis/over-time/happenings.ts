/** What happened when, on the client's seconds: refusals by quota, throttled functions, failures by kind, faults, a generator that was late, a broken objective. Pure. */
import type { CounterName } from '../../../engine/src/records.ts';
import { refusedQuota } from '../../../metrics/refusals.ts';
import type { Observation, Series } from '../../../record/observation.ts';
import type { RunRecord } from '../../../record/run.ts';
import { delaysOf } from '../judgement/soundness.ts';
import { refusalName } from '../refusals.ts';
import type { LatencyOverTime } from './latency-over-time.ts';

export interface Happening {
  /** In words; those of a fault are its own. */
  name: string;
  kind: 'refusal' | 'throttle' | 'failure' | 'fault' | 'generator' | 'slow';
  /** Seconds since the first, the end not included; how often, null where nothing is counted. */
  spans: { from: number; to: number; count: number | null }[];
  /** All of them; null where nothing is counted. */
  total: number | null;
}

/** Failures as a client sees them, each kind with the counters that are of it. */
export const failureKinds: readonly { name: string; counters: readonly CounterName[] }[] = [
  { name: 'connects refused', counters: ['connectsRefused', 'connectsFailed'] },
  { name: 'connects throttled (429)', counters: ['connectsThrottled'] },
  { name: 'connections closed by the target', counters: ['closesUnexpected'] },
  { name: 'messages answered with an error', counters: ['messagesErrorFrame', 'publishesErrorFrame'] },
  { name: 'webhooks throttled (429)', counters: ['webhooksThrottled'] },
  { name: 'webhooks refused or failed', counters: ['webhooksRejected', 'webhooksFailed'] },
  {
    name: 'no answer in time',
    counters: ['connectsTimedOut', 'messagesTimedOut', 'webhooksTimedOut', 'publishesTimedOut', 'subscribesTimedOut'],
  },
];

export function happeningsOf(
  observation: Observation,
  { target }: Pick<RunRecord, 'target'>,
  latency: readonly LatencyOverTime[],
): Happening[] {
  const { client, server, clock } = observation;
  const seconds = client.seconds.map(({ second }) => second - clock.firstSecond);
  const counted = (
    name: string,
    kind: Happening['kind'],
    counts: readonly (readonly [number, number])[],
  ): Happening => {
    const spans = merged(
      counts.filter(([, count]) => count > 0).map(([at, count]) => ({ from: at, to: at + 1, count })),
    );
    return { name, kind, spans, total: spans.reduce((sum, { count }) => sum + (count ?? 0), 0) };
  };
  const refused = server.series.flatMap((series): Happening[] => {
    const quota = refusedQuota(series.key);
    return quota === null ? [] : [ofSeries(series, `${refusalName(quota)} refused`, 'refusal', clock.firstSecond)];
  });
  const throttled = server.series.flatMap((series): Happening[] => {
    const id = /^lambda\.(.+)\.throttles\.sum$/.exec(series.key)?.[1];
    return id === undefined ? [] : [ofSeries(series, `Lambda throttled ${id}`, 'throttle', clock.firstSecond)];
  });
  const failures = failureKinds.map(({ name, counters }) =>
    counted(
      name,
      'failure',
      client.seconds.map((second, i) => [
        seconds[i] ?? 0,
        counters.reduce((sum, key) => sum + second.counters[key], 0),
      ]),
    ),
  );
  const { shares } = delaysOf(observation, 'sendLagMicros');
  const late = spansWhere(seconds, (i) => (shares[i] ?? 0) > lateShare);
  const slow = latency.map(({ name, sloP99Ms, seconds: each }): Happening => {
    const spans = spansWhere(
      each.map(([at]) => at),
      (i) => (each[i]?.[3] ?? 0) > sloP99Ms,
    );
    return { name: `${name} p99 of the second above its SLO`, kind: 'slow', spans, total: null };
  });
  return [
    ...faultsOf(target, clock),
    ...refused,
    ...throttled,
    ...failures,
    ...slow,
    { name: 'load generator late', kind: 'generator' as const, spans: late, total: null },
  ].filter(({ spans }) => spans.length > 0);
}

/** Share of a second's moments in which the generator was late, from which on that is worth a mark. */
const lateShare = 0.05;

/** A period's count belongs to the whole period. */
function ofSeries(series: Series, name: string, kind: Happening['kind'], first: number): Happening {
  const points = series.kind === 'series' ? series.points : [];
  const spans = points
    .filter(([, count]) => count > 0)
    .map(([second, count]) => ({ from: second - first, to: second - first + series.periodSeconds, count }));
  return { name, kind, spans: merged(spans), total: spans.reduce((sum, { count }) => sum + count, 0) };
}

function faultsOf({ model }: RunRecord['target'], { firstSecond, lastSecond }: Observation['clock']): Happening[] {
  return (model?.faults ?? []).map((fault) => {
    const { name, setAtMs, startSeconds, durationSeconds, fired } = fault;
    const from = Math.max(0, setAtMs / 1_000 + startSeconds - firstSecond);
    const last = lastSecond - firstSecond + 1;
    // One that ends connections or tasks once is over at once.
    const isRepeated = 'everySeconds' in fault && fault.everySeconds !== undefined;
    const lasts = onceKinds.has(fault.kind) && !isRepeated ? 1 : durationSeconds;
    const to = lasts === undefined ? last : Math.min(last, setAtMs / 1_000 + startSeconds + lasts - firstSecond);
    const count = fired ?? null;
    return { name: `fault “${name}”`, kind: 'fault', spans: to > from ? [{ from, to, count }] : [], total: count };
  });
}

const onceKinds: ReadonlySet<string> = new Set(['disconnect', 'taskStop']);

function spansWhere(seconds: readonly number[], holds: (i: number) => boolean): Happening['spans'] {
  return merged(seconds.flatMap((at, i) => (holds(i) ? [{ from: at, to: at + 1, count: null }] : [])));
}

/** Stretches that touch are one. */
function merged(spans: readonly { from: number; to: number; count: number | null }[]): Happening['spans'] {
  const all: Happening['spans'] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last === undefined || span.from > last.to) all.push({ ...span });
    else {
      last.to = Math.max(last.to, span.to);
      last.count = last.count === null ? span.count : last.count + (span.count ?? 0);
    }
  }
  return all;
}
