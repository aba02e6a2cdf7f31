/** A series that is requested from CloudWatch: its key, its metric, its statistic. */
/** The part after the service is the resource's logical id; of an API with several stages `<id>:<stage>`, of an index `<table's id>:<index>`. */
export type SeriesKey =
  | `apigateway.${string}.${'connectCount' | 'messageCount' | 'integrationError' | 'clientError' | 'executionError'}.sum`
  | `apigateway.${string}.${'count' | '4xx' | '5xx' | 'dataProcessed'}.sum`
  | `apigateway.${string}.${'latency' | 'integrationLatency'}.${LatencyStatistic}`
  | `lambda.${string}.${'invocations' | 'errors' | 'throttles'}.sum`
  | `lambda.${string}.${'asyncDropped' | 'destinationFailures' | 'deadLetterErrors'}.sum`
  | `lambda.${string}.duration.${LatencyStatistic | 'max'}`
  | `lambda.${string}.concurrentExecutions.max`
  | `account.lambda.${'concurrentExecutions' | 'claimedConcurrency'}.max`
  | `sqs.${string}.${'sent' | 'received' | 'deleted' | 'emptyReceives'}.sum`
  | `sqs.${string}.${'visible' | 'notVisible' | 'oldestAgeSeconds'}.max`
  | `sqs.${string}.sentMessageBytes.avg`
  | `sns.${string}.${'published' | 'delivered' | 'failed' | 'filteredOut'}.sum`
  | `sns.${string}.messageBytes.avg`
  /** Of an event bus. */
  | `events.${string}.matched.sum`
  /** Of a rule. */
  | `events.${string}.${'ruleMatched' | 'invocations' | 'failed' | 'throttled'}.sum`
  | `dynamodb.${string}.${'consumedRead' | 'consumedWrite' | 'readThrottles' | 'writeThrottles'}.sum`
  /** Successful calls of an operation on a table. */
  | `dynamodb.${string}.calls.${string}.sum`
  | `rds.${string}.connections.max`
  | `rds.${string}.proxy.${'clients' | 'connections' | 'borrowed' | 'pinned'}.max`
  | `loadBalancer.${string}.${'requests' | 'newConnections' | 'processedBytes' | 'target5xx' | 'own5xx'}.sum`
  | `loadBalancer.${string}.activeConnections.max`
  | `ecs.${string}.${'cpuPercent.avg' | 'cpuPercent.max' | 'memoryPercent.max' | 'processorMicros.sum' | 'memoryBytes.max' | 'memoryBytes.avg'}`
  | `loadline.${LoadlineCounter}.sum`
  | `local.${LocalCounter}.sum`
  /** The longest that a process of the local target stood still. */
  | 'local.longestStandstillMillis.max'
  /** Of all its processes, as getrusage counts it; without what functions run in processes of their own. */
  | 'local.processorMicros.sum'
  /** The quota's id, and after a space its scope (refusals.ts). */
  | `local.quotaRefusals ${string}.sum`;

/**
 * Of a latency: by period, and over the whole window. A percentile (or an average) of the periods' values is not one
 * of the run; `.window` is one point over all values of the window, and the one that a report may quote.
 */
type LatencyStatistic = 'avg' | 'p99' | 'avg.window' | 'p99.window';

/** What the stack's own functions count (EMF, namespace Loadline, dimension Stack), by their metric's name. */
export const loadlineMetrics = {
  eventsDelivered: 'EventsDelivered',
  eventsOffline: 'EventsOffline',
  eventsDuplicate: 'EventsDuplicate',
  eventsFailed: 'EventsFailed',
  pushesSent: 'PushesSent',
  pushesGone: 'PushesGone',
  pushesThrottled: 'PushesThrottled',
  signaturesRejected: 'SignaturesRejected',
} as const;
export type LoadlineCounter = keyof typeof loadlineMetrics;

/** What the local target reports about itself (namespace Loadline/Local): where this machine's limits came before AWS's. */
export const localMetrics = {
  coldStarts: { metric: 'ColdStarts', unit: 'Count' },
  environmentWaits: { metric: 'EnvironmentWaits', unit: 'Count' },
  environmentWaitMillis: { metric: 'EnvironmentWaitTime', unit: 'Milliseconds' },
} as const;
export type LocalCounter = keyof typeof localMetrics;

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

/** A metric of CloudWatch, without the statistic that is asked for. */
type Metric = Pick<SeriesQuery, 'namespace' | 'metric' | 'dimensions' | 'unit'>;

export const sum = (key: SeriesKey, metric: Metric): SeriesQuery => ({
  key,
  ...metric,
  statistic: 'Sum',
  span: 'periods',
});
export const average = (key: SeriesKey, metric: Metric): SeriesQuery => ({
  ...{ key, ...metric },
  ...{ statistic: 'Average', span: 'periods' },
});
export const max = (key: SeriesKey, metric: Metric): SeriesQuery => ({
  key,
  ...metric,
  statistic: 'Maximum',
  span: 'periods',
});

/** The four series of a latency. */
export function latency<K extends string>(
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
