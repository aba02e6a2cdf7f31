/** What the dashboards and alarms of both variants have in common. */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export const period = Duration.minutes(1);
/** Namespace of the metrics that handlers and tasks write themselves. */
export const ownNamespace = 'Loadline';
/** An event this old is far beyond "within a second or so": the consumers do not keep up. */
export const oldestMessageLimitSeconds = 60;
const busyDatabasePercent = 80;

/** Minutes, and how many of them must be above the threshold; by default, one minute above 0. */
interface AlarmRule {
  threshold?: number;
  evaluationPeriods?: number;
  datapointsToAlarm?: number;
}

export type AddAlarm = (name: string, alarmDescription: string, metric: IMetric, rule?: AlarmRule) => void;

/** Every alarm is sent to the topic. */
export const alarmsTo =
  (scope: Construct, topic: ITopic): AddAlarm =>
  (name, alarmDescription, metric, { threshold = 0, evaluationPeriods = 1, datapointsToAlarm } = {}) =>
    new Alarm(scope, name, {
      ...{ alarmDescription, metric, threshold, evaluationPeriods },
      datapointsToAlarm: datapointsToAlarm ?? evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(topic));

/** Each counts as 0 where it has no data: in CloudWatch's metric math a sum has none where one of its terms has none, as of a function that was not invoked. */
export const sumOf = (metrics: readonly IMetric[], label: string): IMetric =>
  new MathExpression({
    ...{ label, period, expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join('+') },
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
  });

/** Of the connection store: its graph, and its alarms. */
export function watchStore(
  store: Table | DatabaseInstance | null,
  alarm: AddAlarm,
): { title: string; metrics: IMetric[] } {
  if (store instanceof DatabaseInstance) {
    const cpu = store.metricCPUUtilization({ period, statistic: Stats.AVERAGE });
    alarm(
      'DatabaseBusy',
      'The database of the connection store has little processor time left: take a larger instance class',
      cpu,
      { threshold: busyDatabasePercent, evaluationPeriods: 5 },
    );
    const connections = store.metricDatabaseConnections({ period, statistic: Stats.MAXIMUM });
    return { title: 'Connection store: connections and CPU (%)', metrics: [connections, cpu] };
  }
  const throttles =
    store instanceof Table
      ? ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
          store.metric(name, { statistic: Stats.SUM, period }),
        )
      : [];
  if (throttles.length > 0)
    alarm('TableThrottles', 'DynamoDB throttled the connection store', sumOf(throttles, 'throttles'));
  return { title: 'Connection store: throttles', metrics: throttles };
}
