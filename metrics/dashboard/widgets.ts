/** The dashboard of any stack: what its resources do, with the limits that the stack sets for itself. Pure. */
import { deadLetterQueues } from '../../graph/causes.ts';
import type { Api, StackGraph } from '../../graph/model.ts';
import { seriesQueries } from '../series.ts';
import type { SeriesKey, SeriesQuery } from '../series-query.ts';

interface Annotation {
  label: string;
  value: number;
}

/** As CloudWatch has it (user guide, dashboard body structure, read November 2026). */
export interface Widget {
  type: 'metric';
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    title: string;
    view: 'timeSeries';
    region: string;
    period: number;
    metrics: (string | { stat: string; label: string })[][];
    annotations?: { horizontal: Annotation[] };
  };
}

interface Panel {
  title: string;
  keys: SeriesKey[];
  limits?: Annotation[];
}

const periodSeconds = 60;
const width = 8;
const height = 6;
const columns = 3;

/** @param region as text for Fn::Sub. */
export function widgetsOf(graph: StackGraph, region: string): Widget[] {
  const queries = new Map(
    seriesQueries({ graph, kind: 'aws' }).map((query): [string, SeriesQuery] => [query.key, query]),
  );
  return panelsOf(graph).map(({ title, keys, limits = [] }, n) => ({
    type: 'metric',
    ...{ x: (n % columns) * width, y: Math.floor(n / columns) * height, width, height },
    properties: {
      ...{ title, view: 'timeSeries', region, period: periodSeconds },
      metrics: keys.flatMap((key) => {
        const query = queries.get(key);
        return query === undefined ? [] : [metricOf(query, key)];
      }),
      ...(limits.length > 0 && { annotations: { horizontal: limits } }),
    },
  }));
}

function metricOf(
  { namespace, metric, dimensions, statistic }: SeriesQuery,
  key: string,
): Widget['properties']['metrics'][number] {
  const id = key.slice(key.indexOf('.') + 1).replace(/\.[^.]+\.[^.]+$/, '');
  return [namespace, metric, ...Object.entries(dimensions).flat(), { stat: statistic, label: `${id} ${metric}` }];
}

function panelsOf(graph: StackGraph): Panel[] {
  const { apis, functions, queues, tables } = graph;
  const dead = deadLetterQueues(graph);
  const ids = functions.map(({ id }) => id);
  const tableIds = tables.flatMap(({ id, indexes }) => [
    id,
    ...indexes.flatMap(({ name, kind }) => (kind === 'global' ? [`${id}:${name}`] : [])),
  ]);
  const panels: Panel[] = [
    ...apis.flatMap(apiPanels),
    {
      title: 'Functions: concurrent executions',
      keys: ids.map((id): SeriesKey => `lambda.${id}.concurrentExecutions.max`),
      limits: functions.flatMap(({ id, reservedConcurrency: value }) =>
        value === null ? [] : [{ label: `reserved for ${id}`, value }],
      ),
    },
    {
      title: 'Functions: errors and throttles',
      keys: ids.flatMap((id): SeriesKey[] => [`lambda.${id}.errors.sum`, `lambda.${id}.throttles.sum`]),
    },
    {
      title: 'Functions: p99 duration (ms)',
      keys: ids.map((id): SeriesKey => `lambda.${id}.duration.p99`),
      limits: functions.map(({ id, timeoutSeconds }) => ({ label: `timeout of ${id}`, value: 1_000 * timeoutSeconds })),
    },
    ...queues
      .filter(({ id }) => !dead.has(id))
      .flatMap(({ id }): Panel[] => [
        { title: `${id}: messages`, keys: [`sqs.${id}.visible.max`, `sqs.${id}.notVisible.max`] },
        { title: `${id}: age of the oldest message (s)`, keys: [`sqs.${id}.oldestAgeSeconds.max`] },
      ]),
    ...(graph.topics ?? []).map(
      ({ id }): Panel => ({
        title: `${id}: messages of the topic`,
        keys: [`sns.${id}.published.sum`, `sns.${id}.delivered.sum`, `sns.${id}.failed.sum`],
      }),
    ),
    ...(graph.rules ?? []).map(
      ({ id }): Panel => ({
        title: `${id}: invocations of the rule’s targets`,
        keys: [`events.${id}.invocations.sum`, `events.${id}.failed.sum`, `events.${id}.throttled.sum`],
      }),
    ),
    { title: 'Dead letters', keys: [...dead].map((id): SeriesKey => `sqs.${id}.visible.max`) },
    {
      title: 'Tables: units',
      keys: tableIds.flatMap((id): SeriesKey[] => [
        `dynamodb.${id}.consumedRead.sum`,
        `dynamodb.${id}.consumedWrite.sum`,
      ]),
    },
    {
      title: 'Tables: throttled requests',
      keys: tableIds.flatMap((id): SeriesKey[] => [
        `dynamodb.${id}.readThrottles.sum`,
        `dynamodb.${id}.writeThrottles.sum`,
      ]),
    },
  ];
  return panels.filter(({ keys }) => keys.length > 0);
}

function apiPanels(api: Api): Panel[] {
  return api.stages.flatMap((stage): Panel[] => {
    const id = api.stages.length === 1 ? api.id : `${api.id}:${stage}`;
    const throttle = api.throttles?.find((each) => each.stage === stage)?.everyRoute;
    const limits = throttle
      ? [{ label: 'stage throttle, of each route', value: throttle.ratePerSecond * periodSeconds }]
      : [];
    if (api.kind === 'webSocket')
      return [
        {
          ...{ title: `${id}: connects and messages`, limits },
          keys: [`apigateway.${id}.connectCount.sum`, `apigateway.${id}.messageCount.sum`],
        },
        {
          title: `${id}: errors`,
          keys: [
            `apigateway.${id}.clientError.sum`,
            `apigateway.${id}.executionError.sum`,
            `apigateway.${id}.integrationError.sum`,
          ],
        },
        { title: `${id}: p99 latency of integrations (ms)`, keys: [`apigateway.${id}.integrationLatency.p99`] },
      ];
    return [
      { title: `${id}: requests`, keys: [`apigateway.${id}.count.sum`], limits },
      { title: `${id}: errors`, keys: [`apigateway.${id}.4xx.sum`, `apigateway.${id}.5xx.sum`] },
      { title: `${id}: p99 latency (ms)`, keys: [`apigateway.${id}.latency.p99`] },
    ];
  });
}
