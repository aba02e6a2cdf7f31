/** CloudWatch over the window of a run, the depth of the queues at its end, and what the target says of undelivered events. */
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type Collection, collectionSchemaVersion } from '../record/collection.ts';
import type { Series } from '../record/observation.ts';
import type { MeasuredTarget, TargetFailures } from '../record/target.ts';
import { cloudWatchClient, reasonOfFailure } from './aws-connection.ts';
import { type Clock, systemClock } from './clock.ts';
import { getAllMetricData, type QueryResult } from './get-metric-data.ts';
import { failuresSince, readFailures } from './own-failures.ts';
import { keptPeriod, longestPeriodSeconds, windowPeriod } from './period.ts';
import { type QueuesBefore, readQueues } from './queues.ts';
import { refusalQueries } from './refusals.ts';
import { seriesQueries } from './series.ts';
import type { SeriesQuery } from './series-query.ts';
import { eventsNotAsked, readTargetEvents } from './target-events.ts';

interface WindowOptions {
  target: MeasuredTarget;
  /** Seconds since the epoch, the end not included. */
  startSecond: number;
  endSecond: number;
  signal: AbortSignal;
  /** Default: the system's. */
  clock?: Clock;
}

interface CollectOptions extends WindowOptions {
  /** 60 on AWS, where services report once a minute; 1 and more on the local target. Made longer where the data is too old for it. */
  periodSeconds: number;
  /** What the queues held before the run (readQueuesBefore). */
  queuesBefore: QueuesBefore;
  /** What had failed before it (readFailures); null, and by default: the target does not say. */
  failuresBefore?: TargetFailures | null;
  /** Ids of the client's events that no push arrived of: the target is asked for each. Null: it is not asked, for lack of time. */
  undelivered: readonly string[] | null;
  /** Points per page, to force paging. Default: CloudWatch's own. */
  maxDatapointsPerPage?: number;
}

/**
 * Every series of the run. One that CloudWatch does not have is `noData` with the reason, never zero. Writes nothing.
 * Throws EndpointUnreachable when the target does not answer, and the signal's reason when it aborts.
 */
export async function collectCloudWatch(options: CollectOptions): Promise<Collection> {
  const { target, startSecond, endSecond, signal, clock = systemClock } = options;
  const nowSecond = Math.floor(clock.now() / 1_000);
  const periodSeconds = keptPeriod({
    periodSeconds: options.periodSeconds,
    ageSeconds: nowSecond - startSecond,
    kind: target.kind,
  });
  const client = cloudWatchClient(target);
  try {
    // A target that does not answer is reported below, series by series.
    const refusals = await refusalQueries(client, target, signal).catch(() => []);
    const queries = [...seriesQueries(target), ...refusals];
    const plans = queries.map((query) => planOf(query, { startSecond, endSecond, periodSeconds }));
    const results = await getOrFail(client, plans, options);
    const series = plans.map((plan) => seriesOf(plan, resultOf(plan, results), { startSecond, endSecond }));
    const queues = await readQueues(target, options.queuesBefore, signal);
    const { failuresBefore = null } = options;
    const failures = failuresBefore && failuresSince(failuresBefore, await readFailures(target, signal), target.graph);
    // Last: its reads of the table are in no series of the run.
    const events = options.undelivered
      ? await readTargetEvents(target, options.undelivered, signal)
      : eventsNotAsked('the run was interrupted');
    const collectedAt = new Date(clock.now()).toISOString();
    const window = { startSecond, endSecond };
    return {
      ...{ schemaVersion: collectionSchemaVersion, collectedAt, window, periodSeconds, series, queues, events },
      ...(failures && { failures }),
    };
  } finally {
    client.destroy();
  }
}

/** The collection for a target that no longer answers: every series missing, with the reason. */
export function missingCollection(
  target: Pick<MeasuredTarget, 'graph' | 'resources' | 'kind'>,
  window: { startSecond: number; endSecond: number },
  { periodSeconds, reason, clock = systemClock }: { periodSeconds: number; reason: string; clock?: Clock },
): Collection {
  const plans = seriesQueries(target).map((query) => planOf(query, { ...window, periodSeconds }));
  return {
    schemaVersion: collectionSchemaVersion,
    collectedAt: new Date(clock.now()).toISOString(),
    window,
    periodSeconds,
    series: plans.map((plan) => seriesOf(plan, { kind: 'failed', reason }, window)),
    queues: null,
    events: eventsNotAsked(reason),
  };
}

/** A query with its period. */
interface Plan {
  query: SeriesQuery;
  periodSeconds: number;
}

function planOf(
  query: SeriesQuery,
  { startSecond, endSecond, periodSeconds }: { startSecond: number; endSecond: number; periodSeconds: number },
): Plan {
  const period = query.span === 'periods' ? periodSeconds : windowPeriod({ startSecond, endSecond, periodSeconds });
  return { query, periodSeconds: period };
}

/** All results by key; when the calls fail for another reason than silence, each query failed for that reason. */
async function getOrFail(
  client: CloudWatchClient,
  plans: readonly Plan[],
  options: CollectOptions,
): Promise<Map<string, QueryResult> | string> {
  const { target, startSecond, endSecond, signal, maxDatapointsPerPage } = options;
  const asked = plans.flatMap((plan, index) => (tooLong(plan) ? [] : [metricDataQuery(plan, index)]));
  try {
    const byId = await getAllMetricData(client, asked, {
      startSecond,
      endSecond,
      signal,
      ...(maxDatapointsPerPage !== undefined && { maxDatapointsPerPage }),
    });
    return new Map([...byId].map(([id, result]) => [plans[Number(id.slice(1))]?.query.key ?? id, result]));
  } catch (error) {
    return `the call failed: ${reasonOfFailure(error, 'CloudWatch', target.endpoints?.cloudwatch, signal)}`;
  }
}

const tooLong = (plan: Plan) => plan.periodSeconds > longestPeriodSeconds;

function metricDataQuery({ query, periodSeconds }: Plan, index: number): MetricDataQuery {
  const Dimensions = Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: { Namespace: query.namespace, MetricName: query.metric, Dimensions },
      Period: periodSeconds,
      Stat: query.statistic,
    },
  };
}

function resultOf(plan: Plan, results: Map<string, QueryResult> | string): QueryResult {
  if (typeof results === 'string') return { kind: 'failed', reason: results };
  if (tooLong(plan)) return { kind: 'failed', reason: 'the window is longer than the longest period, one day' };
  return results.get(plan.query.key) ?? { kind: 'failed', reason: 'it was not requested' };
}

function seriesOf(
  { query, periodSeconds }: Plan,
  result: QueryResult,
  { startSecond, endSecond }: { startSecond: number; endSecond: number },
): Series {
  const { span, ...identity } = query;
  const common = { ...identity, periodSeconds };
  const window = {
    start: new Date(startSecond * 1_000).toISOString(),
    end: new Date(endSecond * 1_000).toISOString(),
  };
  const noData = (reason: string, failed: boolean): Series => ({ kind: 'noData', ...common, window, reason, failed });
  if (result.kind === 'failed') return noData(result.reason, true);
  if (result.points.length === 0)
    return noData('CloudWatch has no values: no such activity, or not reported yet', false);
  if (span === 'window' && result.points.length > 1) {
    // Percentiles of parts cannot be merged.
    return noData(`one period over the whole window came back as ${result.points.length}`, true);
  }
  return { kind: 'series', ...common, points: result.points };
}
