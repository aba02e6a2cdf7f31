/** What is requested from CloudWatch: every series of a run by its key, built from the names of the deployed resources. */
import type { TargetDescription } from '../record/target.ts';
import { type FunctionRole, functionRoles, type Resources } from '../stack/target.ts';

export type SeriesKey =
  | `apigateway.websocket.${'connectCount' | 'messageCount' | 'integrationError' | 'clientError' | 'executionError'}.sum`
  | `apigateway.websocket.integrationLatency.${LatencyStatistic}`
  | `apigateway.webhook.${'count' | '4xx' | '5xx' | 'dataProcessed'}.sum`
  | `apigateway.webhook.${'latency' | 'integrationLatency'}.${LatencyStatistic}`
  | `lambda.${FunctionRole}.${'invocations' | 'errors' | 'throttles'}.sum`
  | `lambda.${FunctionRole}.duration.${LatencyStatistic | 'max'}`
  | `lambda.${FunctionRole}.concurrentExecutions.max`
  | `lambda.account.${'concurrentExecutions' | 'claimedConcurrency'}.max`
  | `sqs.queue.${'sent' | 'received' | 'deleted' | 'emptyReceives'}.sum`
  | `sqs.queue.${'visible' | 'notVisible' | 'oldestAgeSeconds'}.max`
  | 'sqs.queue.sentMessageBytes.avg'
  | 'sqs.deadLetter.visible.max'
  | `dynamodb.table.${'consumedRead' | 'consumedWrite' | 'readThrottles' | 'writeThrottles'}.sum`
  | `loadline.${LoadlineCounter}.sum`
  | `local.${LocalCounter}.sum`
  /** The longest that a process of the local target stood still. */
  | 'local.longestStandstillMillis.max'
  /** The quota's id, and after a space its scope (refusals.ts). */
  | `local.quotaRefusals ${string}.sum`;

/**
 * Of a latency: by period, and over the whole window. A percentile (or an average) of the periods' values is not one
 * of the run; `.window` is one point over all values of the window, and the one that a report may quote.
 */
type LatencyStatistic = 'avg' | 'p99' | 'avg.window' | 'p99.window';

/** What the stack's own functions count (EMF, namespace Loadline, dimension Stack), by their metric's name. */
const loadlineMetrics = {
  eventsDelivered: 'EventsDelivered',
  eventsOffline: 'EventsOffline',
  eventsDuplicate: 'EventsDuplicate',
  eventsFailed: 'EventsFailed',
  pushesSent: 'PushesSent',
  pushesGone: 'PushesGone',
  pushesThrottled: 'PushesThrottled',
  signaturesRejected: 'SignaturesRejected',
} as const;
type LoadlineCounter = keyof typeof loadlineMetrics;

/** What the local target reports about itself (namespace Loadline/Local): where this machine's limits came before AWS's. */
const localMetrics = {
  coldStarts: { metric: 'ColdStarts', unit: 'Count' },
  environmentWaits: { metric: 'EnvironmentWaits', unit: 'Count' },
  environmentWaitMillis: { metric: 'EnvironmentWaitTime', unit: 'Milliseconds' },
} as const;
type LocalCounter = keyof typeof localMetrics;

export interface SeriesQuery {
  key: SeriesKey;
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  /** As CloudWatch names it: Sum, Average, Maximum, p99. */
  statistic: string;
  /** The unit that the service documents, as a label; it isn't sent, for a service may publish without it. */
  unit: string;
  /** One point a period, or a single one over the whole window. */
  span: 'periods' | 'window';
}

/**
 * Every series for a run of this stack. Names, dimensions and statistics: AWS documentation of the metrics of
 * API Gateway (WebSocket and HTTP APIs), Lambda, SQS and DynamoDB, read 2026-11. Functions that the stack lacks are left out.
 */
export function seriesQueries(resources: Resources, kind: TargetDescription['kind']): SeriesQuery[] {
  return [
    ...webSocketQueries(resources),
    ...webhookQueries(resources),
    ...functionRoles.flatMap((role) => {
      const name = resources.functionNames[role];
      return name === undefined ? [] : lambdaQueries(role, name);
    }),
    ...accountQueries(),
    ...sqsQueries(resources),
    ...dynamoDbQueries(resources),
    ...loadlineQueries(resources),
    ...(kind === 'local' ? localQueries() : []),
  ];
}

type Metric = Pick<SeriesQuery, 'namespace' | 'metric' | 'dimensions' | 'unit'>;

const sum = (key: SeriesKey, metric: Metric): SeriesQuery => ({ key, ...metric, statistic: 'Sum', span: 'periods' });
const max = (key: SeriesKey, metric: Metric): SeriesQuery => ({
  key,
  ...metric,
  statistic: 'Maximum',
  span: 'periods',
});

/** The four series of a latency. */
function latency<K extends string>(
  key: `${K}.${LatencyStatistic}` extends SeriesKey ? K : never,
  metric: Omit<Metric, 'unit'>,
): SeriesQuery[] {
  const statistics = { avg: 'Average', p99: 'p99' } as const;
  return (['avg', 'p99'] as const).flatMap((name) => {
    const common = { ...metric, unit: 'Milliseconds', statistic: statistics[name] };
    return [
      { ...common, key: `${key}.${name}` as SeriesKey, span: 'periods' as const },
      { ...common, key: `${key}.${name}.window` as SeriesKey, span: 'window' as const },
    ];
  });
}

function webSocketQueries(resources: Resources): SeriesQuery[] {
  const dimensions = { ApiId: resources.webSocketApiId, Stage: resources.webSocketStage };
  const of = (metric: string) => ({ namespace: 'AWS/ApiGateway', metric, dimensions, unit: 'Count' });
  return [
    sum('apigateway.websocket.connectCount.sum', of('ConnectCount')),
    sum('apigateway.websocket.messageCount.sum', of('MessageCount')),
    sum('apigateway.websocket.integrationError.sum', of('IntegrationError')),
    sum('apigateway.websocket.clientError.sum', of('ClientError')),
    sum('apigateway.websocket.executionError.sum', of('ExecutionError')),
    ...latency('apigateway.websocket.integrationLatency', of('IntegrationLatency')),
  ];
}

function webhookQueries(resources: Resources): SeriesQuery[] {
  const dimensions = { ApiId: resources.webhookApiId, Stage: resources.webhookStage };
  const of = (metric: string, unit = 'Count') => ({ namespace: 'AWS/ApiGateway', metric, dimensions, unit });
  return [
    sum('apigateway.webhook.count.sum', of('Count')),
    // HTTP APIs name these in lower case; REST APIs do not.
    sum('apigateway.webhook.4xx.sum', of('4xx')),
    sum('apigateway.webhook.5xx.sum', of('5xx')),
    sum('apigateway.webhook.dataProcessed.sum', of('DataProcessed', 'Bytes')),
    ...latency('apigateway.webhook.latency', of('Latency')),
    ...latency('apigateway.webhook.integrationLatency', of('IntegrationLatency')),
  ];
}

function lambdaQueries(role: FunctionRole, functionName: string): SeriesQuery[] {
  const dimensions = { FunctionName: functionName };
  const of = (metric: string, unit = 'Count') => ({ namespace: 'AWS/Lambda', metric, dimensions, unit });
  return [
    sum(`lambda.${role}.invocations.sum`, of('Invocations')),
    sum(`lambda.${role}.errors.sum`, of('Errors')),
    sum(`lambda.${role}.throttles.sum`, of('Throttles')),
    ...latency(`lambda.${role}.duration`, of('Duration')),
    max(`lambda.${role}.duration.max`, of('Duration', 'Milliseconds')),
    max(`lambda.${role}.concurrentExecutions.max`, of('ConcurrentExecutions')),
  ];
}

function accountQueries(): SeriesQuery[] {
  const of = (metric: string) => ({ namespace: 'AWS/Lambda', metric, dimensions: {}, unit: 'Count' });
  return [
    max('lambda.account.concurrentExecutions.max', of('ConcurrentExecutions')),
    max('lambda.account.claimedConcurrency.max', of('ClaimedAccountConcurrency')),
  ];
}

function sqsQueries(resources: Resources): SeriesQuery[] {
  const of = (metric: string, unit = 'Count', queueName = resources.queueName) => ({
    namespace: 'AWS/SQS',
    metric,
    dimensions: { QueueName: queueName },
    unit,
  });
  return [
    sum('sqs.queue.sent.sum', of('NumberOfMessagesSent')),
    sum('sqs.queue.received.sum', of('NumberOfMessagesReceived')),
    sum('sqs.queue.deleted.sum', of('NumberOfMessagesDeleted')),
    sum('sqs.queue.emptyReceives.sum', of('NumberOfEmptyReceives')),
    max('sqs.queue.visible.max', of('ApproximateNumberOfMessagesVisible')),
    max('sqs.queue.notVisible.max', of('ApproximateNumberOfMessagesNotVisible')),
    max('sqs.queue.oldestAgeSeconds.max', of('ApproximateAgeOfOldestMessage', 'Seconds')),
    {
      key: 'sqs.queue.sentMessageBytes.avg',
      ...of('SentMessageSize', 'Bytes'),
      statistic: 'Average',
      span: 'periods',
    },
    // A redrive does not count in the dead-letter queue's NumberOfMessagesSent, so its depth is watched.
    max('sqs.deadLetter.visible.max', of('ApproximateNumberOfMessagesVisible', 'Count', resources.deadLetterQueueName)),
  ];
}

function dynamoDbQueries(resources: Resources): SeriesQuery[] {
  const dimensions = { TableName: resources.tableName };
  const of = (metric: string) => ({ namespace: 'AWS/DynamoDB', metric, dimensions, unit: 'Count' });
  return [
    sum('dynamodb.table.consumedRead.sum', of('ConsumedReadCapacityUnits')),
    sum('dynamodb.table.consumedWrite.sum', of('ConsumedWriteCapacityUnits')),
    sum('dynamodb.table.readThrottles.sum', of('ReadThrottleEvents')),
    sum('dynamodb.table.writeThrottles.sum', of('WriteThrottleEvents')),
  ];
}

function loadlineQueries(resources: Resources): SeriesQuery[] {
  const dimensions = { Stack: resources.stackName };
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
  ];
}
