/** What is requested from CloudWatch: every series of a run by its key, for each resource of the stack's graph. */
import { deadLetterQueues } from '../graph/causes.ts';
import type { Api, Database, FunctionNode, LoadBalancer, Queue, Service, Table, Topic } from '../graph/model.ts';
import type { MeasuredTarget } from '../record/target.ts';
import { eventQueries } from './event-series.ts';
import {
  average,
  type LoadlineCounter,
  type LocalCounter,
  latency,
  loadlineMetrics,
  localMetrics,
  max,
  type SeriesQuery,
  sum,
} from './series-query.ts';

/**
 * Every series for a run of this stack. Names, dimensions and statistics: AWS documentation of the metrics of
 * API Gateway (WebSocket, HTTP and REST APIs), Lambda (functions and their URLs), SQS, SNS, EventBridge and DynamoDB, read 2026-11.
 */
export function seriesQueries({
  graph,
  resources,
  kind,
}: Pick<MeasuredTarget, 'graph' | 'resources' | 'kind'>): SeriesQuery[] {
  const deadLetters = deadLetterQueues(graph);
  return [
    ...graph.apis.flatMap(apiQueries),
    ...graph.functions.flatMap(functionQueries),
    ...accountQueries(),
    ...graph.queues.flatMap((queue) => (deadLetters.has(queue.id) ? [depthQuery(queue)] : queueQueries(queue))),
    ...(graph.topics ?? []).flatMap(topicQueries),
    ...eventQueries(graph),
    ...graph.tables.flatMap(tableQueries),
    ...(graph.databases ?? []).flatMap(databaseQueries),
    ...(graph.loadBalancers ?? []).flatMap(loadBalancerQueries),
    ...(graph.services ?? []).flatMap((service) => serviceQueries(service, kind)),
    // Only the reference stack's functions count themselves.
    ...(resources ? loadlineQueries(resources.stackName) : []),
    // A metric each: on AWS that is what CloudWatch charges for.
    ...(kind === 'local' ? [...graph.tables.flatMap(callQueries), ...localQueries()] : []),
  ];
}

const apiQueries = (api: Api): SeriesQuery[] =>
  api.stages.flatMap((stage) => stageQueries(api, stage, api.stages.length === 1 ? api.id : `${api.id}:${stage}`));

function stageQueries({ kind, apiId, name }: Api, stage: string, key: string): SeriesQuery[] {
  switch (kind) {
    case 'webSocket':
      return webSocketQueries(key, { ApiId: apiId, Stage: stage });
    case 'http':
      return httpQueries(key, { ApiId: apiId, Stage: stage });
    case 'rest':
      return restQueries(key, { ApiName: name ?? apiId, Stage: stage });
    case 'functionUrl':
      return urlQueries(key, { FunctionName: name ?? apiId });
  }
}

type Dimensions = SeriesQuery['dimensions'];

const apiMetric =
  (dimensions: Dimensions) =>
  (metric: string, unit = 'Count') => ({ namespace: 'AWS/ApiGateway', metric, dimensions, unit });

function webSocketQueries(id: string, dimensions: Dimensions): SeriesQuery[] {
  const of = apiMetric(dimensions);
  return [
    sum(`apigateway.${id}.connectCount.sum`, of('ConnectCount')),
    sum(`apigateway.${id}.messageCount.sum`, of('MessageCount')),
    sum(`apigateway.${id}.integrationError.sum`, of('IntegrationError')),
    sum(`apigateway.${id}.clientError.sum`, of('ClientError')),
    sum(`apigateway.${id}.executionError.sum`, of('ExecutionError')),
    ...latency(`apigateway.${id}.integrationLatency`, of('IntegrationLatency')),
  ];
}

function httpQueries(id: string, dimensions: Dimensions): SeriesQuery[] {
  const of = apiMetric(dimensions);
  return [
    sum(`apigateway.${id}.count.sum`, of('Count')),
    // HTTP APIs name these in lower case; REST APIs do not.
    sum(`apigateway.${id}.4xx.sum`, of('4xx')),
    sum(`apigateway.${id}.5xx.sum`, of('5xx')),
    sum(`apigateway.${id}.dataProcessed.sum`, of('DataProcessed', 'Bytes')),
    ...latency(`apigateway.${id}.latency`, of('Latency')),
    ...latency(`apigateway.${id}.integrationLatency`, of('IntegrationLatency')),
  ];
}

/** A REST API has no DataProcessed. */
function restQueries(id: string, dimensions: Dimensions): SeriesQuery[] {
  const of = apiMetric(dimensions);
  return [
    sum(`apigateway.${id}.count.sum`, of('Count')),
    sum(`apigateway.${id}.4xx.sum`, of('4XXError')),
    sum(`apigateway.${id}.5xx.sum`, of('5XXError')),
    ...latency(`apigateway.${id}.latency`, of('Latency')),
    ...latency(`apigateway.${id}.integrationLatency`, of('IntegrationLatency')),
  ];
}

/** A function's URL is counted as an API is, by Lambda and under its function's name. */
function urlQueries(id: string, dimensions: Dimensions): SeriesQuery[] {
  const of = (metric: string, unit = 'Count') => ({ namespace: 'AWS/Lambda', metric, dimensions, unit });
  return [
    sum(`apigateway.${id}.count.sum`, of('UrlRequestCount')),
    sum(`apigateway.${id}.4xx.sum`, of('Url4xxCount')),
    sum(`apigateway.${id}.5xx.sum`, of('Url5xxCount')),
    ...latency(`apigateway.${id}.latency`, of('UrlRequestLatency')),
  ];
}

function functionQueries({ id, name, asynchronous }: FunctionNode): SeriesQuery[] {
  const dimensions = { FunctionName: name };
  const of = (metric: string, unit = 'Count') => ({ namespace: 'AWS/Lambda', metric, dimensions, unit });
  return [
    sum(`lambda.${id}.invocations.sum`, of('Invocations')),
    sum(`lambda.${id}.errors.sum`, of('Errors')),
    sum(`lambda.${id}.throttles.sum`, of('Throttles')),
    ...latency(`lambda.${id}.duration`, of('Duration')),
    max(`lambda.${id}.duration.max`, of('Duration', 'Milliseconds')),
    max(`lambda.${id}.concurrentExecutions.max`, of('ConcurrentExecutions')),
    // Whoever says what becomes of asynchronous invocations has some.
    ...(asynchronous === undefined
      ? []
      : [
          sum(`lambda.${id}.asyncDropped.sum`, of('AsyncEventsDropped')),
          sum(`lambda.${id}.destinationFailures.sum`, of('DestinationDeliveryFailures')),
          sum(`lambda.${id}.deadLetterErrors.sum`, of('DeadLetterErrors')),
        ]),
  ];
}

function accountQueries(): SeriesQuery[] {
  const of = (metric: string) => ({ namespace: 'AWS/Lambda', metric, dimensions: {}, unit: 'Count' });
  return [
    max('account.lambda.concurrentExecutions.max', of('ConcurrentExecutions')),
    max('account.lambda.claimedConcurrency.max', of('ClaimedAccountConcurrency')),
  ];
}

const queueMetric =
  ({ name }: Queue) =>
  (metric: string, unit = 'Count') => ({ namespace: 'AWS/SQS', metric, dimensions: { QueueName: name }, unit });

function queueQueries(queue: Queue): SeriesQuery[] {
  const { id } = queue;
  const of = queueMetric(queue);
  return [
    sum(`sqs.${id}.sent.sum`, of('NumberOfMessagesSent')),
    sum(`sqs.${id}.received.sum`, of('NumberOfMessagesReceived')),
    sum(`sqs.${id}.deleted.sum`, of('NumberOfMessagesDeleted')),
    sum(`sqs.${id}.emptyReceives.sum`, of('NumberOfEmptyReceives')),
    depthQuery(queue),
    max(`sqs.${id}.notVisible.max`, of('ApproximateNumberOfMessagesNotVisible')),
    max(`sqs.${id}.oldestAgeSeconds.max`, of('ApproximateAgeOfOldestMessage', 'Seconds')),
    { key: `sqs.${id}.sentMessageBytes.avg`, ...of('SentMessageSize', 'Bytes'), statistic: 'Average', span: 'periods' },
  ];
}

function topicQueries({ id, name }: Topic): SeriesQuery[] {
  const dimensions = { TopicName: name };
  const of = (metric: string) => ({ namespace: 'AWS/SNS', metric, dimensions, unit: 'Count' });
  return [
    sum(`sns.${id}.published.sum`, of('NumberOfMessagesPublished')),
    sum(`sns.${id}.delivered.sum`, of('NumberOfNotificationsDelivered')),
    sum(`sns.${id}.failed.sum`, of('NumberOfNotificationsFailed')),
    sum(`sns.${id}.filteredOut.sum`, of('NumberOfNotificationsFilteredOut')),
    {
      ...{ key: `sns.${id}.messageBytes.avg`, namespace: 'AWS/SNS', metric: 'PublishSize', dimensions },
      ...{ unit: 'Bytes', statistic: 'Average', span: 'periods' },
    },
  ];
}

/** All that is watched of dead letters: a redrive does not count in their queue's NumberOfMessagesSent. */
const depthQuery = (queue: Queue): SeriesQuery =>
  max(`sqs.${queue.id}.visible.max`, queueMetric(queue)('ApproximateNumberOfMessagesVisible'));

/** A table's own units do not contain those of its global indexes. Local ones have none of their own. */
function tableQueries({ id, name, indexes }: Table): SeriesQuery[] {
  const global = indexes.filter(({ kind }) => kind === 'global');
  return [
    ...unitQueries(id, { TableName: name }),
    ...global.flatMap((index) =>
      unitQueries(`${id}:${index.name}`, { TableName: name, GlobalSecondaryIndexName: index.name }),
    ),
  ];
}

function unitQueries(id: string, dimensions: Dimensions): SeriesQuery[] {
  const of = (metric: string) => ({ namespace: 'AWS/DynamoDB', metric, dimensions, unit: 'Count' });
  return [
    sum(`dynamodb.${id}.consumedRead.sum`, of('ConsumedReadCapacityUnits')),
    sum(`dynamodb.${id}.consumedWrite.sum`, of('ConsumedWriteCapacityUnits')),
    sum(`dynamodb.${id}.readThrottles.sum`, of('ReadThrottleEvents')),
    sum(`dynamodb.${id}.writeThrottles.sum`, of('WriteThrottleEvents')),
  ];
}

/** Connections are counted on both sides: about two for each WebSocket. */
function loadBalancerQueries({ id, name }: LoadBalancer): SeriesQuery[] {
  const dimensions = { LoadBalancer: name };
  const of = (metric: string, unit = 'Count') => ({ namespace: 'AWS/ApplicationELB', metric, dimensions, unit });
  return [
    sum(`loadBalancer.${id}.requests.sum`, of('RequestCount')),
    sum(`loadBalancer.${id}.newConnections.sum`, of('NewConnectionCount')),
    max(`loadBalancer.${id}.activeConnections.max`, of('ActiveConnectionCount')),
    sum(`loadBalancer.${id}.processedBytes.sum`, of('ProcessedBytes', 'Bytes')),
    sum(`loadBalancer.${id}.target5xx.sum`, of('HTTPCode_Target_5XX_Count')),
    sum(`loadBalancer.${id}.own5xx.sum`, of('HTTPCode_ELB_5XX_Count')),
  ];
}

function serviceQueries({ id, name, cluster }: Service, kind: MeasuredTarget['kind']): SeriesQuery[] {
  const dimensions = { ClusterName: cluster, ServiceName: name };
  const of = (metric: string, unit: string, namespace = 'AWS/ECS') => ({ namespace, metric, dimensions, unit });
  return [
    { key: `ecs.${id}.cpuPercent.avg`, ...of('CPUUtilization', 'Percent'), statistic: 'Average', span: 'window' },
    max(`ecs.${id}.cpuPercent.max`, of('CPUUtilization', 'Percent')),
    max(`ecs.${id}.memoryPercent.max`, of('MemoryUtilization', 'Percent')),
    // What tasks cost in absolute terms: of this machine only.
    ...(kind === 'local'
      ? [
          sum(`ecs.${id}.processorMicros.sum`, of('TaskProcessorTime', 'Microseconds', 'Loadline/Local')),
          max(`ecs.${id}.memoryBytes.max`, of('TaskMemory', 'Bytes', 'Loadline/Local')),
          average(`ecs.${id}.memoryBytes.avg`, of('TaskMemory', 'Bytes', 'Loadline/Local')),
        ]
      : []),
  ];
}

/** Of an instance, and of the proxy in front of it. */
function databaseQueries({ id, name, proxy }: Database): SeriesQuery[] {
  const of = (metric: string, dimensions: Dimensions) => ({ namespace: 'AWS/RDS', metric, dimensions, unit: 'Count' });
  const ofProxy = (metric: string) => of(metric, { ProxyName: proxy?.name ?? '' });
  return [
    max(`rds.${id}.connections.max`, of('DatabaseConnections', { DBInstanceIdentifier: name })),
    ...(proxy === null
      ? []
      : [
          max(`rds.${id}.proxy.clients.max`, ofProxy('ClientConnections')),
          max(`rds.${id}.proxy.connections.max`, ofProxy('DatabaseConnections')),
          max(`rds.${id}.proxy.borrowed.max`, ofProxy('DatabaseConnectionsCurrentlyBorrowed')),
          max(`rds.${id}.proxy.pinned.max`, ofProxy('DatabaseConnectionsCurrentlySessionPinned')),
        ]),
  ];
}

/** Operations that read or write rows. */
const rowOperations = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'],
  ...['BatchGetItem', 'BatchWriteItem', 'TransactGetItems', 'TransactWriteItems'],
];

/** CloudWatch has no count of calls, but one latency for each that succeeded. */
const callQueries = ({ id, name }: Table): SeriesQuery[] =>
  rowOperations.map((operation) => ({
    key: `dynamodb.${id}.calls.${operation}.sum`,
    ...{ namespace: 'AWS/DynamoDB', metric: 'SuccessfulRequestLatency' },
    dimensions: { TableName: name, Operation: operation },
    ...{ statistic: 'SampleCount', unit: 'Count', span: 'periods' },
  }));

function loadlineQueries(stackName: string): SeriesQuery[] {
  const dimensions = { Stack: stackName };
  return Object.entries(loadlineMetrics).map(([counter, metric]) =>
    sum(`loadline.${counter as LoadlineCounter}.sum`, { namespace: 'Loadline', metric, dimensions, unit: 'Count' }),
  );
}

function localQueries(): SeriesQuery[] {
  const own = { namespace: 'Loadline/Local', dimensions: {} };
  return [
    ...(Object.keys(localMetrics) as LocalCounter[]).map((name) =>
      sum(`local.${name}.sum`, { ...own, ...localMetrics[name] }),
    ),
    max('local.longestStandstillMillis.max', { ...own, metric: 'Standstill', unit: 'Milliseconds' }),
    sum('local.processorMicros.sum', { ...own, metric: 'ProcessorTime', unit: 'Microseconds' }),
  ];
}
