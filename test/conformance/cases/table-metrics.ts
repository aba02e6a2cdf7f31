/** D4: DynamoDB's metrics, from the actions of the case. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ConformanceCase } from '../conformance-case.ts';
import { sumNow, sumOf, valuesOf } from '../metrics.ts';
import type { Subject } from '../subject.ts';
import { tableMetric } from './metric-names.ts';

const tableName = (subject: Subject) => subject.description.resources.tableName;
const itemKey = () => ({ pk: { S: randomUUID() }, sk: { S: 'x' } });

export const tableMetricCases: readonly ConformanceCase[] = [
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
      const metric = tableMetric('SuccessfulRequestLatency', TableName, { Operation: 'DeleteItem' });
      const samples = async () => {
        const counts = await valuesOf(subject, metric, 'SampleCount');
        return counts.reduce((sum, count) => sum + count, 0);
      };
      const before = await samples();
      await subject.dynamodb.send(new DeleteItemCommand({ TableName, Key: itemKey() }));
      await subject.measured(async () => assert.equal(await samples(), before + 1));
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
