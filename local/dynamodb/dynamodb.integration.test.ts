import type { AddressInfo } from 'node:net';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  ScanCommand,
  ThrottlingException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from 'vitest';
import { type LimitsInput, limitsSchema } from '../quota/limits.ts';
import { createDynamodbServer, type DynamodbServer } from './dynamodb-server.ts';

const TableName = 'rows';
const keyed = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};
const onDemand = { ...keyed, BillingMode: 'PAY_PER_REQUEST' };
const provisioned = (units: number) => ({
  ...keyed,
  ProvisionedThroughput: { ReadCapacityUnits: units, WriteCapacityUnits: units },
});
const row = (pk: string, sk = '1', more = {}) => ({ pk: { S: pk }, sk: { S: sk }, ...more });

describe('DynamoDB', () => {
  let dynamodb: DynamodbServer;
  let client: DynamoDBClient;
  /** Without retries: the test sees every response. */
  async function start(properties: object, limits: LimitsInput = {}, nowMs?: () => number): Promise<void> {
    const createTable = { ...properties, TableName };
    dynamodb = await createDynamodbServer({
      region: 'us-east-1',
      accountId: '000000000000',
      limits: limitsSchema.parse(limits),
      tables: [{ logicalId: 'Rows', tableName: TableName, arn: 'arn', createTable, stream: null }],
      ...(nowMs && { nowMs }),
    });
    await new Promise<void>((resolve) => dynamodb.server.listen(0, '127.0.0.1', resolve));
    client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(dynamodb.server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
      maxAttempts: 1,
    });
  }
  afterEach(() => {
    client.destroy();
    dynamodb.stop();
  });
  const put = (pk: string, more = {}) => client.send(new PutItemCommand({ TableName, Item: row(pk, '1', more) }));
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => expect.fail('should have failed'),
      (error: unknown) => error,
    );
  /** Metric → dimension values → sum. */
  const metrics = () =>
    Object.fromEntries(
      dynamodb
        .drainMetrics(0)
        .filter(({ name }) => name !== 'SuccessfulRequestLatency')
        .map(({ name, dimensions, values }) => [
          [name, ...Object.values(dimensions)].join(' '),
          values.reduce((sum, value) => sum + value, 0),
        ]),
    );
  /** A table that refuses everything after its first unit. */
  const tight: LimitsInput = {
    dynamodbOnDemandWrite: { ratePerSecond: 0.001, burst: 1 },
    dynamodbOnDemandRead: { ratePerSecond: 0.001, burst: 1 },
  };

  test('stores and finds items, and counts consumed capacity', async () => {
    await start(onDemand);
    await put('a', { text: { S: 'x'.repeat(1_500) } });
    await client.send(new PutItemCommand({ TableName, Item: row('a', '2') }));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: row('a', '2'), ConsistentRead: true }));
    expect(Item).toEqual(row('a', '2'));
    const query = { TableName, KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
    const { Items, ConsumedCapacity } = await client.send(new QueryCommand({ ...query, ScanIndexForward: false }));
    expect(Items?.map(({ sk }) => sk?.S)).toEqual(['2', '1']);
    expect(ConsumedCapacity).toBeUndefined();
    const { LastEvaluatedKey } = await client.send(new QueryCommand({ ...query, Limit: 1 }));
    expect(LastEvaluatedKey).toEqual(row('a', '1'));
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(2);
    expect(metrics()).toEqual({
      // 1,5xx bytes are two units; reads: 1 + 0.5 + 0.5 + 0.5.
      'ConsumedWriteCapacityUnits rows': 3,
      'ConsumedReadCapacityUnits rows': 2.5,
      'ReturnedItemCount rows': 5,
    });
  });

  test('on demand throttles as ThrottlingException, and counts one event and one request', async () => {
    await start(onDemand, tight);
    await put('a');
    const error = await failure(put('b'));
    expect(error).toBeInstanceOf(ThrottlingException);
    expect((error as ThrottlingException).$metadata.httpStatusCode).toBe(400);
    expect((error as ThrottlingException).throttlingReasons).toEqual([
      {
        reason: 'TableWriteKeyRangeThroughputExceeded',
        resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/rows',
      },
    ]);
    expect(metrics()).toEqual({
      'ConsumedWriteCapacityUnits rows': 1,
      'WriteThrottleEvents rows': 1,
      'ThrottledRequests rows PutItem': 1,
      'QuotaRefusals dynamodbOnDemandWrite rows': 1,
    });
  });

  test('provisioned throttles as ProvisionedThroughputExceededException', async () => {
    await start(provisioned(1), { dynamodbProvisionedBurstSeconds: 1 }, () => 0);
    await put('a');
    const error = await failure(put('a'));
    expect(error).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect((error as ProvisionedThroughputExceededException).ThrottlingReasons?.[0]?.reason).toBe(
      'TableWriteProvisionedThroughputExceeded',
    );
  });

  test('a hot key is refused by its partition, reads and writes separately', async () => {
    await start(onDemand, { dynamodbPartitionWrite: { ratePerSecond: 0.001, burst: 1 } });
    await put('hot');
    expect(await failure(put('hot'))).toBeInstanceOf(ThrottlingException);
    await client.send(new GetItemCommand({ TableName, Key: row('hot') }));
    expect(metrics()).toMatchObject({ 'QuotaRefusals dynamodbPartitionWrite rows': 1, 'WriteThrottleEvents rows': 1 });
  });

  test('a batch write writes what is admitted and returns the rest, and throws only if nothing is admitted', async () => {
    await start(onDemand, { dynamodbOnDemandWrite: { ratePerSecond: 0.001, burst: 2 } });
    const requests = ['a', 'b', 'c'].map((pk) => ({ PutRequest: { Item: row(pk) } }));
    const { UnprocessedItems } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }),
    );
    expect(UnprocessedItems).toEqual({ [TableName]: [requests[2]] });
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(2);
    expect(metrics()).not.toHaveProperty('ThrottledRequests rows BatchWriteItem');
    const again = client.send(new BatchWriteItemCommand({ RequestItems: UnprocessedItems }));
    expect(await failure(again)).toBeInstanceOf(ThrottlingException);
    expect(metrics()).toEqual({
      'WriteThrottleEvents rows': 1,
      'ThrottledRequests rows BatchWriteItem': 1,
      'QuotaRefusals dynamodbOnDemandWrite rows': 1,
    });
  });

  test('a batch read returns unprocessed keys with their parameters', async () => {
    await start(onDemand, tight);
    const Keys = [row('a'), row('b')];
    const input = { RequestItems: { [TableName]: { Keys, ConsistentRead: true } } };
    const { UnprocessedKeys } = await client.send(new BatchGetItemCommand(input));
    expect(UnprocessedKeys).toEqual({ [TableName]: { Keys: [row('b')], ConsistentRead: true } });
  });

  test('a failed condition costs the size of the larger item, and returns the old one when asked', async () => {
    await start(onDemand);
    await put('a', { text: { S: 'x'.repeat(2_500) } });
    metrics();
    const error = await failure(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: row('a'),
          UpdateExpression: 'SET n = :n',
          ConditionExpression: 'attribute_not_exists(pk)',
          ExpressionAttributeValues: { ':n': { N: '1' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item?.text?.S).toHaveLength(2_500);
    expect(metrics()).toEqual({ 'ConditionalCheckFailedRequests rows': 1, 'ConsumedWriteCapacityUnits rows': 3 });
  });

  test('an index that is out of capacity refuses writes to the table', async () => {
    const index = {
      IndexName: 'byOwner',
      KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    };
    const AttributeDefinitions = [...keyed.AttributeDefinitions, { AttributeName: 'owner', AttributeType: 'S' }];
    await start(
      { ...provisioned(100), AttributeDefinitions, GlobalSecondaryIndexes: [index] },
      { dynamodbProvisionedBurstSeconds: 1 },
      () => 0,
    );
    await put('a', { owner: { S: 'ann' } });
    await put('b');
    const error = await failure(put('c', { owner: { S: 'ann' } }));
    expect((error as ProvisionedThroughputExceededException).ThrottlingReasons).toEqual([
      {
        reason: 'IndexWriteProvisionedThroughputExceeded',
        resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/rows/index/byOwner',
      },
    ]);
    expect(metrics()).toEqual({
      'ConsumedWriteCapacityUnits rows': 2,
      'ConsumedWriteCapacityUnits rows byOwner': 1,
      'WriteThrottleEvents rows byOwner': 1,
      'ThrottledRequests rows PutItem': 1,
      'QuotaRefusals dynamodbProvisionedWrite rows/byOwner': 1,
    });
  });

  test('expired rows are deleted in the background, if enabled', async () => {
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    await start({ ...onDemand, TimeToLiveSpecification }, { dynamodbTimeToLiveDelayMs: 0 });
    const now = Math.floor(Date.now() / 1_000);
    await put('past', { expiresAt: { N: String(now - 10) } });
    await put('future', { expiresAt: { N: String(now + 1_000) } });
    await put('longAgo', { expiresAt: { N: '1000' } });
    await expect
      .poll(async () => (await client.send(new ScanCommand({ TableName }))).Count, { timeout: 30_000 })
      .toBe(2);
    expect(metrics()).toMatchObject({ 'TimeToLiveDeletedItemCount rows': 1, 'ConsumedWriteCapacityUnits rows': 3 });
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  });

  test('a client error counts as a UserError', async () => {
    await start(onDemand);
    const missing = client.send(new GetItemCommand({ TableName: 'none', Key: row('a') }));
    expect(await failure(missing)).toBeInstanceOf(ResourceNotFoundException);
    const badKey = client.send(new GetItemCommand({ TableName, Key: { pk: { N: '1' }, sk: { S: '1' } } }));
    expect(await failure(badKey)).toMatchObject({ name: 'ValidationException' });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(metrics()).toEqual({ UserErrors: 2 });
  });
});
