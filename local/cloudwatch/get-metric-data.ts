/** GetMetricData. */
import { CloudWatchError } from './cloudwatch-error.ts';
import { type GetMetricDataInput, type MetricDataQueryInput, maxDatapointsPerCall, toDimensions } from './inputs.ts';
import { evaluate, type MathValue, parseExpression, type TimeSeries } from './metric-maths.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import { parseStatistic } from './statistic.ts';
import type { MetricStore } from './store/metric-store.ts';
import { checkPeriod, checkWindow, roundWindow } from './window.ts';

interface Result {
  id: string;
  label: string;
  /** [second, value] in the order of ScanBy. */
  points: [number, number][];
}

export function getMetricData(store: MetricStore, input: GetMetricDataInput) {
  checkWindow(input.StartTime, input.EndTime);
  const { NextToken, MaxDatapoints = maxDatapointsPerCall, ...request } = input;
  const ascending = input.ScanBy === 'TimestampAscending';
  const results = resultsOf(store, input, ascending);
  const position = NextToken === undefined ? undefined : decodePageToken(request, NextToken);
  const page = takePage(results, { position, limit: MaxDatapoints, ascending });
  return {
    MetricDataResults: page.results,
    ...(page.next && { NextToken: encodePageToken(request, page.next) }),
    Messages: messagesOf(store, input),
  };
}

function resultsOf(store: MetricStore, input: GetMetricDataInput, ascending: boolean): Result[] {
  const byId = new Map(input.MetricDataQueries.map((query) => [query.Id, query]));
  if (byId.size !== input.MetricDataQueries.length) {
    throw new CloudWatchError('validation', 'Two elements of MetricDataQueries have the same Id; ids must be unique.');
  }
  if (input.MetricDataQueries.every((query) => query.ReturnData === false)) {
    throw new CloudWatchError('validation', 'At least one of the MetricDataQueries must have ReturnData true.');
  }
  const resolve = evaluator(store, input, byId);
  return input.MetricDataQueries.flatMap((query) => {
    // Queries that are not returned are evaluated as well: their errors count.
    const value = resolve(query.Id);
    if (query.ReturnData === false) return [];
    const listed = listOf(value, query);
    return listed.map((series) => {
      const points = [...series.points].sort(([a], [b]) => (ascending ? a - b : b - a));
      return { id: query.Id, label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id, points };
    });
  });
}

function listOf(value: MathValue, query: MetricDataQueryInput): readonly TimeSeries[] {
  if (value.kind === 'series') return [value];
  if (value.kind === 'array') return value.items;
  throw new CloudWatchError(
    'validation',
    `Expression "${query.Expression}" of ${query.Id} evaluates to a number, not a time series. Set ReturnData to false, or combine it with a series.`,
  );
}

/** The value of each query by its id, each evaluated once. */
function evaluator(store: MetricStore, input: GetMetricDataInput, byId: Map<string, MetricDataQueryInput>) {
  const values = new Map<string, MathValue | 'underWay'>();
  const resolve = (id: string): MathValue => {
    const known = values.get(id);
    if (known === 'underWay') {
      throw new CloudWatchError('validation', `The expressions have a circular reference at the id ${id}.`);
    }
    if (known !== undefined) return known;
    const query = byId.get(id);
    if (query === undefined)
      throw new CloudWatchError('validation', `An expression refers to ${id}, which is not the Id of a query.`);
    values.set(id, 'underWay');
    const value = query.MetricStat ? metricSeries(store, input, query.MetricStat) : expressionValue(query);
    values.set(id, value);
    return value;
  };
  const expressionValue = (query: MetricDataQueryInput): MathValue => {
    const expression = query.Expression ?? '';
    return evaluate(parseExpression(expression), {
      expression,
      lookUp: resolve,
      metrics: () =>
        [...byId.values()].flatMap((other) => (other.MetricStat ? [metricSeries(store, input, other.MetricStat)] : [])),
      startSecond: input.StartTime,
      endSecond: input.EndTime,
    });
  };
  return resolve;
}

function metricSeries(
  store: MetricStore,
  { StartTime, EndTime }: GetMetricDataInput,
  { Metric, Period, Stat, Unit }: NonNullable<MetricDataQueryInput['MetricStat']>,
): TimeSeries {
  checkPeriod(Period);
  const statistic = parseStatistic(Stat);
  const found = store.find(Metric.Namespace, Metric.MetricName, toDimensions(Metric.Dimensions), Unit);
  const points = new Map<number, number>();
  for (const [second, aggregate] of store.query(found, roundWindow(StartTime, EndTime, Period))) {
    const value = statistic(aggregate);
    if (value !== undefined) points.set(second, value);
  }
  return { kind: 'series', points, periodSeconds: Period };
}

interface Page {
  /** [index of the result, second of its first point] at which the page begins. */
  position: number[] | undefined;
  limit: number;
  ascending: boolean;
}

/**
 * Up to `limit` points, result by result. A token holds a time rather than a count, so that values that arrive
 * between two pages neither repeat nor skip a point.
 */
function takePage(results: Result[], { position, limit, ascending }: Page) {
  const [firstResult = 0, fromSecond = Number.NaN] = position ?? [];
  const taken = [];
  let left = limit;
  for (let index = firstResult; index < results.length; index++) {
    const result = results[index];
    if (result === undefined) break;
    const points = result.points.filter(
      ([second]) =>
        index > firstResult || Number.isNaN(fromSecond) || (ascending ? second >= fromSecond : second <= fromSecond),
    );
    const now = points.slice(0, left);
    const rest = points[now.length];
    left -= now.length;
    // A result of which no point fits moves to the next page entirely.
    if (now.length > 0 || rest === undefined) {
      taken.push({
        Id: result.id,
        Label: result.label,
        Timestamps: now.map(([second]) => second),
        Values: now.map(([, value]) => value),
        StatusCode: rest === undefined ? 'Complete' : 'PartialData',
      });
    }
    if (rest !== undefined) return { results: taken, next: [index, rest[0]] };
  }
  return { results: taken, next: undefined };
}

function messagesOf(store: MetricStore, input: GetMetricDataInput) {
  const short = input.MetricDataQueries.some(
    ({ MetricStat }) => MetricStat !== undefined && MetricStat.Period % 60 !== 0,
  );
  if (!short || input.StartTime >= store.rolledUpBefore) return [];
  const until = new Date(store.rolledUpBefore * 1_000).toISOString();
  return [
    {
      Code: 'RolledUp',
      Value: `Values before ${until} are kept per minute only and appear at the first second of their minute.`,
    },
  ];
}
