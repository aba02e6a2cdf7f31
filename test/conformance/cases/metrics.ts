/** D1 to D4: the metrics that the services publish, fed by what the case does. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ConformanceCase } from '../conformance-case.ts';
import { type MetricName, maxOf, sumNow, sumOf, valuesOf } from '../metrics.ts';
import type { Subject } from '../subject.ts';
import { awaitDeadLetter } from './dead-letters.ts';
import { idOf } from './frames.ts';
import {
  accountMetric,
  functionMetric,
  httpMetric,
  queueMetric,
  tableMetric,
  webSocketMetric,
} from './metric-names.ts';

/** A metric that grows by at least so much for what is done. Others may do the same meanwhile. */
const grows = (
  row: string,
  metricOf: (subject: Subject) => MetricName,
  { by, act }: { by: number; act: (subject: Subject) => Promise<unknown> },
): ConformanceCase => ({
  row,
  check: async (subject) => {
    const before = await sumNow(subject, metricOf(subject));
    await act(subject);
    await sumOf(subject, metricOf(subject), before + by);
  },
});

const invoke = (subject: Subject, name: string, options: object = {}) =>
  subject.lambda.send(new InvokeCommand({ FunctionName: subject.nameOf(name), ...options }));

const gateway: readonly ConformanceCase[] = [
  grows('D1.connect-count', (subject) => webSocketMetric(subject, 'ConnectCount'), {
    by: 2,
    async act(subject) {
      await subject.handshake({ token: 'me', status: '403' });
      await subject.handshake({ token: 'me' });
    },
  }),
  grows('D1.message-count', (subject) => webSocketMetric(subject, 'MessageCount'), {
    // Two in, two out, one posted.
    by: 5,
    async act(subject) {
      const socket = await subject.connect();
      const ConnectionId = await idOf(socket);
      await socket.ask({ action: 'twoWay', say: 'x' });
      await subject.management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
      await socket.next();
    },
  }),
  grows('D1.integration-error', (subject) => webSocketMetric(subject, 'IntegrationError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'twoWay', status: 500, say: 'x' }),
  }),
  grows('D1.client-error', (subject) => webSocketMetric(subject, 'ClientError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'nobody' }),
  }),
  grows('D1.execution-error', (subject) => webSocketMetric(subject, 'ExecutionError'), {
    by: 1,
    act: async (subject) => (await subject.connect()).ask({ action: 'oneWay', end: 'badOutput' }),
  }),
  {
    row: 'D1.ws-latency',
    check: async (subject) => {
      await (await subject.connect()).ask({ action: 'twoWay', waitMs: 700, say: 'x' });
      await maxOf(subject, webSocketMetric(subject, 'IntegrationLatency'), 700);
    },
  },
  grows('D1.http-count', (subject) => httpMetric(subject, 'Count'), {
    by: 3,
    act: (subject) => Promise.all([1, 2, 3].map(() => subject.http('/plain'))),
  }),
  {
    row: 'D1.http-errors',
    check: async (subject) => {
      const [before4xx, before5xx] = [
        await sumNow(subject, httpMetric(subject, '4xx')),
        await sumNow(subject, httpMetric(subject, '5xx')),
      ];
      await Promise.all([subject.http('/nowhere'), subject.http('/throw')]);
      await sumOf(subject, httpMetric(subject, '4xx'), before4xx + 1);
      await sumOf(subject, httpMetric(subject, '5xx'), before5xx + 1);
    },
  },
  {
    row: 'D1.http-latency',
    check: async (subject) => {
      await subject.http('/slow');
      const latency = await maxOf(subject, httpMetric(subject, 'Latency'), 950);
      assert.ok(latency >= (await maxOf(subject, httpMetric(subject, 'IntegrationLatency'), 950)));
    },
  },
  grows('D1.data-processed', (subject) => httpMetric(subject, 'DataProcessed'), {
    by: 100_000,
    act: (subject) => subject.http('/echo', { method: 'POST', body: 'x'.repeat(100_000) }),
  }),
  {
    row: 'D1.dimensions',
    check: async (subject) => {
      await subject.http('/plain');
      const { webhookApiId, webhookStage } = subject.description.resources;
      const both = { ApiId: webhookApiId, Stage: webhookStage };
      await sumOf(subject, { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: both }, 1);
      // The stage asks for no detailed metrics.
      const byRoute = { ...both, Route: 'GET /plain' };
      assert.equal(await sumNow(subject, { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: byRoute }), 0);
    },
  },
];

const lambda: readonly ConformanceCase[] = [
  {
    row: 'D2.dimensions',
    check: async (subject) => {
      await subject.http('/plain');
      await sumOf(subject, functionMetric(subject, 'http')('Invocations'), 1);
      await sumOf(subject, accountMetric('Invocations'), 1);
    },
  },
  {
    row: 'D2.invocations',
    check: async (subject) => {
      await assert.rejects(invoke(subject, 'never'));
      const metric = functionMetric(subject, 'slowInit')('Invocations');
      const before = await sumNow(subject, metric);
      await invoke(subject, 'slowInit');
      assert.equal(await sumOf(subject, metric, before + 1), before + 1);
      assert.equal(await sumNow(subject, functionMetric(subject, 'never')('Invocations')), 0);
    },
  },
  grows('D2.errors', (subject) => functionMetric(subject, 'http')('Errors'), {
    by: 1,
    act: (subject) => subject.http('/throw'),
  }),
  {
    row: 'D2.throttles',
    check: async (subject) => {
      const metric = functionMetric(subject, 'never');
      const before = await sumNow(subject, metric('Throttles'));
      await assert.rejects(invoke(subject, 'never'));
      await sumOf(subject, metric('Throttles'), before + 1);
      assert.equal(await sumNow(subject, metric('Errors')), 0);
    },
  },
  {
    row: 'D2.duration',
    check: async (subject) => {
      const metric = functionMetric(subject, 'slowInit')('Duration');
      await invoke(subject, 'slowInit');
      const longest = await maxOf(subject, metric, 80);
      assert.ok(longest < 600, `a handler of 85 ms with an init of 800 took ${longest} ms`);
    },
  },
  {
    row: 'D2.concurrent',
    check: async (subject) => {
      await Promise.all([1, 2, 3].map(() => invoke(subject, 'paced')));
      await maxOf(subject, functionMetric(subject, 'paced')('ConcurrentExecutions'), 1);
      await maxOf(subject, accountMetric('ConcurrentExecutions'), 1);
    },
  },
  {
    row: 'D2.unreserved',
    check: async (subject) => {
      await invoke(subject, 'message');
      await maxOf(subject, accountMetric('UnreservedConcurrentExecutions'), 1);
    },
  },
  {
    row: 'D2.claimed',
    check: async (subject) => {
      await invoke(subject, 'message');
      // 4 are reserved; the rest is what runs unreserved.
      await maxOf(subject, accountMetric('ClaimedAccountConcurrency'), 5);
    },
  },
  grows('D2.async', (subject) => functionMetric(subject, 'message')('AsyncEventsReceived'), {
    by: 1,
    act: (subject) => invoke(subject, 'message', { InvocationType: 'Event' }),
  }),
  {
    row: 'D2.event-source',
    check: async (subject) => {
      const QueueUrl = subject.description.resources.queueUrl;
      await subject.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ key: randomUUID() }) }));
      await subject.measured(async () => {
        const { Metrics = [] } = await subject.cloudwatch.send(
          new ListMetricsCommand({ Namespace: 'AWS/Lambda', MetricName: 'PolledEventCount' }),
        );
        const names = Metrics.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Name }) => Name));
        assert.ok(names.length > 0, 'no metric PolledEventCount is listed');
        assert.deepEqual(new Set(names), new Set(['EventSourceMappingUUID']));
      });
    },
  },
  {
    row: 'D2.init-duration',
    check: async (subject) => {
      await invoke(subject, 'slowInit');
      await sumOf(subject, functionMetric(subject, 'slowInit')('Invocations'), 1);
      const { Metrics = [] } = await subject.cloudwatch.send(
        new ListMetricsCommand({ Namespace: 'AWS/Lambda', MetricName: 'InitDuration' }),
      );
      assert.deepEqual(Metrics, []);
    },
  },
];

const send = (subject: Subject, body: string) =>
  subject.sqs.send(new SendMessageCommand({ QueueUrl: subject.queueUrl('metered'), MessageBody: body }));

/** Until a message is there, at most five receives. */
async function receive(subject: Subject): Promise<void> {
  const QueueUrl = subject.queueUrl('metered');
  for (let attempt = 0; attempt < 5; attempt++) {
    const { Messages = [] } = await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    for (const { ReceiptHandle } of Messages)
      await subject.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    if (Messages.length > 0) return;
  }
  throw new Error('a message that was sent could not be received');
}

const sqs: readonly ConformanceCase[] = [
  {
    row: 'D3.dimension',
    check: async (subject) => {
      await send(subject, 'x');
      await sumOf(subject, queueMetric(subject, 'metered', 'NumberOfMessagesSent'), 1);
    },
  },
  {
    row: 'D3.age',
    check: async (subject) => {
      await subject.sqs.send(new SendMessageCommand({ QueueUrl: subject.queueUrl('idle'), MessageBody: 'old' }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateAgeOfOldestMessage'), 2);
    },
  },
  {
    row: 'D3.messages',
    check: async (subject) => {
      const QueueUrl = subject.queueUrl('idle');
      const body = { QueueUrl, MessageBody: 'x' };
      await subject.sqs.send(new SendMessageCommand({ ...body, DelaySeconds: 5 }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesDelayed'), 1);
      await subject.sqs.send(new SendMessageCommand(body));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesVisible'), 1);
      await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, VisibilityTimeout: 5 }));
      await maxOf(subject, queueMetric(subject, 'idle', 'ApproximateNumberOfMessagesNotVisible'), 1);
    },
  },
  {
    row: 'D3.traffic',
    check: async (subject) => {
      const metric = (name: string) => queueMetric(subject, 'metered', name);
      const names = ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'];
      const before = await Promise.all(names.map((name) => sumNow(subject, metric(name))));
      await send(subject, 'x');
      await receive(subject);
      for (const [index, name] of names.entries()) await sumOf(subject, metric(name), (before[index] ?? 0) + 1);
    },
  },
  {
    row: 'D3.empty-receives',
    check: async (subject) => {
      const QueueUrl = subject.queueUrl('empty');
      await subject.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
      await sumOf(subject, queueMetric(subject, 'empty', 'NumberOfEmptyReceives'), 1);
    },
  },
  {
    row: 'D3.size',
    check: async (subject) => {
      await send(subject, 'x'.repeat(5_000));
      assert.ok((await maxOf(subject, queueMetric(subject, 'metered', 'SentMessageSize'), 5_000)) < 6_000);
    },
  },
  {
    row: 'D3.redriven',
    check: async (subject) => {
      const key = randomUUID();
      const QueueUrl = subject.description.resources.queueUrl;
      await subject.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ key, fail: true }) }));
      await awaitDeadLetter(subject, key);
      await sumOf(subject, queueMetric(subject, 'dead', 'NumberOfMessagesReceived'), 1);
      assert.equal(await sumNow(subject, queueMetric(subject, 'dead', 'NumberOfMessagesSent')), 0);
    },
  },
];

const tableName = (subject: Subject) => subject.description.resources.tableName;
const itemKey = () => ({ pk: { S: randomUUID() }, sk: { S: 'x' } });

const dynamodb: readonly ConformanceCase[] = [
  {
    row: 'D4.consumed',
    check: async (subject) => {
      const TableName = tableName(subject);
      const metric = (direction: string) => tableMetric(`Consumed${direction}CapacityUnits`, TableName);
      const before = [await sumNow(subject, metric('Write')), await sumNow(subject, metric('Read'))] as const;
      const Key = itemKey();
      await subject.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, body: { S: 'x'.repeat(9_500) } } }));
      await subject.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      // 9.6 KB are 10 write units, and 3 read units.
      await sumOf(subject, metric('Write'), before[0] + 10);
      await sumOf(subject, metric('Read'), before[1] + 3);
    },
  },
  {
    row: 'D4.latency',
    check: async (subject) => {
      const TableName = tableName(subject);
      await subject.dynamodb.send(new DeleteItemCommand({ TableName, Key: itemKey() }));
      const metric = tableMetric('SuccessfulRequestLatency', TableName, { Operation: 'DeleteItem' });
      await subject.measured(async () => {
        const samples = await valuesOf(subject, metric, 'SampleCount');
        assert.equal(
          samples.reduce((sum, count) => sum + count, 0),
          1,
        );
      });
    },
  },
  {
    row: 'D4.errors',
    check: async (subject) => {
      const metric = { namespace: 'AWS/DynamoDB', name: 'UserErrors', dimensions: {} };
      const before = await sumNow(subject, metric);
      await assert.rejects(
        subject.dynamodb.send(new GetItemCommand({ TableName: tableName(subject), Key: { wrong: { S: 'x' } } })),
        { name: 'ValidationException' },
      );
      await sumOf(subject, metric, before + 1);
    },
  },
  {
    row: 'D4.conditions',
    check: async (subject) => {
      const TableName = tableName(subject);
      const metric = tableMetric('ConditionalCheckFailedRequests', TableName);
      const before = await sumNow(subject, metric);
      const Item = itemKey();
      const put = () =>
        subject.dynamodb.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
      await put();
      await assert.rejects(put(), { name: 'ConditionalCheckFailedException' });
      await sumOf(subject, metric, before + 1);
    },
  },
];

export const metricCases: readonly ConformanceCase[] = [...gateway, ...lambda, ...sqs, ...dynamodb];
