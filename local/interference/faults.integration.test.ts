/** Each fault as a client sees it, against the running reference stack. */
import { createHmac } from 'node:crypto';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../../stack/settings.ts';
import { type LocalTarget, startLocalTarget } from '../start.ts';
import { type Client, connect, handshakeStatus } from '../testing/web-socket-client.ts';
import { faultsFileSchema, setFaults } from './faults.ts';
import { Interference } from './interference.ts';
import { namedLatencyProfile } from './latency-profile.ts';

const fromTheStart = faultsFileSchema.parse({
  seed: 11,
  faults: [{ name: 'flaky', kind: 'error', service: 'dynamodb', operation: 'Scan', share: 0.5 }],
});
let local: LocalTarget;
let clients: { dynamodb: DynamoDBClient; sqs: SQSClient; cloudwatch: CloudWatchClient; secrets: SecretsManagerClient };
let table: { TableName: string };
let open: Client[] = [];

beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings(), seed: 7, faults: fromTheStart });
  const { endpoints } = local.target;
  const common = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true },
  };
  clients = {
    dynamodb: new DynamoDBClient({ ...common, endpoint: endpoints?.dynamodb ?? '' }),
    sqs: new SQSClient({ ...common, endpoint: endpoints?.sqs ?? '' }),
    cloudwatch: new CloudWatchClient({ ...common, endpoint: endpoints?.cloudwatch ?? '' }),
    secrets: new SecretsManagerClient({ ...common, endpoint: endpoints?.secretsManager ?? '' }),
  };
  table = { TableName: local.target.resources.tableName };
  // A message that was not deleted is to come again within a second.
  const QueueUrl = local.target.resources.queueUrl;
  await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
});
afterEach(async () => {
  await control('DELETE');
  for (const { socket } of open) socket.terminate();
  open = [];
});
afterAll(() => local.stop());

interface Listed {
  faults: { name: string; fired: number; seed: number; description: string }[];
  cleared: { name: string; fired: number }[];
}

async function control(method: string, body?: unknown, path = ''): Promise<{ status: number; body: Listed }> {
  const response = await fetch(`${local.target.endpoints?.cloudwatch}/_loadline/faults${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Listed };
}

let faultsSet = 0;
/** Under a new name each time: what fired under an old one is still counted. */
async function setFault(fault: object): Promise<void> {
  faultsSet += 1;
  const { status, body } = await control('POST', { name: `fault ${faultsSet}`, ...fault });
  expect(status, JSON.stringify(body)).toBe(200);
}

/** The one fault has fired so often; the other processes report within a second. */
const firedTimes = (count: number) =>
  vi.waitFor(async () => expect((await control('GET')).body.faults.map(({ fired }) => fired)).toEqual([count]), 3_000);

async function device(user: string): Promise<Client> {
  const key = new TextEncoder().encode(local.target.tokenSecret);
  const token = await new SignJWT({ sub: user }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key);
  const client = await connect(`${local.target.webSocketUrl}?token=${token}`);
  open.push(client);
  return client;
}

function postWebhook(id: string, owner: string): Promise<Response> {
  const object = { id: 'm-1', grant_id: owner, object: 'message', subject: 'Hello' };
  const data = { application_id: 'app', object };
  const event = { specversion: '1.0', type: 'message.created', source: '/google', id, time: 1_787_827_767, data };
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', local.target.webhookSecret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-nylas-signature': signature };
  return fetch(local.target.webhookUrl, { method: 'POST', headers, body });
}

const eventIdOf = async (client: Client): Promise<string> => JSON.parse(await client.next()).eventId;
const rowsOf = async (user: string): Promise<number> => {
  const { Items = [] } = await clients.dynamodb.send(new ScanCommand(table));
  return Items.filter(({ pk }) => pk?.S === `U#${user}`).length;
};
const nameOf = (error: Error & { code?: string }) => error.code ?? error.name;
const scan = () => clients.dynamodb.send(new ScanCommand(table));

/** Sum of a metric over the last minutes, whatever its dimensions beside those asked for. */
async function sumOf(metric: ListMetricsCommandInput): Promise<number> {
  const { Metrics = [] } = await clients.cloudwatch.send(new ListMetricsCommand(metric));
  const now = Date.now();
  const window = { StartTime: new Date(now - 600_000), EndTime: new Date(now + 60_000), Period: 60 };
  const sums = await Promise.all(
    Metrics.map(async ({ Namespace, MetricName, Dimensions }) => {
      const query = { Namespace, MetricName, Dimensions, Statistics: ['Sum' as const], ...window };
      const { Datapoints = [] } = await clients.cloudwatch.send(new GetMetricStatisticsCommand(query));
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    }),
  );
  return Math.max(0, ...sums);
}

test('faults from the start are in the notes, beside the profile, and meet the requests that the seed says', async () => {
  expect(local.target.notes).toEqual([
    'Latency profile "none": no service latency is modelled; every latency is this machine’s own.',
    'Fault "flaky": error of dynamodb Scan, share 0.5, from 0 s until it is cleared, seed 11.',
  ]);
  const faults = setFaults(fromTheStart.faults, { taken: [], seed: 11, nowMs: 0 });
  const latency = namedLatencyProfile('none');
  const sameSeed = new Interference({ latency, seed: 7, faults }, { process: 'dynamodb', nowMs: () => 0 });
  for (let count = 0; count < 20; count++) {
    const expected = sameSeed.decide({ service: 'dynamodb', operation: 'Scan' }) ? 'InternalServerError' : 'served';
    expect(await scan().then(() => 'served', nameOf)).toBe(expected);
  }
});

describe('services', () => {
  test('errors have the SDK’s classes, throttles and names of one’s own too', async () => {
    await setFault({ kind: 'error', service: 'dynamodb', operation: 'Scan', most: 2 });
    await expect(scan()).rejects.toMatchObject({ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } });
    await expect(scan()).rejects.toMatchObject({ name: 'InternalServerError' });
    await scan();
    await firedTimes(2);
    await control('PUT', { kind: 'throttle', service: 'dynamodb' });
    await expect(scan()).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    await control('PUT', { kind: 'error', service: 'dynamodb', error: 'ProvisionedThroughputExceededException' });
    await expect(scan()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    const queueUrl = new GetQueueUrlCommand({ QueueName: local.target.resources.queueName });
    await control('PUT', { kind: 'throttle', service: 'sqs', operation: 'GetQueueUrl' });
    await expect(clients.sqs.send(queueUrl)).rejects.toMatchObject({ name: 'RequestThrottled' });
    await control('PUT', { kind: 'error', service: 'cloudwatch', operation: 'ListMetrics' });
    await expect(clients.cloudwatch.send(new ListMetricsCommand())).rejects.toMatchObject({
      name: 'InternalServiceFault',
      $metadata: { httpStatusCode: 500 },
    });
    await control('PUT', { kind: 'throttle', service: 'secretsManager' });
    const secret = new GetSecretValueCommand({ SecretId: local.target.resources.tokenSecretArn });
    await expect(clients.secrets.send(secret)).rejects.toMatchObject({ name: 'ThrottlingException' });
    await control('DELETE');
    expect((await clients.secrets.send(secret)).SecretString).toBe(local.target.tokenSecret);
  });

  test('a partition hangs until it heals, or resets', async () => {
    await setFault({ kind: 'partition', service: 'dynamodb', callers: 'others' });
    await expect(scan()).rejects.toMatchObject({ name: 'TimeoutError' });
    await control('PUT', { kind: 'partition', service: 'dynamodb', way: 'reset' });
    expect(await scan().catch(nameOf)).toBe('ECONNRESET');
    await control('DELETE');
    expect((await scan()).Count).toBeDefined();
  });

  test('a function that cannot reach the table fails its message; the next one is served', async () => {
    const { socket, next } = await device('cat');
    await setFault({ kind: 'partition', service: 'dynamodb', way: 'reset', callers: 'functions' });
    socket.send('{"action":"subscribe","id":"s1","channel":"c"}');
    expect(JSON.parse(await next())).toMatchObject({ message: 'Internal server error' });
    expect((await scan()).Count).toBeDefined();
    await control('DELETE');
    socket.send('{"action":"subscribe","id":"s2","channel":"c"}');
    expect(JSON.parse(await next())).toEqual({ type: 'subscribed', id: 's2', channel: 'c' });
  });

  test('a lost answer is a failure to the client, and done all the same', async () => {
    const Key = { pk: { S: 'lost' }, sk: { S: 'answer' } };
    await setFault({ kind: 'lostAnswer', service: 'dynamodb', operation: 'PutItem' });
    expect(await clients.dynamodb.send(new PutItemCommand({ ...table, Item: Key })).catch(nameOf)).toBe('ECONNRESET');
    const { Item } = await clients.dynamodb.send(new GetItemCommand({ ...table, Key, ConsistentRead: true }));
    expect(Item).toEqual(Key);
  });

  test('added latency', async () => {
    await setFault({ kind: 'latency', service: 'dynamodb', operation: 'Scan', delay: 150 });
    const started = performance.now();
    await scan();
    const tookMs = performance.now() - started;
    expect(tookMs).toBeGreaterThanOrEqual(149);
    expect(tookMs).toBeLessThan(300);
  });
});

describe('delivery', () => {
  test('a message delivered twice is pushed once', async () => {
    const client = await device('dora');
    await setFault({ kind: 'duplicateDelivery' });
    const before = await sumOf({ Namespace: 'Loadline', MetricName: 'EventsDuplicate' });
    expect((await postWebhook('dup-1', 'dora')).status).toBe(200);
    expect(await eventIdOf(client)).toBe('dup-1');
    await firedTimes(1);
    await vi.waitFor(
      async () => expect(await sumOf({ Namespace: 'Loadline', MetricName: 'EventsDuplicate' })).toBeGreaterThan(before),
      { timeout: 5_000, interval: 200 },
    );
    await control('DELETE');
    // The next push is the next event's: none came twice.
    await postWebhook('dup-2', 'dora');
    expect(await eventIdOf(client)).toBe('dup-2');
  });

  test('a delayed message comes when it may', async () => {
    const client = await device('eve');
    await setFault({ kind: 'delayedDelivery', delaySeconds: 2 });
    await postWebhook('late', 'eve');
    const posted = performance.now();
    expect(await eventIdOf(client)).toBe('late');
    expect(performance.now() - posted).toBeGreaterThan(1_500);
  });

  // Without the handler the message comes again after its visibility timeout of 1 s; after it, the push is out already.
  test.each([
    ['before', 900],
    ['after', 0],
  ])('an environment that crashes %s its handler loses no event', async (when, earliestMs) => {
    const FunctionName = local.target.resources.functionNames.deliver;
    const errors = {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
    };
    const failed = await sumOf(errors);
    const client = await device(`fay-${when}`);
    await setFault({ kind: 'crash', operation: '*Deliver*', when, most: 1 });
    const posted = performance.now();
    await postWebhook(`crash-${when}`, `fay-${when}`);
    expect(await eventIdOf(client)).toBe(`crash-${when}`);
    expect(performance.now() - posted).toBeGreaterThan(earliestMs);
    await firedTimes(1);
    await vi.waitFor(async () => expect(await sumOf(errors)).toBe(failed + 1), 3_000);
    await postWebhook(`crash-${when}-next`, `fay-${when}`);
    expect(await eventIdOf(client)).toBe(`crash-${when}-next`);
  });

  test('a post to a connection that is throttled is tried again; one whose answer is lost arrives twice', async () => {
    const client = await device('gus');
    await setFault({ kind: 'throttle', service: 'connectionsApi', operation: 'PostToConnection', most: 2 });
    await postWebhook('throttled', 'gus');
    expect(await eventIdOf(client)).toBe('throttled');
    await control('PUT', { kind: 'lostAnswer', service: 'connectionsApi', most: 1 });
    await postWebhook('twice', 'gus');
    expect([await eventIdOf(client), await eventIdOf(client)]).toEqual(['twice', 'twice']);
  });
});

describe('connections', () => {
  test('a lost $disconnect leaves the row; the next push gets a 410 and removes it', async () => {
    const client = await device('hal');
    await setFault({ kind: 'lostDisconnect' });
    client.socket.close();
    await client.closed;
    await firedTimes(1);
    expect(await rowsOf('hal')).toBe(1);
    await postWebhook('to-nobody', 'hal');
    await vi.waitFor(async () => expect(await rowsOf('hal')).toBe(0), 5_000);
  });

  test('a forced disconnect closes with its code, or without a close frame', async () => {
    const first = await device('ida');
    await setFault({ kind: 'disconnect' });
    expect(await first.closed).toEqual({ code: 1001, reason: 'Going away' });
    const second = await device('ida');
    await control('PUT', { kind: 'disconnect', way: 'reset' });
    expect((await second.closed).code).toBe(1006);
    await vi.waitFor(async () => expect(await rowsOf('ida')).toBe(0), 5_000);
  });

  test('routes: a throttled message, a failing one, a handshake that is refused', async () => {
    const { socket, next } = await device('joe');
    const say = async () => {
      socket.send('{"action":"ping","id":"p"}');
      return JSON.parse(await next());
    };
    await setFault({ kind: 'throttle', service: 'webSocketApi', operation: 'ping' });
    expect(await say()).toMatchObject({ message: 'Too Many Requests' });
    await control('PUT', { kind: 'error', service: 'lambda', operation: '*Message*' });
    expect(await say()).toMatchObject({ message: 'Internal server error' });
    await control('PUT', { kind: 'error', service: 'webSocketApi', operation: '$connect', status: 503 });
    expect((await handshakeStatus(`${local.target.webSocketUrl}?token=any`)).status).toBe(503);
    await control('DELETE');
    expect(await say()).toEqual({ type: 'pong', id: 'p' });
  });

  test('the webhook API: an error and a throttle, in its own words', async () => {
    await setFault({ kind: 'error', service: 'httpApi', operation: 'POST *', status: 503 });
    expect((await postWebhook('refused', 'kim')).status).toBe(503);
    expect((await fetch(`${local.target.webhookUrl}?challenge=yes`)).status).toBe(200);
    await control('PUT', { kind: 'throttle', service: 'httpApi' });
    const throttled = await fetch(`${local.target.webhookUrl}?challenge=yes`);
    expect([throttled.status, await throttled.text()]).toEqual([429, '{"message":"Too Many Requests"}']);
  });
});

describe('the control endpoint', () => {
  test('adds, lists, replaces and clears; what was cleared keeps its count', async () => {
    const fault = { name: 'one', kind: 'error', service: 'dynamodb', operation: 'Scan', seed: 3 };
    await control('POST', [fault, { kind: 'partition', service: 'sqs', share: 0 }]);
    await scan().catch(() => undefined);
    await vi.waitFor(async () => {
      const { faults } = (await control('GET')).body;
      expect(faults).toMatchObject([
        { name: 'one', fired: 1, seed: 3 },
        { name: 'partition sqs', fired: 0, seed: 7 },
      ]);
      expect(faults[0]?.description).toBe(
        'Fault "one": error of dynamodb Scan, share 1, from 0 s until it is cleared, seed 3.',
      );
    }, 3_000);
    const { body } = await control('DELETE', undefined, '/one');
    expect(body.faults.map(({ name }) => name)).toEqual(['partition sqs']);
    expect(body.cleared).toContainEqual(
      expect.objectContaining({ name: 'one', kind: 'error', fired: 1, cleared: true }),
    );
    expect(await sumOf({ Namespace: 'Loadline/Local', Dimensions: [{ Name: 'Fault', Value: 'one' }] })).toBe(1);
    expect((await control('DELETE', undefined, '/one')).status).toBe(404);
  });

  test.each([
    ['{', 'The body is not JSON: send a fault, a list of faults, or {"faults": […]}.'],
    [{ kind: 'latency', service: 'dynamodb' }, /^faults\.0\.delay: expected milliseconds, or quantiles/],
    [{ kind: 'slow' }, /^faults\.0\.kind: expected one of latency, error, /],
    [{ kind: 'error', service: 'sqs', shares: 1 }, /^faults\.0: .*"shares"/],
  ])('refuses %j in a sentence', async (body, sentence) => {
    const answer = await control('POST', body);
    expect(answer.status).toBe(400);
    expect((answer.body as unknown as { message: string }).message).toMatch(sentence);
    expect((await control('GET')).body.faults).toEqual([]);
  });
});
