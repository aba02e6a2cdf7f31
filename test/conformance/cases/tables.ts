/** A7 and D4: DynamoDB. Exact throughput of the quotas is tested in test/quota-truth. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ConformanceCase } from '../conformance-case.ts';
import { sumOf } from '../metrics.ts';
import { provisionedUnits } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';
import { tableMetric } from './metric-names.ts';

const tableName = (subject: Subject) => subject.description.resources.tableName;
const provisioned = (subject: Subject) => subject.nameOf('provisioned');
const keyOf = (pk = randomUUID()) => ({ pk: { S: pk }, sk: { S: 'x' } });

/** 100 KB: 100 write units. */
const body = { S: 'x'.repeat(102_000) };

const reasonsOf = (error: ProvisionedThroughputExceededException): string[] =>
  (error.ThrottlingReasons ?? []).map(({ reason }) => reason ?? '');

/** Writes items of 100 units until one is refused; returns how many were accepted, and the refusal. */
async function fill(
  subject: Subject,
  most: number,
  attributes: Record<string, { S: string }> = {},
): Promise<{ taken: number; refusal: ProvisionedThroughputExceededException | null }> {
  for (let taken = 0; taken < most; taken++) {
    const Item = { pk: { S: randomUUID() }, body, ...attributes };
    try {
      await subject.dynamodb.send(new PutItemCommand({ TableName: provisioned(subject), Item }));
    } catch (error) {
      if (!(error instanceof ProvisionedThroughputExceededException)) throw error;
      if (!reasonsOf(error).some((reason) => reason.includes('KeyRange'))) return { taken, refusal: error };
      // The partition's own 1,000 units per second, which are irrelevant here.
      await new Promise((resolve) => setTimeout(resolve, 200));
      taken -= 1;
    }
  }
  return { taken: most, refusal: null };
}

export const tableCases: readonly ConformanceCase[] = [
  {
    row: 'A7.units',
    check: async (subject) => {
      const TableName = tableName(subject);
      const unitsOfWrite = async (bytes: number) => {
        // Names and values count: 2 + 36, 2 + 1, 1 + the text.
        const Item = { ...keyOf(), b: { S: 'x'.repeat(bytes - 42) } };
        const { ConsumedCapacity } = await subject.dynamodb.send(
          new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'TOTAL' }),
        );
        return { units: ConsumedCapacity?.CapacityUnits, Key: { pk: Item.pk, sk: Item.sk } };
      };
      assert.equal((await unitsOfWrite(1_024)).units, 1);
      assert.equal((await unitsOfWrite(1_025)).units, 2);
      const { Key } = await unitsOfWrite(4_097);
      const unitsOfRead = async (ConsistentRead: boolean) => {
        const read = new GetItemCommand({ TableName, Key, ConsistentRead, ReturnConsumedCapacity: 'TOTAL' });
        return (await subject.dynamodb.send(read)).ConsumedCapacity?.CapacityUnits;
      };
      assert.equal(await unitsOfRead(true), 2);
      assert.equal(await unitsOfRead(false), 1);
    },
  },
  {
    row: 'A7.item',
    check: async (subject) => {
      const put = (bytes: number) =>
        subject.dynamodb.send(
          new PutItemCommand({ TableName: tableName(subject), Item: { ...keyOf(), b: { S: 'x'.repeat(bytes - 42) } } }),
        );
      await put(409_600);
      await assert.rejects(put(409_601), { name: 'ValidationException' });
    },
  },
  {
    row: 'A7.batches',
    check: async (subject) => {
      const TableName = tableName(subject);
      const write = (count: number) =>
        subject.dynamodb.send(
          new BatchWriteItemCommand({
            RequestItems: { [TableName]: Array.from({ length: count }, () => ({ PutRequest: { Item: keyOf() } })) },
          }),
        );
      await write(25);
      await assert.rejects(write(26), { name: 'ValidationException' });
      const read = (count: number) =>
        subject.dynamodb.send(
          new BatchGetItemCommand({
            RequestItems: { [TableName]: { Keys: Array.from({ length: count }, () => keyOf()) } },
          }),
        );
      await read(100);
      await assert.rejects(read(101), { name: 'ValidationException' });
    },
  },
  {
    row: 'A7.index-back-pressure',
    alone: true,
    check: async (subject) => {
      // The index has accumulated at most 300 s of its 1 unit, the table of its 5.
      const { taken, refusal } = await fill(subject, 8, { indexed: { S: randomUUID() } });
      assert.ok(refusal !== null, `the index accepted a burst of ${taken * 100} units`);
      assert.equal((await fill(subject, 1)).taken, 1, 'the table itself has capacity left');
    },
  },
  {
    row: 'A7.burst',
    alone: true,
    check: async (subject) => {
      const most = (provisionedUnits.table * 300) / 100;
      const { taken, refusal } = await fill(subject, most + 4);
      assert.ok(
        refusal !== null,
        `the table accepted a burst of ${taken * 100} units, more than 300 s of its ${provisionedUnits.table}`,
      );
      assert.ok(
        taken > 2,
        `only ${taken} writes of 100 units, with 300 s of ${provisionedUnits.table} units accumulated`,
      );
    },
  },
  {
    row: 'A7.throttle-errors',
    alone: true,
    check: async (subject) => {
      const { refusal } = await fill(subject, 20);
      assert.ok(refusal !== null, 'nothing was refused');
      assert.equal(refusal.$metadata.httpStatusCode, 400);
      assert.deepEqual(reasonsOf(refusal), ['TableWriteProvisionedThroughputExceeded']);
      assert.match(String(refusal.ThrottlingReasons?.[0]?.resource), new RegExp(`:table/${provisioned(subject)}`));
    },
  },
  {
    row: 'D4.throttle-events',
    alone: true,
    check: async (subject) => {
      await fill(subject, 20);
      await sumOf(subject, tableMetric('WriteThrottleEvents', provisioned(subject)), 1);
    },
  },
  {
    row: 'D4.throttled-requests',
    alone: true,
    check: async (subject) => {
      await fill(subject, 20);
      await sumOf(subject, tableMetric('ThrottledRequests', provisioned(subject), { Operation: 'PutItem' }), 1);
    },
  },
  {
    row: 'A7.ttl',
    check: async (subject) => {
      const TableName = tableName(subject);
      const Key = keyOf();
      const expiresAt = { N: String(Math.floor(Date.now() / 1_000) - 60) };
      await subject.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, expiresAt } }));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const { Item } = await subject.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      assert.deepEqual(Item, { ...Key, expiresAt });
    },
  },
];
