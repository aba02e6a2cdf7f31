/** Inputs of the actions, as every protocol decodes them. Timestamps are seconds since the epoch, with a fraction. */
import { z } from 'zod';
import { CloudWatchError } from './cloudwatch-error.ts';

// Limits: CloudWatch API reference and service quotas, read 2026-11.
const maxQueriesPerCall = 500;
export const maxDatapointsPerCall = 100_800;
const maxMetricsPerPut = 1_000;
const maxValuesPerMetric = 150;
const maxDimensions = 30;

const name = z.string().min(1).max(255);
const dimensions = z.array(z.object({ Name: name, Value: z.string().min(1).max(1_024) })).max(maxDimensions);

const metricStat = z.object({
  Metric: z.object({ Namespace: name, MetricName: name, Dimensions: dimensions.optional() }),
  Period: z.number(),
  Stat: z.string(),
  Unit: z.string().optional(),
});

const metricDataQuery = z
  .object({
    Id: z
      .string()
      .max(255)
      .regex(
        /^[a-z][a-zA-Z0-9_]*$/,
        'must begin with a lower-case letter and hold only letters, digits and underscores',
      ),
    MetricStat: metricStat.optional(),
    Expression: z.string().min(1).max(2_048).optional(),
    Label: z.string().optional(),
    ReturnData: z.boolean().optional(),
    Period: z.number().optional(),
  })
  .refine((query) => (query.MetricStat === undefined) !== (query.Expression === undefined), {
    message: 'must have either MetricStat or Expression, but not both',
  });
export type MetricDataQueryInput = z.infer<typeof metricDataQuery>;

export const getMetricDataInput = z.object({
  MetricDataQueries: z.array(metricDataQuery).min(1).max(maxQueriesPerCall),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
  MaxDatapoints: z.number().int().min(1).max(maxDatapointsPerCall).optional(),
});
export type GetMetricDataInput = z.infer<typeof getMetricDataInput>;

export const getMetricStatisticsInput = z.object({
  Namespace: name,
  MetricName: name,
  Dimensions: dimensions.optional(),
  StartTime: z.number(),
  EndTime: z.number(),
  Period: z.number(),
  Statistics: z.array(z.string()).optional(),
  ExtendedStatistics: z.array(z.string()).optional(),
  Unit: z.string().optional(),
});
export type GetMetricStatisticsInput = z.infer<typeof getMetricStatisticsInput>;

export const listMetricsInput = z.object({
  Namespace: name.optional(),
  MetricName: name.optional(),
  Dimensions: z
    .array(z.object({ Name: name, Value: z.string().optional() }))
    .max(10)
    .optional(),
  RecentlyActive: z.literal('PT3H').optional(),
  NextToken: z.string().optional(),
});
export type ListMetricsInput = z.infer<typeof listMetricsInput>;

const metricDatum = z.object({
  MetricName: name,
  Dimensions: dimensions.optional(),
  Timestamp: z.number().optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).max(maxValuesPerMetric).optional(),
  Counts: z.array(z.number().nonnegative()).max(maxValuesPerMetric).optional(),
  StatisticValues: z
    .object({ SampleCount: z.number().positive(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
    .optional(),
  Unit: z.string().optional(),
});
export type MetricDatumInput = z.infer<typeof metricDatum>;

export const putMetricDataInput = z.object({
  Namespace: name,
  MetricData: z.array(metricDatum).max(maxMetricsPerPut).optional(),
});
export type PutMetricDataInput = z.infer<typeof putMetricDataInput>;

/** Throws a validation error that names the field. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CloudWatchError(
    'validation',
    `${issue?.path.join('.') || 'The request'}: ${issue?.message ?? 'is not valid'}.`,
  );
}

export function toDimensions(list: readonly { Name: string; Value: string }[] = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}
