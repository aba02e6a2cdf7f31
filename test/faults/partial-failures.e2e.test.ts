/** Requests of which a part fails: as an SDK sees them, and what becomes of an event and of a connection's subscriptions meanwhile. */
import { BatchGetItemCommand, BatchWriteItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { eventIdOf, type FaultyStack, startFaultyStack } from './faulty-stack.fixture.ts';

let stack: FaultyStack;
beforeAll(async () => {
  stack = await startFaultyStack();
});
afterEach(() => stack.calm());
afterAll(() => stack.stop());

const ten = Array.from({ length: 10 }, (_, n) => n);
const keyOf = (n: number) => ({ pk: { S: `part ${n}` }, sk: { S: 'S' } });

test('items of a batch are unprocessed, and those alone; a batch of which all are is refused', async () => {
  const { dynamodb } = stack.clients;
  const { TableName } = stack.table;
  const write = () =>
    dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: ten.map((n) => ({ PutRequest: { Item: keyOf(n) } })) },
      }),
    );
  const read = () =>
    dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: ten.map(keyOf) } } }));
  await stack.setFault({ kind: 'partialFailure', service: 'dynamodb', skip: 3, most: 4 });
  const { UnprocessedItems } = await write();
  expect(UnprocessedItems?.[TableName]).toEqual([3, 4, 5, 6].map((n) => ({ PutRequest: { Item: keyOf(n) } })));
  expect((await read()).Responses?.[TableName]).toHaveLength(6);
  await stack.firedTimes(4);
  await stack.control('DELETE');
  await write();
  await stack.setFault({ kind: 'partialFailure', service: 'dynamodb', operation: 'BatchGetItem', most: 1 });
  const { Responses, UnprocessedKeys } = await read();
  expect([Responses?.[TableName]?.length, UnprocessedKeys?.[TableName]?.Keys]).toEqual([9, [keyOf(0)]]);
  await stack.control('DELETE');
  await stack.setFault({ kind: 'partialFailure', service: 'dynamodb' });
  await expect(write()).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('a transaction is cancelled for one of its actions, and none is made', async () => {
  const { dynamodb } = stack.clients;
  const transact = new TransactWriteItemsCommand({
    TransactItems: [20, 21, 22].map((n) => ({ Put: { ...stack.table, Item: keyOf(n) } })),
  });
  await stack.setFault({ kind: 'partialFailure', service: 'dynamodb', skip: 1, most: 1 });
  await expect(dynamodb.send(transact)).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }],
  });
  const keys = { RequestItems: { [stack.table.TableName]: { Keys: [20, 21, 22].map(keyOf) } } };
  expect((await dynamodb.send(new BatchGetItemCommand(keys))).Responses?.[stack.table.TableName]).toEqual([]);
  await dynamodb.send(transact);
  expect((await dynamodb.send(new BatchGetItemCommand(keys))).Responses?.[stack.table.TableName]).toHaveLength(3);
});

test('entries of a batch of messages are in Failed, whether some of them or all', async () => {
  const { sqs } = stack.clients;
  const QueueUrl = stack.target.resources.deadLetterQueueUrl;
  const Entries = [0, 1, 2].map((n) => ({ Id: `entry-${n}`, MessageBody: `body ${n}` }));
  const send = async () => await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await stack.setFault({ kind: 'partialFailure', service: 'sqs', operation: 'SendMessageBatch', skip: 1, most: 1 });
  const { Successful = [], Failed } = await send();
  expect(Successful.map(({ Id }) => Id)).toEqual(['entry-0', 'entry-2']);
  expect(Failed).toEqual([{ Id: 'entry-1', SenderFault: false, Code: 'InternalError', Message: expect.any(String) }]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['body 0', 'body 2']);
  await stack.control('DELETE');
  await stack.setFault({ kind: 'partialFailure', service: 'sqs' });
  expect(await send()).toMatchObject({
    Successful: [],
    Failed: [{ Id: 'entry-0' }, { Id: 'entry-1' }, { Id: 'entry-2' }],
  });
});

test('a message that could not be deleted comes again, and is pushed once', async () => {
  const client = await stack.device('mia');
  const duplicates = { Namespace: 'Loadline', MetricName: 'EventsDuplicate' };
  const before = await stack.sumOf(duplicates);
  await stack.setFault({ kind: 'partialFailure', service: 'sqs', operation: 'DeleteMessageBatch', most: 1 });
  await stack.postWebhook('undeleted', 'mia');
  expect(await eventIdOf(client)).toBe('undeleted');
  await vi.waitFor(async () => expect(await stack.sumOf(duplicates)).toBe(before + 1), 20_000);
  await stack.postWebhook('next', 'mia');
  expect(await eventIdOf(client)).toBe('next');
});

test('a closed connection leaves no subscription behind, though half of the deletes are unprocessed', async () => {
  const { socket, next } = await stack.device('nia');
  for (let n = 0; n < 60; n++) {
    socket.send(JSON.stringify({ action: 'subscribe', id: `s${n}`, channel: `c${n}` }));
    expect(JSON.parse(await next()).type).toBe('subscribed');
  }
  const subscriptions = async () => ((await stack.scan()).Items ?? []).filter(({ pk }) => pk?.S?.startsWith('CH#c'));
  expect(await subscriptions()).toHaveLength(60);
  await stack.setFault({ kind: 'partialFailure', service: 'dynamodb', operation: 'BatchWriteItem', share: 0.5 });
  socket.close();
  await vi.waitFor(async () => expect(await subscriptions()).toEqual([]), 20_000);
});
