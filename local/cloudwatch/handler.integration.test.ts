import {
  type CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  MissingRequiredParameterException,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at, putLatencies, query, serveCloudWatch } from './served-cloudwatch.fixture.ts';

let served: Awaited<ReturnType<typeof serveCloudWatch>>;
let client: CloudWatchClient;
beforeAll(async () => {
  served = await serveCloudWatch();
  client = served.client;
});
afterAll(() => served.stop());
beforeEach(() => served.empty());

describe('PutMetricData', () => {
  it('accepts a gzipped body of 1,000 metrics', async () => {
    const MetricData = Array.from({ length: 1_000 }, (_, index) => ({
      MetricName: `m${index}`,
      Value: index,
      Timestamp: at(0),
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
    expect([...served.store.list()]).toHaveLength(1_000);
  });

  it('counts Values by their Counts, and adds statistic sets, which have no percentiles', async () => {
    const Dimensions = [{ Name: 'D', Value: 'd' }];
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Test',
        MetricData: [
          { MetricName: 'A', Dimensions, Timestamp: at(0), Values: [1, 5], Counts: [3, 1] },
          {
            MetricName: 'A',
            Dimensions,
            Timestamp: at(1),
            StatisticValues: { SampleCount: 4, Sum: 20, Minimum: 2, Maximum: 9 },
          },
        ],
      }),
    );
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(2),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [query('sum', 'A', 'Sum'), query('max', 'A', 'Maximum'), query('p50', 'A', 'p50')],
      }),
    );
    expect(MetricDataResults.map((result) => result.Values)).toEqual([[8, 20], [5, 9], [1]]);
  });

  it.each([-14 * 86_400 - 61, 2 * 3_600 + 61])('refuses a time %d s from now', async (second) => {
    const MetricData = [{ MetricName: 'A', Value: 1, Timestamp: at(second + 60) }];
    const sent = client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
    await expect(sent).rejects.toBeInstanceOf(InvalidParameterValueException);
    expect([...served.store.list()]).toEqual([]);
  });

  it('refuses a datum without a value', async () => {
    const sent = client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'A' }] }));
    await expect(sent).rejects.toBeInstanceOf(MissingRequiredParameterException);
  });
});

describe('GetMetricStatistics', () => {
  it('returns the requested statistics and percentiles', async () => {
    await putLatencies(client);
    const { Label, Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Test',
        MetricName: 'Latency',
        Dimensions: [{ Name: 'D', Value: 'd' }],
        StartTime: at(0),
        EndTime: at(60),
        Period: 60,
        Statistics: ['Sum', 'SampleCount'],
        ExtendedStatistics: ['p100'],
      }),
    );
    expect(Label).toBe('Latency');
    expect(Datapoints).toEqual([
      { Timestamp: at(0), Unit: 'Milliseconds', Sum: 5_057, SampleCount: 101, ExtendedStatistics: { p100: 100 } },
    ]);
  });
});

describe('ListMetrics', () => {
  it('filters by namespace, name and dimension, with or without a value', async () => {
    const put = (name: string, dimensions: Record<string, string>) =>
      served.store.put({ namespace: 'Test', name, dimensions, unit: 'Count', value: 1, timestampMs: at(0).getTime() });
    put('A', { ApiId: 'x' });
    put('A', { ApiId: 'y' });
    put('B', { QueueName: 'q' });
    const names = async (input: ListMetricsCommandInput) =>
      (await client.send(new ListMetricsCommand(input))).Metrics?.map(
        ({ MetricName, Dimensions }) => `${MetricName} ${Dimensions?.[0]?.Value}`,
      );
    expect(await names({ Namespace: 'Test', Dimensions: [{ Name: 'ApiId' }] })).toEqual(['A x', 'A y']);
    expect(await names({ Namespace: 'Test', Dimensions: [{ Name: 'ApiId', Value: 'y' }] })).toEqual(['A y']);
    expect(await names({ MetricName: 'B' })).toEqual(['B q']);
    expect(await names({ Namespace: 'Other' })).toEqual([]);
  });

  it('omits metrics without a value in the last three hours for PT3H', async () => {
    served.store.series('Test', 'Old', {}, 'None').add(1, at(60 - 3 * 3_600 - 1).getTime());
    served.store.series('Test', 'New', {}, 'None').add(1, at(60 - 3 * 3_600 + 1).getTime());
    const recent = await client.send(new ListMetricsCommand({ RecentlyActive: 'PT3H' }));
    expect(recent.Metrics?.map((metric) => metric.MetricName)).toEqual(['New']);
  });

  it('pages by 500', async () => {
    for (let index = 0; index < 501; index++)
      served.store.series('Test', `m${index}`, {}, 'None').add(1, at(0).getTime());
    const first = await client.send(new ListMetricsCommand({ Namespace: 'Test' }));
    const second = await client.send(new ListMetricsCommand({ Namespace: 'Test', NextToken: first.NextToken }));
    expect(first.Metrics).toHaveLength(500);
    expect(second.Metrics?.map((metric) => metric.MetricName)).toEqual(['m500']);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('the wire', () => {
  it('answers 403 to a request that is not signed', async () => {
    const response = await fetch(served.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics' },
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazonaws.cloudwatch#MissingAuthenticationTokenException',
    });
  });

  it.each([
    ['ListMetrics', 'not json', 400, 'SerializationException'],
    ['DescribeAlarms', '{}', 400, 'UnknownOperationException'],
    ['ListMetrics', `{"Namespace":"${'x'.repeat(1_048_576)}"}`, 413, 'RequestEntityTooLargeException'],
  ])('answers %s with body %.20s: %i %s', async (action, body, status, shape) => {
    const response = await fetch(served.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `GraniteServiceVersion20100801.${action}`, authorization: 'AWS4-HMAC-SHA256 x' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ __type: `com.amazonaws.cloudwatch#${shape}` });
  });
});
