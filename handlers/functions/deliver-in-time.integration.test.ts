/** The consumer of the queue with its real clients, and an owner most of whose connections accept a push and never answer it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DynamoDbConnectionStore } from '../adapters/dynamodb-connection-store.ts';
import { writeQueuedEvent } from '../domain/queued-event.ts';
import { dynamoDbCallTo } from '../testing/dynamodb-call.ts';

// dynalite has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

const timeoutMs = 20_000;
/** They fit at a time, so that each receipt takes the 2 s of one push. */
const hanging = 60;
/** Copies that each connection was sent. */
const copies = new Map<string, number>();
const connectionsApi = createServer((request, response) => {
  const connectionId = decodeURIComponent(request.url ?? '').replace(/^.*\//, '');
  copies.set(connectionId, (copies.get(connectionId) ?? 0) + 1);
  if (connectionId.startsWith('ok')) response.writeHead(200).end();
  if (connectionId.startsWith('opening')) response.writeHead(410).end();
});
/** SQS, which accepts a call and never answers it. */
const silent = createServer(() => {});
const dynamo = dynalite({ createTableMs: 0 });
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  // The handlers read the environment once, when they are loaded, and a worker's files share their modules.
  vi.resetModules();
  for (const server of [connectionsApi, silent, dynamo]) await once(server.listen(0, '127.0.0.1'), 'listening');
  for (const [name, value] of Object.entries({
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: urlOf(dynamo), CALLBACK_URL: `${urlOf(connectionsApi)}/prod`, TABLE_NAME: 'table' },
    ...{ CONNECTION_TTL_SECONDS: '10800', EVENT_TTL_SECONDS: '86400', STACK_NAME: 'Test', INGEST: 'lambda' },
    ...{ AWS_ENDPOINT_URL_SQS: urlOf(silent), QUEUE_URL: `${urlOf(silent)}/1/queue` },
    FUNCTION_TIMEOUT_SECONDS: String(timeoutMs / 1_000),
  })) {
    vi.stubEnv(name, value);
  }
  const client = new DynamoDBClient({});
  await client.send(
    new CreateTableCommand({
      TableName: 'table',
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
  const call = dynamoDbCallTo(urlOf(dynamo));
  const store = new DynamoDbConnectionStore({ call, tableName: 'table', ttlSeconds: 10_800, nowMs: Date.now });
  for (let index = 0; index < hanging; index++) await store.addConnection('ann', `hanging${index}=`);
  for (const connectionId of ['ok1=', 'ok2=']) await store.addConnection('ann', connectionId);
  await store.addConnection('bob', 'opening=');
  client.destroy();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  for (const server of [connectionsApi, silent, dynamo]) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

it('ends though nobody answers, and a second receipt goes on with those that were not reached', async () => {
  const { handler } = await import('./deliver.ts');
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const errors = vi.spyOn(console, 'error').mockReturnValue();
  const body = writeQueuedEvent({ eventId: 'e1', owner: 'ann', frame: '{"type":"event"}' });
  let missing = hanging + 2;
  for (const receipt of [1, 2]) {
    const endsAt = performance.now() + timeoutMs;
    const context = { getRemainingTimeInMillis: () => endsAt - performance.now() };
    const answer = await handler({ Records: [{ messageId: 'm1', body }] } as never, context as never);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    const { PushesSent } = JSON.parse(String(lines.mock.lastCall?.[0]));
    const failure = String(errors.mock.lastCall?.[0]);
    expect(failure).toMatch(new RegExp(`^Message m1: ${missing - PushesSent} of ${missing} pushes: `));
    missing -= PushesSent;
    expect(Math.max(...copies.values())).toBeLessThanOrEqual(receipt);
  }
  expect(missing).toBeGreaterThanOrEqual(hanging);
  lines.mockRestore();
  errors.mockRestore();
});

it('answers in time though a message cannot be put off, and says so: it waits for the visibility timeout', async () => {
  const { handler } = await import('./deliver.ts');
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const errors = vi.spyOn(console, 'error').mockReturnValue();
  const body = writeQueuedEvent({ eventId: 'e2', owner: 'bob', frame: '{"type":"event"}' });
  const record = { messageId: 'm2', receiptHandle: 'h2', body, attributes: { ApproximateReceiveCount: '1' } };
  const endsAt = performance.now() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => endsAt - performance.now() };
  const answer = await handler({ Records: [record] } as never, context as never);
  expect(performance.now()).toBeLessThan(endsAt);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  expect(errors.mock.calls.map(([line]) => String(line))).toEqual([
    'Message m2: 1 of 1 pushes: The connection is not open yet.',
    expect.stringMatching(/^Message m2: It could not be put off, and waits for the visibility timeout: /),
  ]);
  lines.mockRestore();
  errors.mockRestore();
});
