import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limitsSchema } from '../quota/limits.ts';
import { createDynamodbServer, type DynamodbServer } from './dynamodb-server.ts';

const TableName = 'rows';
const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/rows/stream/label';
const createTable = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'owner', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-owner',
      KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};
const keyOf = (id: string) => ({ id: { S: id } });
const put = (id: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: { ...keyOf(id), ...more } },
});

let dynamodb: DynamodbServer;
let client: DynamoDBClient;
let port: number;
beforeEach(async () => {
  const stream = { arn: streamArn, view: 'NEW_AND_OLD_IMAGES' } as const;
  dynamodb = await createDynamodbServer({
    region: 'us-east-1',
    accountId: '000000000000',
    limits: limitsSchema.parse({}),
    tables: [{ logicalId: 'Rows', tableName: TableName, arn: 'arn', createTable, stream }],
  });
  await new Promise<void>((resolve) => dynamodb.server.listen(0, '127.0.0.1', resolve));
  ({ port } = dynamodb.server.address() as AddressInfo);
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  dynamodb.stop();
});

const write = (TransactItems: TransactWriteItem[], more = {}) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const get = async (id: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }))).Item;
async function failureOf<Kind>(call: Promise<unknown>, kind: new (...parameters: never[]) => Kind): Promise<Kind> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof kind) return error;
  throw new Error(`expected ${kind.name}, got ${String(error)}`);
}

/** DynamoDB Streams, whose client is not among the packages. */
function streams(action: string, input: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    const sent = request({ port, method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(input));
  });
}

/** Every record of the stream, by shard and in order. */
async function records(): Promise<{ eventName: string; dynamodb: Record<string, unknown> }[]> {
  const { StreamDescription } = await streams('DescribeStream', { StreamArn: streamArn });
  const found: { eventName: string; dynamodb: Record<string, unknown> }[] = [];
  for (const { ShardId } of Reflect.get(Object(StreamDescription), 'Shards')) {
    const place = { StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await streams('GetShardIterator', place);
    const { Records } = await streams('GetRecords', { ShardIterator });
    found.push(...(Records as typeof found));
  }
  return found;
}

describe('transactions', () => {
  test('write all of their items, at twice the units', async () => {
    const { ConsumedCapacity } = await write([put('a'), put('b', { n: { N: '1' } })], {
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 4 }]);
    expect([await get('a'), await get('b')]).toEqual([keyOf('a'), { ...keyOf('b'), n: { N: '1' } }]);
  });

  test('write none if a condition fails, and say which', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...keyOf('a'), n: { N: '1' } } }));
    const update = {
      TableName,
      Key: keyOf('a'),
      UpdateExpression: 'SET n = n + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const check = {
      TableName,
      Key: keyOf('c'),
      ConditionExpression: 'attribute_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    const call = write([put('b'), { Update: update }, { ConditionCheck: check }]);
    const { CancellationReasons = [], message } = await failureOf(call, TransactionCanceledException);
    expect(CancellationReasons.map(({ Code }) => Code)).toEqual(['None', 'None', 'ConditionalCheckFailed']);
    expect(message).toContain('[None, None, ConditionalCheckFailed]');
    expect([await get('a'), await get('b')]).toEqual([{ ...keyOf('a'), n: { N: '1' } }, undefined]);
    expect((await records()).map(({ eventName }) => eventName)).toEqual(['INSERT']);
  });

  test('with the same token happen once, and with other parameters not at all', async () => {
    const add = {
      TableName,
      Key: keyOf('a'),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const ClientRequestToken = 'token';
    await write([{ Update: add }], { ClientRequestToken });
    await write([{ Update: add }], { ClientRequestToken });
    expect(await get('a')).toMatchObject({ n: { N: '1' } });
    await failureOf(write([put('b')], { ClientRequestToken }), IdempotentParameterMismatchException);
  });

  test('refuse one item twice, and more than a hundred', async () => {
    await expect(write([put('a'), { Delete: { TableName, Key: keyOf('a') } }])).rejects.toThrow(
      'cannot include multiple operations on one item',
    );
    const many = Array.from({ length: 101 }, (_, index) => put(String(index)));
    await expect(write(many)).rejects.toThrow('less than or equal to 100');
    await expect(write(many.slice(1))).resolves.toBeDefined();
  });

  test('read a consistent set', async () => {
    await write([put('a'), put('b')]);
    const TransactItems = ['b', 'gone', 'a'].map((id) => ({ Get: { TableName, Key: keyOf(id) } }));
    const read = new TransactGetItemsCommand({ TransactItems, ReturnConsumedCapacity: 'TOTAL' });
    const { Responses, ConsumedCapacity } = await client.send(read);
    expect(Responses).toEqual([{ Item: keyOf('b') }, {}, { Item: keyOf('a') }]);
    expect(ConsumedCapacity).toMatchObject([{ CapacityUnits: 6 }]);
  });
});

test('an empty text as the key of an index is refused in every kind of write, and changes nothing', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...keyOf('a'), owner: { S: 'ann' } } }));
  const empty = { owner: { S: '' } };
  const problem = 'cannot contain an empty string value. IndexName: by-owner, IndexKey: owner';
  await expect(client.send(new PutItemCommand({ TableName, Item: { ...keyOf('a'), ...empty } }))).rejects.toThrow(
    problem,
  );
  const update = new UpdateItemCommand({
    TableName,
    Key: keyOf('a'),
    UpdateExpression: 'SET #o = :empty',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':empty': { S: '' } },
  });
  await expect(client.send(update)).rejects.toThrow(problem);
  const Item = { ...keyOf('b'), ...empty };
  const batch = new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } });
  await expect(client.send(batch)).rejects.toThrow(problem);
  const { CancellationReasons } = await failureOf(write([put('c'), put('b', empty)]), TransactionCanceledException);
  expect(CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ValidationError']);
  expect([await get('a'), await get('b'), await get('c')]).toEqual([
    { ...keyOf('a'), owner: { S: 'ann' } },
    undefined,
    undefined,
  ]);
  expect(await records()).toHaveLength(1);
});

test('the stream has a record for each change of an item, with both images, and none for a write that changes nothing', async () => {
  const item = (n: string) => ({ ...keyOf('a'), n: { N: n } });
  await client.send(new PutItemCommand({ TableName, Item: item('1') }));
  await client.send(new PutItemCommand({ TableName, Item: item('1') }));
  await client.send(new PutItemCommand({ TableName, Item: item('2') }));
  await write([{ Delete: { TableName, Key: keyOf('a') } }]);
  const found = await records();
  expect(found.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
  expect(found[1]?.dynamodb).toMatchObject({ Keys: keyOf('a'), OldImage: item('1'), NewImage: item('2') });
  expect(found[2]?.dynamodb).not.toHaveProperty('NewImage');
});
