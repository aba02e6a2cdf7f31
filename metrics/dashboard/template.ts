// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation's Fn::Sub
/** Dashboard and alarms of a stack as a CloudFormation template: one of its own, or resources to put into that of the stack. Pure. */
import type { StackGraph } from '../../graph/model.ts';
import { type Alarm, alarmsOf } from './alarms.ts';
import { type Naming, watchedGraph } from './watched-graph.ts';
import { widgetsOf } from './widgets.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

export interface WatchTemplate {
  template: { AWSTemplateFormatVersion: '2010-09-09'; Description: string; Resources: Record<string, Resource> };
  /** Of the dashboard; 0: there is nothing to watch. */
  widgets: number;
  alarms: number;
  /** Logical ids of resources that could not be referred to. */
  leftOut: string[];
}

const periodSeconds = 60;

/** `topicArn`: where alarms are sent; null: nowhere, they are only shown. */
export function watchTemplate(
  stack: StackGraph,
  { naming, topicArn }: { naming: Naming; topicArn: string | null },
): WatchTemplate {
  const { graph, leftOut } = watchedGraph(stack, naming);
  const alarms = alarmsOf(graph);
  const widgets = widgetsOf(graph, '${AWS::Region}');
  const resources: [string, Resource][] = [
    [
      'LoadlineDashboard',
      {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    ],
    ...alarms.map((alarm): [string, Resource] => [
      `${alarm.of} ${alarm.what}`,
      { Type: 'AWS::CloudWatch::Alarm', Properties: alarmProperties(alarm, topicArn) },
    ]),
  ];
  return {
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `Dashboard and alarms of ${stack.stackName}, by Loadline`,
      Resources: withLogicalIds(resources),
    },
    widgets: widgets.length,
    alarms: alarms.length,
    leftOut,
  };
}

/** Letters and digits only; where two become one, the second has a number after it. */
function withLogicalIds(resources: readonly [string, Resource][]): Record<string, Resource> {
  const named: Record<string, Resource> = {};
  for (const [name, resource] of resources) {
    const id = name.replaceAll(/[^A-Za-z0-9]/g, '');
    let free = id;
    for (let n = 2; named[free] !== undefined; n++) free = `${id}${n}`;
    named[free] = resource;
  }
  return named;
}

function alarmProperties(
  { description, metric, threshold, minutes, ofMinutes }: Alarm,
  topicArn: string | null,
): Record<string, unknown> {
  const { namespace: Namespace, metric: MetricName, dimensions, statistic } = metric;
  return {
    AlarmDescription: description,
    ...{ Namespace, MetricName, Period: periodSeconds },
    Dimensions: Object.entries(dimensions).map(([Name, text]) => ({ Name, Value: substituted(text) })),
    // A percentile is an extended one.
    ...(/^p\d/.test(statistic) ? { ExtendedStatistic: statistic } : { Statistic: statistic }),
    ...{ EvaluationPeriods: ofMinutes, DatapointsToAlarm: minutes, Threshold: threshold },
    ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
    ...(topicArn !== null && { AlarmActions: [topicArn] }),
  };
}

const substituted = (text: string) => (text.includes('${') ? { 'Fn::Sub': text } : text);
