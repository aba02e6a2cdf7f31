import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidNextToken,
  InvalidParameterValueException,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type MetricDataQuery,
  MissingRequiredParameterException,
  PutMetricDataCommand,
  paginateGetMetricData,
  ValidationException,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCloudWatchHandler } from './handler.ts';
import { MetricStore } from './store/metric-store.ts';

const startSecond = 1_790_000_040; // a whole minute
const at = (second: number) => new Date((startSecond + second) * 1_000);
const query = (Id: string, MetricName: string, Stat: string, Period = 1): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Test', MetricName, Dimensions: [{ Name: 'D', Value: 'd' }] }, Stat, Period },
});

let server: Server;
let client: CloudWatchClient;
let endpoint: string;
let store = new MetricStore();

beforeAll(async () => {
  server = createServer((request, response) =>
    createCloudWatchHandler(store, { now: () => (startSecond + 60) * 1_000 })(request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
beforeEach(() => {
  store = new MetricStore();
});

async function putLatencies() {
  // 1 to 100 in second 0; 7 in second 2; nothing in second 1.
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Test',
      MetricData: [
        {
          MetricName: 'Latency',
          Dimensions: [{ Name: 'D', Value: 'd' }],
          Timestamp: at(0),
          Unit: 'Milliseconds',
          Values: Array.from({ length: 100 }, (_, index) => index + 1),
        },
        {
          MetricName: 'Latency',
          Dimensions: [{ Name: 'D', Value: 'd' }],
          Timestamp: at(2),
          Unit: 'Milliseconds',
          Value: 7,
        },
      ],
    }),
  );
}

describe('GetMetricData', () => {
  it('gives every statistic of what was put, and no point for a second without values', async () => {
    await putLatencies();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(3),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50', 'p99'].map((stat) =>
          query(`q${stat}`, 'Latency', stat),
        ),
      }),
    );
    const values = Object.fromEntries(MetricDataResults.map((result) => [result.Id, result.Values]));
    expect(values).toMatchObject({
      qSum: [5_050, 7],
      qAverage: [50.5, 7],
      qMinimum: [1, 7],
      qMaximum: [100, 7],
      qSampleCount: [100, 1],
    });
    expect(MetricDataResults[0]?.Timestamps).toEqual([at(0), at(2)]);
    expect(MetricDataResults[0]?.Label).toBe('Latency');
    expect(MetricDataResults.every((result) => result.StatusCode === 'Complete')).toBe(true);
    // Over 32 distinct values the distribution is a sketch: within 0.5%.
    expect(Math.abs((values.qp50?.[0] ?? 0) / 50 - 1)).toBeLessThan(0.0051);
    expect(Math.abs((values.qp99?.[0] ?? 0) / 99 - 1)).toBeLessThan(0.0051);
    expect(values.qp99?.[1]).toBe(7);
  });

  it('includes the start and excludes the end of the window', async () => {
    await putLatencies();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(2),
        MetricDataQueries: [query('a', 'Latency', 'SampleCount')],
      }),
    );
    expect(MetricDataResults[0]?.Values).toEqual([100]);
  });

  it('merges seconds into a minute without averaging percentiles', async () => {
    await putLatencies();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(60),
        MetricDataQueries: [query('a', 'Latency', 'p100', 60), query('b', 'Latency', 'SampleCount', 60)],
      }),
    );
    expect(MetricDataResults.map((result) => result.Values)).toEqual([[100], [101]]);
  });

  it('answers a metric that was never reported with no points', async () => {
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ StartTime: at(0), EndTime: at(3), MetricDataQueries: [query('a', 'Never', 'Sum')] }),
    );
    expect(MetricDataResults).toMatchObject([{ Id: 'a', Timestamps: [], Values: [], StatusCode: 'Complete' }]);
  });

  it.each(['TimestampAscending', 'TimestampDescending'] as const)('pages by MaxDatapoints, %s', async (ScanBy) => {
    for (let second = 0; second < 5; second++) {
      store.series('Test', 'A', { D: 'd' }, 'Count').add(second, at(second).getTime());
      store.series('Test', 'B', { D: 'd' }, 'Count').add(10 + second, at(second).getTime());
    }
    const values: Record<string, number[]> = { a: [], n: [], b: [] };
    const statuses: string[] = [];
    const pages = paginateGetMetricData(
      { client },
      {
        StartTime: at(0),
        EndTime: at(5),
        ScanBy,
        MaxDatapoints: 3,
        MetricDataQueries: [query('a', 'A', 'Sum'), query('n', 'Never', 'Sum'), query('b', 'B', 'Sum')],
      },
    );
    for await (const page of pages) {
      for (const result of page.MetricDataResults ?? []) {
        values[result.Id ?? '']?.push(...(result.Values ?? []));
        statuses.push(`${result.Id} ${result.StatusCode}`);
      }
    }
    const order = (list: number[]) => (ScanBy === 'TimestampAscending' ? list : list.toReversed());
    expect(values).toEqual({ a: order([0, 1, 2, 3, 4]), n: [], b: order([10, 11, 12, 13, 14]) });
    expect(statuses).toEqual([
      'a PartialData',
      'a Complete',
      'n Complete',
      'b PartialData',
      'b PartialData',
      'b Complete',
    ]);
  });

  it('computes metric maths, of what is not returned too', async () => {
    const counter = (name: string, value: number, second: number) =>
      store.series('Test', name, { D: 'd' }, 'Count').add(value, at(second).getTime());
    counter('Errors', 1, 0);
    counter('Requests', 4, 0);
    counter('Requests', 10, 1);
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(3),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          { ...query('e', 'Errors', 'Sum'), ReturnData: false },
          { ...query('r', 'Requests', 'Sum'), ReturnData: false },
          { Id: 'rate', Expression: '100 * e / r', Label: 'error rate' },
          { Id: 'filled', Expression: 'FILL(e, 0) / r' },
          { Id: 'total', Expression: 'SUM([e, r])' },
          { Id: 'perSecond', Expression: 'r / PERIOD(r) - -1' },
        ],
      }),
    );
    expect(MetricDataResults.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['rate', 'error rate', [25]],
      ['filled', 'filled', [0.25, 0]],
      ['total', 'total', [5, 10]],
      ['perSecond', 'perSecond', [5, 11]],
    ]);
  });

  it.each<[string, MetricDataQuery[], string]>([
    [
      'an unknown function',
      [{ Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(a)' }],
      'ANOMALY_DETECTION_BAND is not supported',
    ],
    ['an unknown id', [{ Id: 'a', Expression: 'zzz + 1' }], "zzz, which is no query's Id"],
    [
      'a circle',
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      'in a circle',
    ],
    ['an unsupported statistic', [query('a', 'A', 'tm90')], 'Statistic tm90 is not supported'],
    ['a bad period', [query('a', 'A', 'Sum', 7)], 'Period 7 must be'],
    ['the same id twice', [query('a', 'A', 'Sum'), query('a', 'B', 'Sum')], 'same Id'],
    ['a bad id', [query('Upper', 'A', 'Sum')], 'must begin with a lower-case letter'],
    ['501 queries', Array.from({ length: 501 }, (_, index) => query(`q${index}`, 'A', 'Sum')), 'MetricDataQueries'],
  ])('refuses %s with a ValidationException', async (_, MetricDataQueries, sentence) => {
    const sent = client.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(3), MetricDataQueries }));
    await expect(sent).rejects.toBeInstanceOf(ValidationException);
    await expect(sent).rejects.toThrow(sentence);
  });

  it('refuses a token of another request', async () => {
    await putLatencies();
    const request = { StartTime: at(0), EndTime: at(3), MetricDataQueries: [query('a', 'Latency', 'Sum')] };
    const { NextToken } = await client.send(new GetMetricDataCommand({ ...request, MaxDatapoints: 1 }));
    expect(NextToken).toBeDefined();
    await expect(
      client.send(new GetMetricDataCommand({ ...request, EndTime: at(2), NextToken })),
    ).rejects.toBeInstanceOf(InvalidNextToken);
  });
});

describe('PutMetricData', () => {
  it('takes a gzipped body of 1,000 metrics', async () => {
    const MetricData = Array.from({ length: 1_000 }, (_, index) => ({
      MetricName: `m${index}`,
      Value: index,
      Timestamp: at(0),
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
    expect([...store.list()]).toHaveLength(1_000);
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
    expect([...store.list()]).toEqual([]);
  });

  it('refuses a datum without a value', async () => {
    const sent = client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'A' }] }));
    await expect(sent).rejects.toBeInstanceOf(MissingRequiredParameterException);
  });
});

describe('GetMetricStatistics', () => {
  it('gives the statistics and percentiles that were asked for', async () => {
    await putLatencies();
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
      store.put({ namespace: 'Test', name, dimensions, unit: 'Count', value: 1, timestampMs: at(0).getTime() });
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

  it('leaves out what has had no value for three hours when asked for PT3H', async () => {
    store.series('Test', 'Old', {}, 'None').add(1, at(60 - 3 * 3_600 - 1).getTime());
    store.series('Test', 'New', {}, 'None').add(1, at(60 - 3 * 3_600 + 1).getTime());
    const recent = await client.send(new ListMetricsCommand({ RecentlyActive: 'PT3H' }));
    expect(recent.Metrics?.map((metric) => metric.MetricName)).toEqual(['New']);
  });

  it('pages by 500', async () => {
    for (let index = 0; index < 501; index++) store.series('Test', `m${index}`, {}, 'None').add(1, at(0).getTime());
    const first = await client.send(new ListMetricsCommand({ Namespace: 'Test' }));
    const second = await client.send(new ListMetricsCommand({ Namespace: 'Test', NextToken: first.NextToken }));
    expect(first.Metrics).toHaveLength(500);
    expect(second.Metrics?.map((metric) => metric.MetricName)).toEqual(['m500']);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('the wire', () => {
  it('answers 403 to a request that is not signed', async () => {
    const response = await fetch(endpoint, {
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
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `GraniteServiceVersion20100801.${action}`, authorization: 'AWS4-HMAC-SHA256 x' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ __type: `com.amazonaws.cloudwatch#${shape}` });
  });
});
