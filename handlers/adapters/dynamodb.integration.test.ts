/** The stores in DynamoDB behave like the in-memory ones, with no more calls than necessary, since calls cost money. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { disconnect } from '../domain/disconnect.ts';
import { connectionStoreBehaviour } from '../testing/connection-store.conformance.ts';
import { dynamoDbCallTo } from '../testing/dynamodb-call.ts';
import { eventClaimsBehaviour } from '../testing/event-claims.conformance.ts';
import { recentEventsBehaviour } from '../testing/recent-events.conformance.ts';
import type { DynamoDbCall } from './aws/operations.ts';
import { DynamoDbConnectionStore } from './dynamodb-connection-store.ts';
import { DynamoDbEventClaims } from './dynamodb-event-claims.ts';
import { dynamoDbRecentEvents } from './dynamodb-recent-events.ts';

// dynalite has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

const tableName = 'connections';
const server = dynalite({ createTableMs: 0 });
const client = new DynamoDBClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  // Known once the server listens.
  endpoint: async () => ({
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path: '/',
  }),
});
const calls: string[] = [];
let made: DynamoDbCall;
const call: DynamoDbCall = (operation, input) => {
  calls.push(operation);
  return made(operation, input);
};

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  made = dynamoDbCallTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName: tableName });
});

afterEach(() => {
  calls.length = 0;
});

afterAll(async () => {
  client.destroy();
  server.close();
  await once(server, 'close');
});

describe('recent events in DynamoDB', () => {
  recentEventsBehaviour((options) => dynamoDbRecentEvents({ call, tableName, ...options }));
});

describe('connection store in DynamoDB', () => {
  connectionStoreBehaviour((options) => new DynamoDbConnectionStore({ call, tableName, ...options }));

  it('reads two pages for more than 1 MB of rows', async () => {
    // Those of the behaviour above, whenever they expire.
    const store = new DynamoDbConnectionStore({ call, tableName, ttlSeconds: 100, nowMs: () => 0 });
    expect(await store.recipientsOf({ kind: 'user', userId: 'large' })).toHaveLength(1_200);
    expect(calls).toEqual(['Query', 'Query']);
  });

  it('connects with one put', async () => {
    await new DynamoDbConnectionStore({ call, tableName, ttlSeconds: 100, nowMs: Date.now }).addConnection('f', 'c');
    expect(calls).toEqual(['PutItem']);
  });
});

describe('what subscriptions cost', () => {
  const store = () => new DynamoDbConnectionStore({ call, tableName, ttlSeconds: 100, nowMs: Date.now });

  it('subscribes with two writes, and a disconnect without subscriptions takes a delete and a read', async () => {
    await store().subscribe('cost=', 'news', 100);
    expect(calls.splice(0)).toEqual(['UpdateItem', 'PutItem']);
    await disconnect(store(), 'ann', 'none=');
    expect(calls.toSorted()).toEqual(['DeleteItem', 'GetItem']);
  });

  it('leaves no row of 3,000 subscriptions behind, in 120 batches', async () => {
    const channels = Array.from({ length: 3_000 }, (_, index) => `many-${index}`);
    const expiresAt = { N: String(Math.floor(Date.now() / 1_000) + 100) };
    const connection = { S: 'C#full=' };
    const inverse = { pk: connection, sk: { S: 'CHANNELS' }, channels: { SS: channels }, expiresAt };
    await client.send(new PutItemCommand({ TableName: tableName, Item: inverse }));
    for (let from = 0; from < channels.length; from += 25) {
      const requests = channels.slice(from, from + 25).map((channel) => ({
        PutRequest: { Item: { pk: { S: `CH#${channel}` }, sk: connection, expiresAt } },
      }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    }
    calls.length = 0;
    expect(await store().unsubscribeAll('full=')).toBe(0);
    expect(calls.filter((name) => name === 'BatchWriteItem')).toHaveLength(120);
    const left: unknown[] = [];
    const scan = {
      TableName: tableName,
      FilterExpression: 'pk = :connection OR sk = :connection',
      ExpressionAttributeValues: { ':connection': connection },
    };
    for await (const { Items = [] } of paginateScan({ client }, scan)) left.push(...Items);
    expect(left).toEqual([]);
  });
});

describe('event claims in DynamoDB', () => {
  eventClaimsBehaviour((options) => new DynamoDbEventClaims({ call, tableName, ...options }));

  it('claims and completes an event with one write each', async () => {
    const claims = new DynamoDbEventClaims({
      call,
      tableName,
      eventTtlSeconds: 100,
      leaseMs: 1_000,
      nowMs: Date.now,
    });
    await claims.claim('cheap', 'm1');
    await claims.complete('cheap');
    expect(calls).toEqual(['UpdateItem', 'UpdateItem']);
  });
});
