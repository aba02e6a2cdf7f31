/** CloudWatch metrics of a subject since it was started, read with the AWS SDK. */
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Subject } from './subject.ts';

export interface MetricName {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average' | 'SampleCount';

/** Values by period, in order of time: seconds on this machine, minutes on AWS. */
export async function valuesOf(subject: Subject, metric: MetricName, statistic: Statistic): Promise<readonly number[]> {
  const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Period = subject.onAws ? 60 : 1;
  const { MetricDataResults = [] } = await subject.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(subject.startedAtMs / 60_000) * 60_000 - 60_000),
      EndTime: new Date(Date.now() + 60_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions },
            Period,
            Stat: statistic,
          },
        },
      ],
    }),
  );
  return MetricDataResults[0]?.Values ?? [];
}

const describe = ({ namespace, name, dimensions }: MetricName) => `${namespace} ${name} ${JSON.stringify(dimensions)}`;

/** The sum so far. */
export async function sumNow(subject: Subject, metric: MetricName): Promise<number> {
  return (await valuesOf(subject, metric, 'Sum')).reduce((sum, value) => sum + value, 0);
}

/** The sum, once it is at least this much. */
export function sumOf(subject: Subject, metric: MetricName, atLeast: number): Promise<number> {
  return subject.measured(async () => {
    const sum = await sumNow(subject, metric);
    if (sum < atLeast) throw new Error(`${describe(metric)} is ${sum}, but at least ${atLeast} was expected`);
    return sum;
  });
}

/** The highest value, once it is at least this much. */
export function maxOf(subject: Subject, metric: MetricName, atLeast: number): Promise<number> {
  return subject.measured(async () => {
    const highest = Math.max(0, ...(await valuesOf(subject, metric, 'Maximum')));
    if (highest < atLeast)
      throw new Error(`${describe(metric)} is ${highest} at most, but at least ${atLeast} was expected`);
    return highest;
  });
}
