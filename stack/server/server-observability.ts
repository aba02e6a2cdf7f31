/** The dashboard of the service, and alarms on lost or delayed events and on tasks that do not keep up. */
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
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Delivery } from '../delivery.ts';
import type { HandlerFunction } from '../functions.ts';
import type { StackSettings } from '../settings/settings.ts';
import type { Balancer } from './balancer.ts';
import type { Service } from './service.ts';

const period = Duration.minutes(1);
/** As of the functions' variant: an event this old is far beyond "within a second or so". */
const oldestMessageLimitSeconds = 60;
/** Percent: beyond it a task may be ended by the system, with all of its connections. */
const memoryLimitPercent = 85;
/** Percent of the database's CPU, as of the functions' variant. */
const busyDatabasePercent = 80;

interface Props {
  settings: StackSettings;
  /** Of the connection store. */
  store: Table | DatabaseInstance | null;
  /** Functions that look after it. */
  upkeep: Readonly<Record<string, HandlerFunction>>;
  delivery: Delivery;
  balancer: Balancer;
  service: Service;
  topic: ITopic;
}

export class ServerObservability extends Construct {
  constructor(scope: Construct, id: string, { settings, store, upkeep, delivery, balancer, service, topic }: Props) {
    super(scope, id);
    const own = (metricName: string, statistic: string = Stats.SUM) =>
      new Metric({
        namespace: 'Loadline',
        metricName,
        statistic,
        period,
        dimensionsMap: { Stack: settings.stackName },
      });
    const sum = { statistic: Stats.SUM, period };
    const max = { statistic: Stats.MAXIMUM, period };
    const { queue, deadLetterQueue } = delivery;
    const { metrics: ofBalancer } = balancer.balancer;
    const { metrics: ofTargets } = balancer.targets;
    const serverErrors = ofTargets.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sum);
    const gatewayErrors = ofBalancer.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, sum);
    const tableThrottles =
      store instanceof Table
        ? ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => store.metric(name, sum))
        : [];
    const database = store instanceof DatabaseInstance ? store : null;
    const ofDatabase = database
      ? [database.metricDatabaseConnections(max), database.metricCPUUtilization({ period, statistic: Stats.AVERAGE })]
      : [];
    const upkeepErrors = Object.values(upkeep).map((each) => each.function.metricErrors(sum));
    const memory = service.service.metricMemoryUtilization(max);
    const dead = deadLetterQueue.metricApproximateNumberOfMessagesVisible(max);
    const oldest = queue.metricApproximateAgeOfOldestMessage(max);
    const visible = queue.metricApproximateNumberOfMessagesVisible(max);
    const sumOf = (metrics: IMetric[], label: string) =>
      new MathExpression({
        ...{ label, period, expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join('+') },
        usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      });

    const alarm = (name: string, alarmDescription: string, metric: IMetric, threshold = 0, minutes = 1) =>
      new Alarm(this, name, {
        ...{ alarmDescription, metric, threshold, evaluationPeriods: minutes, datapointsToAlarm: minutes },
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(topic));
    alarm('DeadLetters', 'Events were dropped: read the dead-letter queue, then redrive it', dead);
    alarm(
      'OldestEvent',
      'Events wait too long: the tasks do not keep up, or fail',
      oldest,
      oldestMessageLimitSeconds,
      3,
    );
    alarm('EventsFailed', 'Verified events could not be delivered and will be retried', own('EventsFailed'), 0, 3);
    alarm(
      'EventsRefused',
      'Webhooks with a valid signature were refused, and may not come again',
      own('EventsRefused'),
    );
    alarm(
      'ServerErrors',
      'Webhooks or handshakes were answered with 5xx, by tasks or for want of a healthy one',
      sumOf([serverErrors, gatewayErrors], 'errors'),
    );
    alarm('UnhealthyTasks', 'Tasks do not answer the health check', ofTargets.unhealthyHostCount(max), 0, 3);
    alarm('Rejected', 'The load balancer refused connections', ofBalancer.rejectedConnectionCount(sum));
    alarm(
      'Memory',
      'Tasks are near their memory: they would end with all of their connections',
      memory,
      memoryLimitPercent,
    );
    if (tableThrottles.length > 0)
      alarm('TableThrottles', 'DynamoDB throttled the connection store', sumOf(tableThrottles, 'throttles'));
    if (database)
      alarm(
        'DatabaseBusy',
        'The database of the connection store has little processor time left: take a larger instance class',
        database.metricCPUUtilization({ period, statistic: Stats.AVERAGE }),
        busyDatabasePercent,
        5,
      );
    if (upkeepErrors.length > 0)
      alarm('UpkeepErrors', 'Functions that look after the connection store fail', sumOf(upkeepErrors, 'errors'));

    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${settings.stackName}-${Aws.REGION}`,
      widgets: [
        [
          graph('Connections', [ofBalancer.activeConnectionCount(sum), ofBalancer.newConnectionCount(sum)]),
          graph('Connections of a task', [
            own('OpenConnections', Stats.AVERAGE),
            own('OpenConnections', Stats.MAXIMUM),
          ]),
          graph('Errors', [serverErrors, gatewayErrors]),
        ],
        [
          graph('CPU (%)', [
            service.service.metricCpuUtilization({ period }),
            service.service.metricCpuUtilization(max),
          ]),
          graph('Memory (%)', [memory]),
          graph('Healthy and unhealthy tasks', [
            ofTargets.healthyHostCount({ period }),
            ofTargets.unhealthyHostCount(max),
          ]),
        ],
        [
          graph('Queue', [visible, dead]),
          graph('Age of the oldest event (s)', [oldest]),
          database
            ? graph('Connection store: connections and CPU (%)', ofDatabase)
            : graph('Connection store: throttles', tableThrottles),
        ],
        [
          graph(
            'Events',
            ['EventsDelivered', 'EventsOffline', 'EventsDuplicate', 'EventsDeferred', 'EventsFailed'].map((name) =>
              own(name),
            ),
          ),
          graph(
            'Pushes',
            ['PushesSent', 'PushesGone'].map((name) => own(name)),
          ),
          graph('Signatures rejected', [own('SignaturesRejected')]),
        ],
      ],
    });
  }
}
