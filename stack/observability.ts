/** The dashboard, and alarms on lost or delayed events. */
import { Aws } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmsTo, oldestMessageLimitSeconds, ownNamespace, period, sumOf, watchStore } from './alarms.ts';
import type { SyncApi } from './apis/sync-api.ts';
import type { WebhookApi } from './apis/webhook-api.ts';
import type { Delivery } from './delivery.ts';
import type { HandlerFunction } from './functions.ts';
import type { StackSettings } from './settings/settings.ts';

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
    const visible = delivery.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
    const inFlight = delivery.queue.metricApproximateNumberOfMessagesNotVisible({ period, statistic: Stats.MAXIMUM });
    const oldest = delivery.queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM });
    const dead = delivery.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period,
      statistic: Stats.MAXIMUM,
    });

    const alarm = alarmsTo(this, topic);
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
    const ofStore = watchStore(store, alarm);

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
          graph(ofStore.title, ofStore.metrics),
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
