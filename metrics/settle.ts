/** Metrics come late: 1 to 3 minutes on AWS, a second or two on the local target. */
import type { MeasuredTarget } from '../record/target.ts';
import { cloudWatchClient, reasonOfFailure } from './aws-connection.ts';
import { type Clock, systemClock } from './clock.ts';
import { getAllMetricData } from './get-metric-data.ts';
import { keptPeriod } from './period.ts';
import { seriesQueries } from './series.ts';
import type { SeriesQuery } from './series-query.ts';

/** The counters that show whether all data has arrived: what enters and what leaves the stack. Of a service only its table shows that connections were closed. */
const isKeyCounter = ({ key }: SeriesQuery): boolean => keyCounter.test(key);
const keyCounter =
  /^(apigateway\..+\.(messageCount|count)|sqs\..+\.deleted|sns\..+\.published|events\..+\.invocations|lambda\..+\.invocations|dynamodb\..+\.consumedWrite)\.sum$/;

/**
 * The minimum wait after the window's end, how often to ask, and when to give up. AWS publishes no figure for the delay;
 * 1 to 3 minutes is usual, and equal sums before the last minute has arrived would look final.
 */
const timing = {
  local: { minimumMs: 1_000, pollMs: 500, deadlineMs: 10_000 },
  aws: { minimumMs: 180_000, pollMs: 15_000, deadlineMs: 600_000 },
} as const;

interface SettleOptions {
  target: MeasuredTarget;
  /** Seconds since the epoch, the end not included. The end may lie in the future: what comes in meanwhile is waited for. */
  startSecond: number;
  endSecond: number;
  /** When the load had ended: from then on the sums may be final. Default: the window's end. */
  loadEndSecond?: number;
  signal: AbortSignal;
  /** Default: the system's. */
  clock?: Clock;
}

export type Settled =
  | { kind: 'settled'; waitedMs: number }
  /** The sums still changed, or could not be read, at the deadline: the reason. */
  | { kind: 'gaveUp'; waitedMs: number; reason: string };

/**
 * Waits until the sums of the key counters were the same in three consecutive answers, or until the deadline.
 * Throws EndpointUnreachable when the target does not answer, and the signal's reason when it aborts.
 */
export async function waitUntilSettled(options: SettleOptions): Promise<Settled> {
  const { target, endSecond, loadEndSecond = endSecond, signal, clock = systemClock } = options;
  const { minimumMs, pollMs, deadlineMs } = timing[target.isEmulated === true ? 'local' : target.kind];
  const startedMs = clock.now();
  const earliestMs = loadEndSecond * 1_000 + minimumMs;
  const client = cloudWatchClient(target);
  try {
    if (earliestMs > startedMs) await clock.sleep(Math.min(earliestMs - startedMs, deadlineMs), signal);
    let last: string | undefined;
    let reason = '';
    for (let same = 0; ; ) {
      try {
        const sums = await keySums(client, options, clock);
        same = sums === last ? same + 1 : 0;
        last = sums;
        reason = 'the counters were still changing';
      } catch (error) {
        reason = reasonOfFailure(error, 'CloudWatch', target.endpoints?.cloudwatch, signal);
        same = 0;
      }
      const waitedMs = clock.now() - startedMs;
      if (same >= 2) return { kind: 'settled', waitedMs };
      if (waitedMs + pollMs > deadlineMs) return { kind: 'gaveUp', waitedMs, reason };
      await clock.sleep(pollMs, signal);
    }
  } finally {
    client.destroy();
  }
}

/** One text that is equal when all sums are. */
async function keySums(
  client: ReturnType<typeof cloudWatchClient>,
  { target, startSecond, endSecond, signal }: SettleOptions,
  clock: Clock,
): Promise<string> {
  const ageSeconds = Math.floor(clock.now() / 1_000) - startSecond;
  const Period = keptPeriod({ periodSeconds: 60, ageSeconds, kind: target.kind });
  const queries = seriesQueries(target)
    .filter(isKeyCounter)
    .map(({ namespace, metric, dimensions }, index) => ({
      Id: `q${index}`,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period,
        Stat: 'Sum',
      },
    }));
  return JSON.stringify([...(await getAllMetricData(client, queries, { startSecond, endSecond, signal }))]);
}
