/** Inputs of the actions as the Query protocol needs them: everything in it is text, so each field's type must be known. */

export type Shape =
  | { kind: 'text' | 'number' | 'boolean' | 'timestamp' }
  | { kind: 'list'; of: Shape }
  | { kind: 'structure'; fields: Readonly<Record<string, Shape>> };

const text: Shape = { kind: 'text' };
const number: Shape = { kind: 'number' };
const boolean: Shape = { kind: 'boolean' };
const timestamp: Shape = { kind: 'timestamp' };
const list = (of: Shape): Shape => ({ kind: 'list', of });
const structure = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'structure', fields });

const dimensions = list(structure({ Name: text, Value: text }));
const window = { StartTime: timestamp, EndTime: timestamp };

const metricStat = structure({
  Metric: structure({ Namespace: text, MetricName: text, Dimensions: dimensions }),
  Period: number,
  Stat: text,
  Unit: text,
});

const metricDatum = structure({
  MetricName: text,
  Dimensions: dimensions,
  Timestamp: timestamp,
  Value: number,
  Values: list(number),
  Counts: list(number),
  StatisticValues: structure({ SampleCount: number, Sum: number, Minimum: number, Maximum: number }),
  Unit: text,
  StorageResolution: number,
});

export const inputShapes: Readonly<Record<string, Shape>> = {
  GetMetricData: structure({
    ...window,
    MetricDataQueries: list(
      structure({
        Id: text,
        MetricStat: metricStat,
        Expression: text,
        Label: text,
        ReturnData: boolean,
        Period: number,
        AccountId: text,
      }),
    ),
    NextToken: text,
    ScanBy: text,
    MaxDatapoints: number,
    LabelOptions: structure({ Timezone: text }),
  }),
  GetMetricStatistics: structure({
    ...window,
    Namespace: text,
    MetricName: text,
    Dimensions: dimensions,
    Period: number,
    Statistics: list(text),
    ExtendedStatistics: list(text),
    Unit: text,
  }),
  ListMetrics: structure({
    Namespace: text,
    MetricName: text,
    Dimensions: dimensions,
    NextToken: text,
    RecentlyActive: text,
  }),
  PutMetricData: structure({ Namespace: text, MetricData: list(metricDatum) }),
};
