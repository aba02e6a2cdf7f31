/** The alarms of any stack: work that failed, was refused or waits, and limits that the stack sets for itself and comes near. Pure. */
import { deadLetterQueues } from '../../graph/causes.ts';
import type { StackGraph } from '../../graph/model.ts';
import { seriesQueries } from '../series.ts';
import type { SeriesKey, SeriesQuery } from '../series-query.ts';

export interface Alarm {
  /** Logical id of the resource that it watches. */
  of: string;
  /** What of it, as in `Throttles`. */
  what: string;
  description: string;
  metric: Pick<SeriesQuery, 'namespace' | 'metric' | 'dimensions' | 'statistic'>;
  /** It fires above it … */
  threshold: number;
  /** … in so many minutes … */
  minutes: number;
  /** … of the last so many. */
  ofMinutes: number;
}

type Rule = Omit<Alarm, 'metric'> & { key: SeriesKey };
type Rules = Omit<Rule, 'threshold' | 'minutes' | 'ofMinutes'> &
  Partial<Pick<Rule, 'threshold' | 'minutes' | 'ofMinutes'>>;

/** A single one, in one minute. */
const any = { threshold: 0, minutes: 1, ofMinutes: 1 };
/** What is retried may fail once. */
const often = { threshold: 0, minutes: 3, ofMinutes: 5 };
const lasting = { minutes: 3, ofMinutes: 3 };
/** Of a limit: time to act before it is met. */
const near = 0.8;
/** A message that is received again after its visibility timeout has failed once; one that waits for two was not received, or failed twice. */
const failedTimeouts = 2;
const shortestAgeSeconds = 60;

export function alarmsOf(graph: StackGraph): Alarm[] {
  const queries = new Map(
    seriesQueries({ graph, kind: 'aws' }).map((query): [string, SeriesQuery] => [query.key, query]),
  );
  const rules = [
    ...apiRules(graph),
    ...functionRules(graph),
    ...queueRules(graph),
    ...topicRules(graph),
    ...eventRules(graph),
    ...tableRules(graph),
  ];
  return rules.flatMap(({ key, ...rule }) => {
    const query = queries.get(key);
    if (query === undefined) return [];
    const { namespace, metric, dimensions, statistic } = query;
    return [{ ...any, ...rule, metric: { namespace, metric, dimensions, statistic } }];
  });
}

const apiRules = ({ apis }: StackGraph): Rules[] =>
  apis.flatMap(({ id: api, kind, stages }) =>
    stages.map((stage): Rules => {
      const of = stages.length === 1 ? api : `${api}:${stage}`;
      return kind === 'webSocket'
        ? {
            ...{ of, what: 'ExecutionErrors', key: `apigateway.${of}.executionError.sum` },
            description: `API Gateway could not call an integration of ${of}.`,
          }
        : {
            of,
            what: 'ServerErrors',
            key: `apigateway.${of}.5xx.sum`,
            description: `Requests to ${of} were answered with 5xx.`,
          };
    }),
  );

function functionRules({ apis, functions }: StackGraph): Rules[] {
  // One that refuses by throwing has an error for each visitor without a ticket.
  const guards = new Set(
    apis.flatMap(({ routes }) =>
      routes.flatMap(({ authorizer }) => (authorizer?.kind === 'function' ? [authorizer.id] : [])),
    ),
  );
  return functions.flatMap(({ id: of, timeoutSeconds, reservedConcurrency, asynchronous }): Rules[] => [
    ...(guards.has(of)
      ? []
      : [
          {
            ...{ of, what: 'Errors', key: `lambda.${of}.errors.sum` as const, ...often },
            description: `${of} threw, or was ended by its timeout, in three of five minutes.`,
          },
        ]),
    {
      ...{ of, what: 'Throttles', key: `lambda.${of}.throttles.sum` },
      description: `Lambda refused invocations of ${of}: no concurrency was left for it.`,
    },
    {
      ...{
        of,
        what: 'NearTimeout',
        key: `lambda.${of}.duration.p99`,
        threshold: near * 1_000 * timeoutSeconds,
        ...lasting,
      },
      description: `One invocation of a hundred of ${of} takes more than ${near * 100}% of its timeout of ${timeoutSeconds} s.`,
    },
    ...(reservedConcurrency === null || reservedConcurrency === 0
      ? []
      : [
          {
            ...{ of, what: 'NearReservation', key: `lambda.${of}.concurrentExecutions.max` as const, ...lasting },
            threshold: near * reservedConcurrency,
            description: `${of} uses more than ${near * 100}% of the ${reservedConcurrency} executions that are reserved for it.`,
          },
        ]),
    ...(asynchronous === undefined ? [] : asynchronousRules(of)),
  ]);
}

const asynchronousRules = (of: string): Rules[] => [
  {
    ...{ of, what: 'DroppedEvents', key: `lambda.${of}.asyncDropped.sum` },
    description: `Asynchronous invocations of ${of} failed for the last time.`,
  },
  {
    ...{ of, what: 'UndeliveredRecords', key: `lambda.${of}.destinationFailures.sum` },
    description: `Lambda could not tell a destination of ${of} how an asynchronous invocation ended.`,
  },
  {
    ...{ of, what: 'UndeliveredDeadLetters', key: `lambda.${of}.deadLetterErrors.sum` },
    description: `Lambda could not send an event that ${of} failed to its dead letters: it is lost.`,
  },
];

function queueRules(graph: StackGraph): Rules[] {
  const dead = deadLetterQueues(graph);
  const fed = new Set(graph.eventSources.flatMap(({ from }) => (from.kind === 'queue' ? [from.id] : [])));
  return graph.queues.flatMap(({ id: of, visibilityTimeoutSeconds }): Rules[] => {
    if (dead.has(of))
      return [
        {
          ...{ of, what: 'DeadLetters', key: `sqs.${of}.visible.max` },
          description: `Messages were given up: read them in ${of}, then redrive them.`,
        },
      ];
    if (!fed.has(of)) return [];
    const threshold = Math.max(shortestAgeSeconds, failedTimeouts * visibilityTimeoutSeconds);
    return [
      {
        ...{ of, what: 'OldMessages', key: `sqs.${of}.oldestAgeSeconds.max`, threshold, ...lasting },
        description: `Messages wait in ${of} for more than ${threshold} s: its function is slow, throttled or failing.`,
      },
    ];
  });
}

const topicRules = ({ topics = [] }: StackGraph): Rules[] =>
  topics.map(({ id: of }) => ({
    ...{ of, what: 'FailedNotifications', key: `sns.${of}.failed.sum` },
    description: `SNS could not deliver messages of ${of} to a queue or a function.`,
  }));

const eventRules = ({ rules = [] }: StackGraph): Rules[] =>
  rules.map(({ id: of }) => ({
    ...{ of, what: 'FailedInvocations', key: `events.${of}.failed.sum` },
    description: `EventBridge gave up an event of the rule ${of}: a target may not be invoked, or failed until its retries were over.`,
  }));

const tableRules = ({ tables }: StackGraph): Rules[] =>
  tables.flatMap(({ id, indexes }) =>
    [id, ...indexes.flatMap(({ name, kind }) => (kind === 'global' ? [`${id}:${name}`] : []))].flatMap(
      (of): Rules[] => [
        {
          ...{ of, what: 'ReadThrottles', key: `dynamodb.${of}.readThrottles.sum` },
          description: `DynamoDB refused reads of ${of}.`,
        },
        {
          ...{ of, what: 'WriteThrottles', key: `dynamodb.${of}.writeThrottles.sum` },
          description: `DynamoDB refused writes of ${of}.`,
        },
      ],
    ),
  );
