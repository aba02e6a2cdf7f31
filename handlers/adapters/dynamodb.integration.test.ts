/** The stores in DynamoDB behave like the in-memory ones, with no more calls than necessary, since calls cost money. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionStoreBehaviour } from '../testing/connection-store.conformance.ts';
import { eventClaimsBehaviour } from '../testing/event-claims.conformance.ts';
import { DynamoDbConnectionStore } from './dynamodb-connection-store.ts';
import { DynamoDbEventClaims } from './dynamodb-event-claims.ts';

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
client.middlewareStack.add(
  (next, context) => async (args) => {
    calls.push(String(context.commandName));
    return next(args);
  },
  { step: 'initialize' },
);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
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

describe('connection store in DynamoDB', () => {
  connectionStoreBehaviour((options) => new DynamoDbConnectionStore({ client, tableName, ...options }));

  it('finds more connections than fit on one page of 1 MB', async () => {
    const store = new DynamoDbConnectionStore({ client, tableName, ttlSeconds: 100, nowMs: Date.now });
    // 1,200 ids of 900 bytes: over 1 MB of rows.
    const ids = Array.from({ length: 1_200 }, (_, index) => `${String(index).padStart(4, '0')}${'x'.repeat(896)}`);
    await Promise.all(ids.map((id) => store.addConnection('many', id)));
    calls.length = 0;
    expect(await store.connectionsOf('many')).toEqual(ids);
    expect(calls).toEqual(['QueryCommand', 'QueryCommand']);
  });

  it('connects with one put', async () => {
    await new DynamoDbConnectionStore({ client, tableName, ttlSeconds: 100, nowMs: Date.now }).addConnection('f', 'c');
    expect(calls).toEqual(['PutItemCommand']);
  });
});

describe('event claims in DynamoDB', () => {
  eventClaimsBehaviour((options) => new DynamoDbEventClaims({ client, tableName, ...options }));

  it('claims and completes an event with one write each', async () => {
    const claims = new DynamoDbEventClaims({
      client,
      tableName,
      eventTtlSeconds: 100,
      leaseMs: 1_000,
      nowMs: Date.now,
    });
    await claims.claim('cheap', 'm1');
    await claims.complete('cheap');
    expect(calls).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
  });
});
