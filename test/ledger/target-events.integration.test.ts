/** What the collector learns of single events: from the local target's own services, and as far as AWS would tell it. */
import type { AddressInfo } from 'node:net';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoDbEventClaims } from '../../handlers/adapters/dynamodb-event-claims.ts';
import { dynamoDbCallTo } from '../../handlers/testing/dynamodb-call.ts';
import { createDynamodbServer, type DynamodbServer } from '../../local/dynamodb/dynamodb-server.ts';
import { limitsSchema } from '../../local/quota/limits.ts';
import { type SqsServer, startSqsServer } from '../../local/sqs/sqs-server.ts';
import { localTarget } from '../../metrics/target.fixture.ts';
import { readTargetEvents } from '../../metrics/target-events.ts';
import type { TargetDescription } from '../../record/target.ts';

const limits = limitsSchema.parse({});
const region = 'us-east-1';
const credentials = { accessKeyId: 'any', secretAccessKey: 'thing' };
const { signal } = new AbortController();
const doneAtMs = 1_790_000_000_123;

let sqs: SqsServer;
let dynamodb: DynamodbServer;
let target: TargetDescription;
let queues: SQSClient;
let claims: DynamoDbEventClaims;
let unprocessed = 0;

beforeAll(async () => {
  const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const queue = (queueName: string) => ({ logicalId: queueName, queueName, arn: arnOf(queueName), attributes: {} });
  sqs = await startSqsServer({ port: 0, region, queues: [queue('events'), queue('events-dlq')], limits });
  const createTable = {
    TableName: 'table',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const tables = [{ logicalId: 'Table', tableName: 'table', arn: 'arn', createTable, stream: null }];
  // Each batch of a hundred comes back in part, twice.
  const failsEntry = (operation: string) => operation === 'BatchGetItem' && unprocessed-- > 0 && unprocessed % 2 === 0;
  dynamodb = await createDynamodbServer({ region, accountId: '000000000000', limits, tables, failsEntry });
  await new Promise<void>((resolve) => dynamodb.server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(dynamodb.server.address() as AddressInfo).port}`;
  const local = localTarget({ cloudwatch: 'http://127.0.0.1:1', sqs: sqs.url });
  target = { ...local, endpoints: local.endpoints && { ...local.endpoints, dynamodb: endpoint } };
  queues = new SQSClient({ endpoint: sqs.url, useQueueUrlAsEndpoint: false, region, credentials });
  claims = new DynamoDbEventClaims({
    ...{ call: dynamoDbCallTo(endpoint), tableName: 'table', eventTtlSeconds: 86_400, leaseMs: 60_000 },
    nowMs: () => doneAtMs,
  });
});
afterAll(async () => {
  queues.destroy();
  dynamodb.stop();
  await sqs.stop();
});

const send = (QueueUrl: string, eventId: string) =>
  queues.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ version: 1, eventId, frame: '{}' }) }));
const ids = Array.from({ length: 250 }, (_, n) => `e-run-f0-${n.toString(36)}`);
const [claimed = '', queued = '', received = '', dead = '', nowhere = '', ...finished] = ids;

describe('of 250 events', () => {
  beforeAll(async () => {
    for (const id of [claimed, ...finished]) await claims.claim(id, 'm');
    for (const id of finished) await claims.complete(id);
    const { queueUrl, deadLetterQueueUrl } = target.resources;
    await send(queueUrl, received);
    await queues.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    await send(queueUrl, queued);
    // Neither is an event that was asked for.
    for (const id of ['e-run-f0-1', 'e-earlier-f0-1']) await send(queueUrl, `${id}0000`);
    for (let copy = 0; copy < 12; copy++) await send(deadLetterQueueUrl, dead);
  });

  test('the local target tells of each: in the queue, a dead letter, finished when, or nothing', async () => {
    unprocessed = 300;
    const events = await readTargetEvents(target, ids, signal);
    expect(unprocessed).toBeLessThanOrEqual(0);
    expect(events.inQueue?.toSorted()).toEqual([queued, received].toSorted());
    expect(events.deadLettered).toEqual([dead]);
    const byId = new Map(events.finished?.map(({ id, atMs }) => [id, atMs]));
    expect([...byId.keys()].toSorted()).toEqual(finished.toSorted());
    expect(new Set(byId.values())).toEqual(new Set([doneAtMs]));
    expect([claimed, nowhere].some((id) => byId.has(id))).toBe(false);
    expect(events.reasons).toEqual([]);
    expect(Math.abs(events.clockStepMs)).toBeLessThan(60_000);
  });

  test('AWS does not show the queue; the dead letters are received, and left where they are', async () => {
    const events = await readTargetEvents({ ...target, kind: 'aws' }, ids, signal);
    expect(events).toMatchObject({ inQueue: null, deadLettered: [dead] });
    expect(events.finished).toHaveLength(finished.length);
    expect(events.reasons).toEqual(['the queue: SQS does not show the messages of a queue without receiving them']);
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await queues.send(
      new GetQueueAttributesCommand({
        QueueUrl: target.resources.deadLetterQueueUrl,
        AttributeNames: [...AttributeNames],
      }),
    );
    expect(AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0)).toBe(12);
  });
});

test('what cannot be asked is null, with the reason', async () => {
  const resources = { ...target.resources, tableName: 'other' };
  const queues = target.graph.queues.map((queue) => (queue.id === 'queue' ? { ...queue, name: 'other' } : queue));
  const other = { ...target, graph: { ...target.graph, queues }, resources };
  const events = await readTargetEvents(other, ids.slice(0, 1), signal);
  expect(events).toMatchObject({ inQueue: null, deadLettered: [], finished: null });
  expect(events.reasons).toEqual([
    'the queue: the target answered 404',
    expect.stringMatching(/^the table of claimed events: /),
  ]);
});

test('nothing is asked when every event was delivered', async () => {
  const unreachable = { ...target, endpoints: target.endpoints && { ...target.endpoints, sqs: 'http://127.0.0.1:1' } };
  const none = { inQueue: [], deadLettered: [], finished: [], reasons: [], clockStepMs: 0 };
  expect(await readTargetEvents(unreachable, [], signal)).toEqual(none);
});
