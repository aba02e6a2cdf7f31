import {
  type CloudWatchClient,
  GetMetricDataCommand,
  InvalidNextToken,
  type MetricDataQuery,
  paginateGetMetricData,
  ValidationException,
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

describe('GetMetricData', () => {
  it('returns every statistic of the values put, and no point for a second without values', async () => {
    await putLatencies(client);
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
    await putLatencies(client);
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
    await putLatencies(client);
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(60),
        MetricDataQueries: [query('a', 'Latency', 'p100', 60), query('b', 'Latency', 'SampleCount', 60)],
      }),
    );
    expect(MetricDataResults.map((result) => result.Values)).toEqual([[100], [101]]);
  });

  it('returns no points for a metric that was never reported', async () => {
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ StartTime: at(0), EndTime: at(3), MetricDataQueries: [query('a', 'Never', 'Sum')] }),
    );
    expect(MetricDataResults).toMatchObject([{ Id: 'a', Timestamps: [], Values: [], StatusCode: 'Complete' }]);
  });

  it.each(['TimestampAscending', 'TimestampDescending'] as const)('pages by MaxDatapoints, %s', async (ScanBy) => {
    for (let second = 0; second < 5; second++) {
      served.store.series('Test', 'A', { D: 'd' }, 'Count').add(second, at(second).getTime());
      served.store.series('Test', 'B', { D: 'd' }, 'Count').add(10 + second, at(second).getTime());
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

  it('computes metric maths, including over metrics that are not returned', async () => {
    const counter = (name: string, value: number, second: number) =>
      served.store.series('Test', name, { D: 'd' }, 'Count').add(value, at(second).getTime());
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
    ['an unknown id', [{ Id: 'a', Expression: 'zzz + 1' }], 'zzz, which is not the Id of a query'],
    [
      'a circular reference',
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      'circular',
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

  it('refuses the token of another request', async () => {
    await putLatencies(client);
    const request = { StartTime: at(0), EndTime: at(3), MetricDataQueries: [query('a', 'Latency', 'Sum')] };
    const { NextToken } = await client.send(new GetMetricDataCommand({ ...request, MaxDatapoints: 1 }));
    expect(NextToken).toBeDefined();
    await expect(
      client.send(new GetMetricDataCommand({ ...request, EndTime: at(2), NextToken })),
    ).rejects.toBeInstanceOf(InvalidNextToken);
  });
});
