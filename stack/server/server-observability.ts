/** The dashboard of the service, and alarms on lost or delayed events and on tasks that do not keep up. */
import { Aws } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmsTo, oldestMessageLimitSeconds, ownNamespace, period, sumOf, watchStore } from '../alarms.ts';
import type { Delivery } from '../delivery.ts';
import type { HandlerFunction } from '../functions.ts';
import type { StackSettings } from '../settings/settings.ts';
import type { Balancer } from './balancer.ts';
import type { Service } from './service.ts';

/** Percent: beyond it a task may be ended by the system, with all of its connections. */
const memoryLimitPercent = 85;
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
        namespace: ownNamespace,
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
    const upkeepErrors = Object.values(upkeep).map((each) => each.function.metricErrors(sum));
    const memory = service.service.metricMemoryUtilization(max);
    const dead = deadLetterQueue.metricApproximateNumberOfMessagesVisible(max);
    const oldest = queue.metricApproximateAgeOfOldestMessage(max);
    const visible = queue.metricApproximateNumberOfMessagesVisible(max);
    const alarm = alarmsTo(this, topic);
    alarm('DeadLetters', 'Events were dropped: read the dead-letter queue, then redrive it', dead);
    alarm('OldestEvent', 'Events wait too long: the tasks do not keep up, or fail', oldest, {
      threshold: oldestMessageLimitSeconds,
      evaluationPeriods: 3,
    });
    alarm('EventsFailed', 'Verified events could not be delivered and will be retried', own('EventsFailed'), {
      evaluationPeriods: 3,
    });
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
    alarm('UnhealthyTasks', 'Tasks do not answer the health check', ofTargets.unhealthyHostCount(max), {
      evaluationPeriods: 3,
    });
    alarm('Rejected', 'The load balancer refused connections', ofBalancer.rejectedConnectionCount(sum));
    alarm('Memory', 'Tasks are near their memory: they would end with all of their connections', memory, {
      threshold: memoryLimitPercent,
    });
    const ofStore = watchStore(store, alarm);
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
          graph(ofStore.title, ofStore.metrics),
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
