import { describe, expect, it } from 'vitest';
import { keptPeriod, windowPeriod } from './period.ts';
import { seriesQueries } from './series.ts';
import { localTarget } from './target.fixture.ts';

const target = { ...localTarget({ cloudwatch: '', sqs: '' }), kind: 'aws' as const };
const byKey = new Map(seriesQueries(target).map((query) => [query.key, query]));

describe('seriesQueries', () => {
  it('has each key once', () => {
    expect(byKey.size).toBe(seriesQueries(target).length);
  });

  it.each([
    ['apigateway.websocket.connectCount.sum', 'AWS/ApiGateway', 'ConnectCount', { ApiId: 'ws1', Stage: 'prod' }, 'Sum'],
    [
      'apigateway.websocket.integrationLatency.p99',
      'AWS/ApiGateway',
      'IntegrationLatency',
      { ApiId: 'ws1', Stage: 'prod' },
      'p99',
    ],
    ['apigateway.webhook.4xx.sum', 'AWS/ApiGateway', '4xx', { ApiId: 'http1', Stage: '$default' }, 'Sum'],
    ['lambda.deliver.duration.avg', 'AWS/Lambda', 'Duration', { FunctionName: 'fn-deliver' }, 'Average'],
    [
      'lambda.deliver.concurrentExecutions.max',
      'AWS/Lambda',
      'ConcurrentExecutions',
      { FunctionName: 'fn-deliver' },
      'Maximum',
    ],
    ['account.lambda.claimedConcurrency.max', 'AWS/Lambda', 'ClaimedAccountConcurrency', {}, 'Maximum'],
    ['sqs.queue.oldestAgeSeconds.max', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: 'events' }, 'Maximum'],
    [
      'sqs.deadLetter.visible.max',
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: 'events-dlq' },
      'Maximum',
    ],
    ['dynamodb.table.consumedWrite.sum', 'AWS/DynamoDB', 'ConsumedWriteCapacityUnits', { TableName: 'table' }, 'Sum'],
    ['loadline.pushesGone.sum', 'Loadline', 'PushesGone', { Stack: 'stack' }, 'Sum'],
  ] as const)('%s is %s %s', (key, namespace, metric, dimensions, statistic) => {
    expect(byKey.get(key)).toMatchObject({ namespace, metric, dimensions, statistic, span: 'periods' });
  });

  it('requests a percentile of every latency over the whole window too', () => {
    const percentiles = [...byKey.keys()].filter((key) => key.endsWith('.p99'));
    expect(percentiles.length).toBeGreaterThan(3);
    for (const key of percentiles) expect(byKey.get(`${key}.window` as typeof key)?.span).toBe('window');
  });

  it('counts the URL of a function under its function, and a topic under its name', () => {
    const url = { ...{ id: 'Hook', kind: 'functionUrl' as const, apiId: 'abc', name: 'fn-ingest' }, routes: [] };
    const graph = {
      ...target.graph,
      apis: [{ ...url, stages: ['$default'] }],
      topics: [{ id: 'News', name: 'chat-news' }],
    };
    const of = new Map(seriesQueries({ ...target, graph }).map((query): [string, typeof query] => [query.key, query]));
    expect(of.get('apigateway.Hook.count.sum')).toMatchObject({
      ...{ namespace: 'AWS/Lambda', metric: 'UrlRequestCount', dimensions: { FunctionName: 'fn-ingest' } },
    });
    expect(of.get('apigateway.Hook.latency.p99')).toMatchObject({ metric: 'UrlRequestLatency' });
    expect(of.get('sns.News.failed.sum')).toMatchObject({
      ...{ namespace: 'AWS/SNS', metric: 'NumberOfNotificationsFailed', dimensions: { TopicName: 'chat-news' } },
    });
  });

  it('leaves out functions that the stack does not have', () => {
    const functions = target.graph.functions.filter(({ id }) => id !== 'ingest');
    const keys = seriesQueries({ ...target, graph: { ...target.graph, functions } }).map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith('lambda.ingest.'))).toEqual([]);
    expect(keys).toContain('lambda.deliver.invocations.sum');
  });
});

describe('keptPeriod', () => {
  const day = 86_400;
  it.each([
    // asked, age of the data, target → the period that has data
    [1, 60, 'local', 1],
    [2, 60, 'local', 5],
    [45, 60, 'local', 60],
    [1, 60, 'aws', 60],
    [90, 60, 'aws', 120],
    [1, 3 * 3_600 + 1, 'local', 60],
    [60, 16 * day, 'aws', 300],
    [60, 64 * day, 'aws', 3_600],
  ] as const)('%i s, %i s old, %s: %i s', (periodSeconds, ageSeconds, kind, kept) => {
    expect(keptPeriod({ periodSeconds, ageSeconds, kind })).toBe(kept);
  });
});

describe('windowPeriod', () => {
  it.each([
    [120, 180, 1, 60],
    [119, 180, 60, 120], // begins in the minute before
    [120, 181, 60, 120],
    [300, 900, 300, 600],
  ])('of %i to %i by %i s is %i s', (startSecond, endSecond, periodSeconds, whole) => {
    expect(windowPeriod({ startSecond, endSecond, periodSeconds })).toBe(whole);
  });
});

it('a service of tasks and its load balancer have theirs; what tasks cost in absolute terms is of this machine only', () => {
  const graph = {
    ...{ stackName: 'S', apis: [], functions: [], queues: [], tables: [], eventSources: [], reaches: [] },
    loadBalancers: [{ id: 'balancer', name: 'app/front/1' }],
    services: [{ id: 'service', name: 'chat', cluster: 'main', tasks: 2, cpuUnits: 1_024, memoryMb: 2_048 }],
  };
  const keysOf = (kind: 'local' | 'aws') =>
    seriesQueries({ graph, kind })
      .filter(({ key }) => /^(ecs|loadBalancer)\./.test(key))
      .map(({ key }) => key);
  const onAws = keysOf('aws');
  expect(onAws).toContain('loadBalancer.balancer.activeConnections.max');
  expect(onAws).toContain('ecs.service.cpuPercent.avg');
  expect(onAws).not.toContain('ecs.service.processorMicros.sum');
  expect(keysOf('local')).toContain('ecs.service.processorMicros.sum');
  const cpu = seriesQueries({ graph, kind: 'aws' }).find(({ key }) => key === 'ecs.service.cpuPercent.max');
  expect(cpu).toMatchObject({ namespace: 'AWS/ECS', dimensions: { ClusterName: 'main', ServiceName: 'chat' } });
});
