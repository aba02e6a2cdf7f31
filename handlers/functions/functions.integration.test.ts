/** The handlers' entries, as the stack wires them, using their real clients: from a handshake to a push to the clean-up. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

// dynalite has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

/** Versions of each secret, by staging label. */
const secrets: Record<string, { AWSCURRENT: string; AWSPREVIOUS?: string }> = {
  token: { AWSCURRENT: 'the token secret' },
  webhook: { AWSCURRENT: 'the webhook secret' },
};
const queue: string[] = [];
/** Seconds by receipt handle. */
const putOff: Record<string, number> = {};
const pushed: { path: string; body: string }[] = [];
const gone = new Set<string>();

/** Secrets Manager, SQS and `@connections`, to the extent that the handlers call them. */
const services = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const answer = (status: number, json: unknown) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(json));
  const operation = request.headers['x-amz-target'];
  if (operation === 'secretsmanager.GetSecretValue') {
    const { SecretId, VersionStage } = JSON.parse(body);
    const SecretString = Reflect.get(secrets[SecretId] ?? {}, VersionStage);
    return SecretString === undefined
      ? answer(400, { __type: 'ResourceNotFoundException', message: `no ${VersionStage}` })
      : answer(200, { SecretString });
  }
  if (operation === 'AmazonSQS.SendMessage') {
    const { MessageBody } = JSON.parse(body);
    queue.push(MessageBody);
    return answer(200, { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') });
  }
  if (operation === 'AmazonSQS.ChangeMessageVisibilityBatch') {
    const { Entries } = JSON.parse(body);
    for (const { ReceiptHandle, VisibilityTimeout } of Entries) putOff[ReceiptHandle] = VisibilityTimeout;
    return answer(200, { Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })), Failed: [] });
  }
  const path = decodeURIComponent(request.url ?? '');
  // Without a body, like API Gateway: the error then has no name.
  if ([...gone].some((connectionId) => path.endsWith(`/${connectionId}`))) return response.writeHead(410).end();
  pushed.push({ path, body });
  return response.writeHead(200).end();
});
const dynamo = dynalite({ createTableMs: 0 });

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  // The handlers read the environment once, when they are loaded, and a worker's files share their modules.
  vi.resetModules();
  for (const server of [services, dynamo]) await once(server.listen(0, '127.0.0.1'), 'listening');
  for (const [name, value] of Object.entries({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: urlOf(dynamo),
    AWS_ENDPOINT_URL_SQS: urlOf(services),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: urlOf(services),
    CALLBACK_URL: `${urlOf(services)}/prod`,
    TABLE_NAME: 'table',
    CONNECTION_TTL_SECONDS: '10800',
    EVENT_TTL_SECONDS: '86400',
    FUNCTION_TIMEOUT_SECONDS: '30',
    MAX_WEBHOOK_BYTES: '10000',
    MAX_TOKEN_LIFETIME_SECONDS: '3600',
    USER_MESSAGES_PER_SECOND: '10',
    USER_BURST_SECONDS: '1',
    MAX_RECIPIENTS: '100',
    QUEUE_URL: `${urlOf(services)}/123456789012/queue`,
    TOKEN_SECRET_ARN: 'token',
    WEBHOOK_SECRET_ARN: 'webhook',
    STACK_NAME: 'Test',
    INGEST: 'lambda',
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
  client.destroy();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  for (const server of [services, dynamo]) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

const context = { getRemainingTimeInMillis: () => 30_000 } as never;

const recordOf = (body: string, index: number) => ({
  ...{ messageId: `m${index}`, receiptHandle: `handle of m${index}`, body },
  attributes: { ApproximateReceiveCount: '1' },
});

const socket = (connectionId: string, body?: string) => ({
  requestContext: {
    connectionId,
    authorizer: { principalId: 'ann', subscribe: 'news', publish: 'news', expiresAt: '9999999999' },
  },
  ...(body !== undefined && { body }),
});

function post(bytes: Buffer, { encoding, key = 'the webhook secret' }: { encoding?: string; key?: string } = {}) {
  return {
    requestContext: { http: { method: 'POST' } },
    headers: {
      'x-nylas-signature': createHmac('sha256', key).update(bytes).digest('hex'),
      ...(encoding && { 'content-encoding': encoding }),
    },
    body: encoding ? bytes.toString('base64') : bytes.toString(),
    isBase64Encoded: Boolean(encoding),
  };
}

it('authorizes a valid token and answers Unauthorized to an invalid one', async () => {
  const { handler } = await import('./authorize.ts');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { sub: 'ann', aud: 'loadline', iat, exp: iat + 60, channels: { subscribe: ['news'] } };
  const signed = `${part({ alg: 'HS256' })}.${part(claims)}`;
  const token = `${signed}.${createHmac('sha256', 'the token secret').update(signed).digest('base64url')}`;
  const event = { methodArn: 'arn', queryStringParameters: { token } };
  expect(await handler(event, context)).toMatchObject({
    principalId: 'ann',
    context: { subscribe: 'news', expiresAt: iat + 60 },
  });
  const forged = { ...event, queryStringParameters: { token: `${token}x` } };
  await expect(handler(forged, context)).rejects.toThrow(/^Unauthorized$/);
});

it('delivers a webhook to the open connections of its owner, once, and removes those that are gone', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.spyOn(Math, 'random').mockReturnValue(0.01);
  const wait = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const { handler: connect } = await import('./connect.ts');
  const { handler: disconnect } = await import('./disconnect.ts');
  const { handler: ingest } = await import('./ingest.ts');
  const { handler: deliver } = await import('./deliver.ts');
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const lastMetrics = () => JSON.parse(String(lines.mock.lastCall?.[0]));
  const webhook = Buffer.from('{"id":"e1","type":"message.created","data":{"object":{"grant_id":"ann"}}}');
  const deliverAll = () => deliver({ Records: queue.splice(0).map(recordOf) } as never, context);

  for (const connectionId of ['c1=', 'c2=']) {
    expect(await connect(socket(connectionId), context)).toEqual({ statusCode: 200 });
  }
  expect(await ingest(post(webhook) as never, context)).toMatchObject({ statusCode: 200 });
  expect(await ingest(post(gzipSync(webhook), { encoding: 'gzip' }) as never, context)).toMatchObject({
    statusCode: 200,
  });
  expect(await deliverAll()).toEqual({ batchItemFailures: [] });
  expect(lastMetrics()).toMatchObject({ Stack: 'Test', EventsDelivered: 1, EventsDuplicate: 1, PushesSent: 2 });
  const frame = '{"type":"event","eventId":"e1","eventType":"message.created","object":{"grant_id":"ann"}}';
  expect(pushed.splice(0).toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: '/prod/@connections/c1=', body: frame },
    { path: '/prod/@connections/c2=', body: frame },
  ]);

  // A third is listed, and its handshake is under way when the next event comes.
  await connect(socket('c3='), context);
  gone.add('c3=');
  const ingestEvent = (eventId: string) =>
    ingest(post(Buffer.from(webhook.toString().replace('e1', eventId))) as never, context);
  await ingestEvent('e2');
  const waiting = [...queue];
  expect(await deliverAll()).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(lastMetrics()).toMatchObject({ EventsDeferred: 1, EventsFailed: 0, PushesSent: 2 });
  expect(putOff).toEqual({ 'handle of m0': 5 });
  gone.clear();
  wait(5_000);
  queue.push(...waiting);
  expect(await deliverAll()).toEqual({ batchItemFailures: [] });
  expect(lastMetrics()).toMatchObject({ EventsDelivered: 1, PushesSent: 1 });
  expect(
    pushed
      .splice(0)
      .map(({ path }) => path.slice(-3))
      .toSorted(),
  ).toEqual(['c1=', 'c2=', 'c3=']);

  wait(60_000);
  // One closes with a $disconnect, two without: their rows are removed when they have been gone for a minute.
  expect(await disconnect(socket('c1='), context)).toEqual({ statusCode: 200 });
  for (const connectionId of ['c2=', 'c3=']) gone.add(connectionId);
  for (const [eventId, pushesGone] of [
    ['e3', 2],
    ['e4', 2],
    ['e5', 0],
  ] as const) {
    await ingestEvent(eventId);
    expect(await deliverAll()).toEqual({ batchItemFailures: [] });
    expect(lastMetrics()).toMatchObject({ EventsOffline: 1, PushesGone: pushesGone });
    wait(60_000);
  }
  gone.clear();

  expect(await ingest(post(webhook, { key: 'another' }) as never, context)).toMatchObject({ statusCode: 401 });
  expect(lastMetrics()).toMatchObject({ SignaturesRejected: 1 });
  expect(queue).toEqual([]);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('accepts webhooks of both versions of a rotated secret, and keeps what it cannot judge yet', async () => {
  vi.resetModules();
  const { handler } = await import('./ingest.ts');
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const webhook = Buffer.from('{"id":"e9","type":"message.created","data":{"object":{"grant_id":"ann"}}}');
  const statusOf = async (key: string) =>
    ((await handler(post(webhook, { key }) as never, context)) as { statusCode: number }).statusCode;
  expect(await statusOf('the webhook secret')).toBe(200);
  secrets.webhook = { AWSCURRENT: 'the next secret', AWSPREVIOUS: 'the webhook secret' };
  expect(await statusOf('the next secret')).toBe(200);
  expect(await statusOf('the webhook secret')).toBe(200);
  // The secret has just been read again: what fails now may have been signed with a newer one.
  expect(await handler(post(webhook, { key: 'a third secret' }) as never, context)).toMatchObject({
    statusCode: 429,
    headers: { 'retry-after': 10 },
  });
  expect(JSON.parse(String(lines.mock.lastCall?.[0]))).toMatchObject({ EventsDeferred: 1 });
  expect(queue.splice(0)).toHaveLength(3);
  lines.mockRestore();
});

it('says and counts that it refused a webhook with a valid signature', async () => {
  const { handler: ingest } = await import('./ingest.ts');
  const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const counted = () => lines.mock.calls.splice(0).map(([line]) => JSON.parse(String(line)));
  for (const [bytes, status] of [
    [Buffer.from('{"id":"e1"}'), 400],
    [Buffer.alloc(10_001, ' '), 413],
  ] as const) {
    expect(await ingest(post(bytes) as never, context)).toMatchObject({ statusCode: status });
    expect(counted()).toEqual([expect.objectContaining({ Stack: 'Test', EventsRefused: 1 })]);
    expect(said.mock.lastCall?.[0]).toContain(`refused with ${status}: `);
  }
  // Not signed: anybody's.
  expect(await ingest(post(Buffer.alloc(10_001, ' '), { key: 'another' }) as never, context)).toMatchObject({
    statusCode: expect.toSatisfy((status) => status === 401 || status === 429),
  });
  for (const line of counted()) expect(line).not.toHaveProperty('EventsRefused');
  lines.mockRestore();
  said.mockRestore();
});

it('echoes a challenge', async () => {
  const { handler } = await import('./ingest.ts');
  const event = { requestContext: { http: { method: 'GET' } }, queryStringParameters: { challenge: 'abc' } };
  expect(await handler(event as never, context)).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'text/plain' },
    body: 'abc',
  });
});

it('publishes to subscribers over @connections', async () => {
  const { handler } = await import('./message.ts');
  expect((await handler(socket('p1=', '{"action":"subscribe","id":"a","channel":"news"}'), context)).statusCode).toBe(
    200,
  );
  const answer = await handler(socket('p2=', '{"action":"publish","id":"b","channel":"news","body":"hi"}'), context);
  expect(JSON.parse(answer.body ?? '')).toEqual({
    type: 'published',
    id: 'b',
    channel: 'news',
    recipients: 1,
    failed: 0,
  });
  expect(pushed).toEqual([
    { path: '/prod/@connections/p1=', body: '{"type":"message","id":"b","channel":"news","body":"hi"}' },
  ]);
});
