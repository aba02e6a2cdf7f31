/** A7 and C: transactions, keys of indexes, and the stream of a table. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { ConformanceCase } from '../conformance-case.ts';
import { streamedPrefix } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';

const tableName = (subject: Subject) => subject.description.resources.tableName;
const keyOf = (pk: string = randomUUID()) => ({ pk: { S: pk }, sk: { S: 'x' } });
const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

const write = (subject: Subject, TransactItems: TransactWriteItem[], more: object = {}) =>
  subject.dynamodb.send(new TransactWriteItemsCommand({ TransactItems, ...more }));

interface StreamRecord {
  eventName: string;
  eventSource: string;
  eventSourceARN: string;
  dynamodb: Record<string, unknown>;
}

/** Makes a row, changes it, writes it as it is, and deletes it. @returns what the stream's function saw of it, in order. */
async function recordsOfARow(subject: Subject): Promise<StreamRecord[]> {
  const key = randomUUID();
  const Key = keyOf(`${streamedPrefix}${key}`);
  const TableName = tableName(subject);
  for (const n of ['1', '2', '2']) {
    const Item = { ...Key, observeAs: { S: key }, n: { N: n } };
    await subject.dynamodb.send(new PutItemCommand({ TableName, Item }));
  }
  await subject.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
  const observed = await subject.observedWithin(key, subject.onAws ? 120_000 : 25_000, 3);
  return observed.map(({ seen }) => seen as StreamRecord);
}

export const transactionCases: readonly ConformanceCase[] = [
  {
    row: 'A7.transactions',
    check: async (subject) => {
      const TableName = tableName(subject);
      const [first, second] = [keyOf(), keyOf()];
      const { ConsumedCapacity } = await write(subject, [{ Put: { TableName, Item: first } }], {
        ReturnConsumedCapacity: 'TOTAL',
      });
      assert.equal(ConsumedCapacity?.[0]?.CapacityUnits, 2);
      const refused = write(subject, [
        { Put: { TableName, Item: second } },
        { Put: { TableName, Item: first, ...absent } },
      ]);
      await assert.rejects(refused, (error: Error) => {
        const reasons: unknown = Reflect.get(error, 'CancellationReasons');
        assert.equal(error.name, 'TransactionCanceledException');
        const codes = Array.isArray(reasons) ? reasons.map(({ Code }) => Code) : [];
        assert.deepEqual(codes, ['None', 'ConditionalCheckFailed']);
        return true;
      });
      const get = (Key: ReturnType<typeof keyOf>) => ({ Get: { TableName, Key } });
      const read = new TransactGetItemsCommand({ TransactItems: [get(first), get(second)] });
      const { Responses } = await subject.dynamodb.send(read);
      assert.deepEqual(Responses, [{ Item: first }, {}]);
      const twice = [{ Put: { TableName, Item: second } }, { Delete: { TableName, Key: second } }];
      await assert.rejects(write(subject, twice), { name: 'ValidationException' });
    },
  },
  {
    row: 'A7.transaction-token',
    check: async (subject) => {
      const TableName = tableName(subject);
      const Key = keyOf();
      const ClientRequestToken = randomUUID();
      const add = (by: string): TransactWriteItem[] => [
        {
          Update: {
            ...{ TableName, Key, UpdateExpression: 'ADD n :by' },
            ExpressionAttributeValues: { ':by': { N: by } },
          },
        },
      ];
      for (let times = 0; times < 2; times++) await write(subject, add('1'), { ClientRequestToken });
      const other = write(subject, add('2'), { ClientRequestToken });
      await assert.rejects(other, { name: 'IdempotentParameterMismatchException' });
      const { Item } = await subject.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      assert.equal(Item?.n?.N, '1');
    },
  },
  {
    row: 'A7.empty-index-key',
    check: async (subject) => {
      const Item = { pk: { S: randomUUID() }, indexed: { S: '' } };
      const put = new PutItemCommand({ TableName: subject.nameOf('provisioned'), Item });
      await assert.rejects(subject.dynamodb.send(put), { name: 'ValidationException' });
    },
  },
  {
    row: 'C.stream-record',
    check: async (subject) => {
      const records = await recordsOfARow(subject);
      assert.deepEqual(
        records.map(({ eventName }) => eventName),
        ['INSERT', 'MODIFY', 'REMOVE'],
      );
      const [, modify] = records;
      const { NewImage, OldImage, Keys } = Object(modify?.dynamodb);
      assert.deepEqual([OldImage.n, NewImage.n, Keys.sk], [{ N: '1' }, { N: '2' }, { S: 'x' }]);
      assert.equal(modify?.eventSource, 'aws:dynamodb');
      assert.match(modify?.eventSourceARN ?? '', new RegExp(`:table/${tableName(subject)}/stream/`));
    },
  },
  {
    row: 'C.stream-unchanged',
    check: async (subject) => {
      // The third write was the same as the second.
      assert.equal((await recordsOfARow(subject)).length, 3);
    },
  },
  {
    row: 'D2.iterator-age',
    check: async (subject) => {
      await recordsOfARow(subject);
      await subject.measured(async () => {
        const asked = new ListMetricsCommand({ Namespace: 'AWS/Lambda', MetricName: 'IteratorAge' });
        const { Metrics = [] } = await subject.cloudwatch.send(asked);
        const names = Metrics.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value));
        assert.ok(names.includes(subject.nameOf('streamed')), 'no metric IteratorAge of the function is listed');
      });
    },
  },
];
