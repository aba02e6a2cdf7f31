/** Client and server on one clock, ready to be drawn: panels of lines, with the quota or SLO that bounds each. */
import type { Slo } from '../../../capacity/demand/plan.ts';
import { type QuotaInForce, wholeLimit } from '../../../capacity/headroom/quota.ts';
import type { CounterName } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';
import { endedFailures } from '../judgement/failed-work.ts';
import { percentileMs } from '../latency.ts';
import { findSeries, maxOfSeries, numberOf, resourceIds } from '../series.ts';
import { failureKinds } from './happenings.ts';

/** Its line in the panel of the traffic. */
export const acceptedLine = 'webhooks accepted';

interface TimelineLine {
  name: string;
  from: 'client' | 'CloudWatch';
  /** [seconds since the first second, value]; null where nothing was measured. */
  points: [number, number | null][];
}

export interface Panel {
  id: string;
  title: string;
  unit: string;
  lines: TimelineLine[];
  /** Quotas and objectives in the panel's unit. */
  bounds: { name: string; value: number; kind: 'quota' | 'objective' }[];
  /** Series that CloudWatch did not have. */
  missing: string[];
}

export interface Timeline {
  /** ISO 8601, UTC: second 0. */
  startsAt: string;
  lastSecond: number;
  steady: { from: number; to: number } | null;
  panels: Panel[];
}

export function timelineOf(observation: Observation, quotas: readonly QuotaInForce[], slo: Slo): Timeline {
  const { clock, client } = observation;
  const { firstSecond, steadyFirstSecond, steadyLastSecond } = clock;
  const lineOf = (name: string, of: (second: ClientSecond) => number | null): TimelineLine => ({
    name,
    from: 'client',
    points: client.seconds.map((second) => [second.second - firstSecond, of(second)]),
  });
  const counter = (name: string, key: CounterName) => lineOf(name, ({ counters }) => counters[key]);
  const quota = (id: string) =>
    quotas
      .filter((each) => each.quota === id)
      .map((each) => ({ name: `quota: ${each.name}`, value: wholeLimit(each), kind: 'quota' as const }));
  const objective = (name: string, value: number) => ({ name: `SLO: ${name}`, value, kind: 'objective' as const });
  const panel = (
    id: string,
    title: string,
    unit: string,
    rest: Partial<Panel> & { series?: Record<string, string> },
  ): Panel => {
    const found = Object.entries(rest.series ?? {}).map(([name, key]) => ({
      key,
      line: serverLine(observation, name, key),
    }));
    return {
      id,
      title,
      unit,
      lines: [...(rest.lines ?? []), ...found.flatMap(({ line }) => (line ? [line] : []))],
      bounds: rest.bounds ?? [],
      missing: found.flatMap(({ key, line }) => (line ? [] : [key])),
    };
  };
  return {
    startsAt: new Date(firstSecond * 1_000).toISOString(),
    lastSecond: clock.lastSecond - firstSecond,
    steady:
      steadyFirstSecond === null || steadyLastSecond === null
        ? null
        : { from: steadyFirstSecond - firstSecond, to: steadyLastSecond - firstSecond },
    panels: [
      panel('connections', 'Open connections', 'connections', {
        lines: [lineOf('open connections', ({ openConnections }) => openConnections)],
      }),
      panel('connects', 'New connections', 'connections/s', {
        lines: [counter('opened', 'connectsOpened')],
        bounds: quota('newConnections'),
      }),
      panel('traffic', 'Messages, webhooks and pushes', '1/s', {
        lines: [
          counter('messages sent', 'messagesSent'),
          counter(acceptedLine, 'webhooksAccepted'),
          counter('pushes received', 'pushesDelivered'),
        ],
        bounds: quota('accountThrottle'),
      }),
      // A second in which over 1% failed has no p99: a gap.
      panel('latency', 'Latency p99, each second', 'ms', {
        lines: [
          lineOf('round trip', ({ histograms, counters }) =>
            percentileMs(histograms.roundTripMicros, 0.99, endedFailures(counters, false).roundTrip),
          ),
          lineOf('delivery', ({ histograms }) => percentileMs(histograms.deliveryMicros, 0.99)),
        ],
        bounds: [objective('round trip', slo.roundTripP99Ms), objective('delivery', slo.deliveryP99Ms)],
      }),
      panel('concurrency', 'Lambda concurrent executions', 'executions', {
        series: {
          account: 'account.lambda.concurrentExecutions.max',
          ...seriesOf(observation, 'lambda', 'concurrentExecutions.max'),
        },
        bounds: quota('accountConcurrency'),
      }),
      panel('queue', 'Queue', 'messages', {
        series: {
          ...seriesOf(observation, 'sqs', 'visible.max', 'waiting'),
          ...seriesOf(observation, 'sqs', 'notVisible.max', 'in flight'),
        },
        bounds: quota('sqsInFlightMessages'),
      }),
      panel('refusals', 'Errors by kind', '1/s', { lines: failureLines(client.seconds, lineOf) }),
    ],
  };
}

/** Each kind that there was; without any, that there was none. */
function failureLines(
  seconds: readonly ClientSecond[],
  lineOf: (name: string, of: (second: ClientSecond) => number) => TimelineLine,
): TimelineLine[] {
  const sumOf = (keys: readonly CounterName[]) => (second: ClientSecond) =>
    keys.reduce((sum, key) => sum + second.counters[key], 0);
  const found = failureKinds.filter(({ counters }) => seconds.some((second) => sumOf(counters)(second) > 0));
  if (found.length > 0) return found.map(({ name, counters }) => lineOf(name, sumOf(counters)));
  return [lineOf('throttled or failed', sumOf(failureKinds.flatMap(({ counters }) => counters)))];
}

/** Lines of a panel: more cannot be told apart. */
const mostLines = 4;

/** One series of each resource that has it, by a name for its line; those with the largest values where there are many. */
function seriesOf({ server }: Observation, service: string, statistic: string, what?: string): Record<string, string> {
  const ids = resourceIds(server, service, statistic);
  const largest = (id: string) => numberOf(maxOfSeries(server, `${service}.${id}.${statistic}`)) ?? -1;
  const shown = ids.length <= mostLines ? ids : ids.toSorted((a, b) => largest(b) - largest(a)).slice(0, mostLines);
  return Object.fromEntries(
    shown.map((id) => [
      what === undefined ? id : ids.length === 1 ? what : `${what} (${id})`,
      `${service}.${id}.${statistic}`,
    ]),
  );
}

function serverLine({ server, clock }: Observation, name: string, key: string): TimelineLine | null {
  const series = findSeries(server, key);
  if (series?.kind !== 'series') return null;
  // A sum belongs to its whole period: shown as a rate per second.
  const scale = key.endsWith('.sum') ? 1 / series.periodSeconds : 1;
  const points = series.points.flatMap(([second, value], i): TimelineLine['points'] => {
    const at = second - clock.firstSecond;
    const before = series.points[i - 1]?.[0];
    // Periods without data are a gap, not a slope from one point to the next.
    const gap = before !== undefined && second - before > series.periodSeconds;
    return [...(gap ? [[at - series.periodSeconds, null] as [number, null]] : []), [at, value * scale]];
  });
  return { name, from: 'CloudWatch', points };
}
