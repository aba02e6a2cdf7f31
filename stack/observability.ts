/** The dashboard, and alarms on lost or delayed events. */
import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SyncApi } from './apis/sync-api.ts';
import type { WebhookApi } from './apis/webhook-api.ts';
import type { Delivery } from './delivery.ts';
import type { HandlerFunction } from './functions.ts';
import type { StackSettings } from './settings/settings.ts';

const period = Duration.minutes(1);
/** Namespace of the metrics that the handlers write themselves. */
const ownNamespace = 'Loadline';
/** An event this old is far beyond "within a second or so": the consumers do not keep up. */
const oldestMessageLimitSeconds = 60;
const busyDatabasePercent = 80;

/** Minutes, and how many of them must be above the threshold. */
interface AlarmRule {
  threshold?: number;
  evaluationPeriods?: number;
  datapointsToAlarm?: number;
}

interface ObservabilityProps {
  settings: StackSettings;
  functions: Record<string, HandlerFunction>;
  /** Of the connection store. */
  store: Table | DatabaseInstance | null;
  delivery: Delivery;
  syncApi: SyncApi;
  webhookApi: Pick<WebhookApi, 'dimensions'> & {
    metricNames: Record<'requests' | 'clientErrors' | 'serverErrors', string>;
  };
  /** Every alarm is sent there. */
  topic: ITopic;
}

export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { settings, functions, store, delivery, syncApi, webhookApi, topic } = props;

    const webhooks = (metric: keyof typeof webhookApi.metricNames) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: webhookApi.metricNames[metric],
        statistic: Stats.SUM,
        period,
        dimensionsMap: webhookApi.dimensions,
      });
    const api = (target: SyncApi, metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        statistic,
        period,
        dimensionsMap: { ApiId: target.apiId, Stage: target.stageName },
      });
    const own = (metricName: string) =>
      new Metric({
        namespace: ownNamespace,
        metricName,
        statistic: Stats.SUM,
        period,
        dimensionsMap: { Stack: settings.stackName },
      });
    const ofFunctions = (metricName: string, statistic: string, leftOut: readonly string[] = []): Metric[] =>
      Object.entries(functions)
        .filter(([label]) => !leftOut.includes(label))
        .map(([label, { function: f }]) => f.metric(metricName, { statistic, period, label }));
    const sumOf = (metrics: Metric[], label: string) =>
      new MathExpression({
        label,
        period,
        expression: metrics.map((_, index) => `m${index}`).join('+'),
        usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      });
    const tableThrottles =
      store instanceof Table
        ? ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
            store.metric(name, { statistic: Stats.SUM, period }),
          )
        : [];
    const database = store instanceof DatabaseInstance ? store : null;
    const databaseMetrics = database
      ? [
          database.metricDatabaseConnections({ period, statistic: Stats.MAXIMUM }),
          database.metricCPUUtilization({ period, statistic: Stats.AVERAGE }),
        ]
      : [];
    const visible = delivery.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
    const inFlight = delivery.queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: Stats.MAXIMUM });
    const oldest = delivery.queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM });
    const dead = delivery.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period,
      statistic: Stats.MAXIMUM,
    });

    /** Fires when `datapointsToAlarm` of the last `evaluationPeriods` minutes are above the threshold; by default, one minute. */
    const alarm = (
      name: string,
      alarmDescription: string,
      metric: IMetric,
      { threshold = 0, evaluationPeriods = 1, datapointsToAlarm }: AlarmRule = {},
    ) =>
      new Alarm(this, name, {
        alarmDescription,
        metric,
        threshold,
        evaluationPeriods,
        datapointsToAlarm: datapointsToAlarm ?? evaluationPeriods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(topic));
    alarm('DeadLetters', 'Events were dropped: read the dead-letter queue, then redrive it', dead);
    alarm('OldestEvent', 'Events wait too long: deliver is slow, throttled or failing', oldest, {
      threshold: oldestMessageLimitSeconds,
      evaluationPeriods: 3,
    });
    // One that fails once is retried, as when it comes while its owner connects; one that fails for good is a dead letter.
    alarm(
      'EventsFailed',
      'Verified events could not be delivered and will be retried: the log of deliver says why',
      own('EventsFailed'),
      { evaluationPeriods: 5, datapointsToAlarm: 3 },
    );
    alarm(
      'EventsRefused',
      'Webhooks with a valid signature were refused, and the provider may not send them again: the log of ingest says why',
      own('EventsRefused'),
    );
    // Without authorize: it refuses by throwing, so every expired token counts as an error. Its real faults are ExecutionErrors of the API.
    const errors = ofFunctions('Errors', Stats.SUM, ['authorize']);
    alarm('FunctionErrors', 'A handler threw or timed out', sumOf(errors, 'errors'));
    alarm(
      'FunctionThrottles',
      'Lambda throttled invocations: concurrency is exhausted, and throttled webhooks can be lost',
      sumOf(ofFunctions('Throttles', Stats.SUM), 'throttles'),
    );
    alarm(
      'WebhookServerErrors',
      'Webhooks were answered with 5xx; the provider does not retry a 500',
      webhooks('serverErrors'),
    );
    alarm(
      'SyncApiErrors',
      'API Gateway could not call a WebSocket integration',
      api(syncApi, 'ExecutionError', Stats.SUM),
    );
    if (tableThrottles.length > 0)
      alarm('TableThrottles', 'DynamoDB throttled the connection store', sumOf(tableThrottles, 'throttles'));
    if (database)
      alarm(
        'DatabaseBusy',
        'The database of the connection store has little processor time left: take a larger instance class',
        database.metricCPUUtilization({ period, statistic: Stats.AVERAGE }),
        { threshold: busyDatabasePercent, evaluationPeriods: 5 },
      );

    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${settings.stackName}-${Aws.REGION}`,
      widgets: [
        [
          graph('WebSocket: connects and messages', [
            api(syncApi, 'ConnectCount', Stats.SUM),
            api(syncApi, 'MessageCount', Stats.SUM),
          ]),
          graph(
            'WebSocket: errors',
            ['ClientError', 'ExecutionError', 'IntegrationError'].map((name) => api(syncApi, name, Stats.SUM)),
          ),
          graph('Webhooks', (['requests', 'clientErrors', 'serverErrors'] as const).map(webhooks)),
        ],
        [
          graph('Concurrent executions', ofFunctions('ConcurrentExecutions', Stats.MAXIMUM)),
          graph('Throttles', ofFunctions('Throttles', Stats.SUM)),
          graph('Duration p99 (ms)', ofFunctions('Duration', Stats.p(99))),
        ],
        [
          graph('Queue', [visible, inFlight, dead]),
          graph('Age of the oldest event (s)', [oldest]),
          database
            ? graph('Connection store: connections and CPU (%)', databaseMetrics)
            : graph('Connection store: throttles', tableThrottles),
        ],
        [
          graph(
            'Events',
            [
              'EventsDelivered',
              'EventsOffline',
              'EventsDuplicate',
              'EventsDeferred',
              'EventsFailed',
              'EventsRefused',
            ].map(own),
          ),
          graph('Pushes', ['PushesSent', 'PushesGone', 'PushesThrottled'].map(own)),
          graph('Signatures rejected', [own('SignaturesRejected')]),
        ],
      ],
    });
  }
}
