/**
 * Faults of services as their clients see them, on the way of an event to its owner, and of connections: what the handlers make of them;
 * and the endpoint that sets them.
 */
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { setFaults } from '../../local/interference/faults.ts';
import { Interference } from '../../local/interference/interference.ts';
import { namedLatencyProfile } from '../../local/interference/latency-profile.ts';
import { faultsFileSchema } from '../../local/start.ts';
import { handshakeStatus } from '../../local/testing/web-socket-client.ts';
import { eventIdOf, type FaultyStack, startFaultyStack } from './faulty-stack.fixture.ts';

const fromTheStart = faultsFileSchema.parse({
  seed: 11,
  faults: [{ name: 'flaky', kind: 'error', service: 'dynamodb', operation: 'Scan', share: 0.5 }],
});
const nameOf = (error: Error & { code?: string }) => error.code ?? error.name;
let stack: FaultyStack;

beforeAll(async () => {
  stack = await startFaultyStack(fromTheStart);
});
afterEach(() => stack.calm());
afterAll(() => stack.stop());

test('faults set at the start are in the model, and affect the requests determined by the seed', async () => {
  expect(stack.target.model?.latencyProfile).toEqual({ name: 'none', latencies: [] });
  expect(stack.target.model?.faults).toEqual([expect.objectContaining({ ...fromTheStart.faults[0], seed: 11 })]);
  const faults = setFaults(fromTheStart.faults, { taken: [], seed: 11, nowMs: 0 });
  const latency = namedLatencyProfile('none');
  const sameSeed = new Interference({ latency, seed: 7, faults }, { process: 'dynamodb', nowMs: () => 0 });
  for (let count = 0; count < 20; count++) {
    const expected = sameSeed.decide({ service: 'dynamodb', operation: 'Scan' }) ? 'InternalServerError' : 'served';
    expect(await stack.scan().then(() => 'served', nameOf)).toBe(expected);
  }
});

describe('services', () => {
  test('errors have the SDK’s classes, including throttles and custom names', async () => {
    await stack.setFault({ kind: 'error', service: 'dynamodb', operation: 'Scan', most: 2 });
    await expect(stack.scan()).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(stack.scan()).rejects.toMatchObject({ name: 'InternalServerError' });
    await stack.scan();
    await stack.firedTimes(2);
    await stack.control('PUT', { kind: 'throttle', service: 'dynamodb' });
    await expect(stack.scan()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
    await stack.control('PUT', { kind: 'error', service: 'dynamodb', error: 'ProvisionedThroughputExceededException' });
    await expect(stack.scan()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    const queueUrl = new GetQueueUrlCommand({ QueueName: stack.target.resources.queueName });
    await stack.control('PUT', { kind: 'throttle', service: 'sqs', operation: 'GetQueueUrl' });
    await expect(stack.clients.sqs.send(queueUrl)).rejects.toMatchObject({ name: 'RequestThrottled' });
    await stack.control('PUT', { kind: 'error', service: 'cloudwatch', operation: 'ListMetrics' });
    await expect(stack.clients.cloudwatch.send(new ListMetricsCommand())).rejects.toMatchObject({
      name: 'InternalServiceFault',
      $metadata: { httpStatusCode: 500 },
    });
    await stack.control('PUT', { kind: 'throttle', service: 'secretsManager' });
    const secret = new GetSecretValueCommand({ SecretId: stack.target.resources.tokenSecretArn });
    await expect(stack.clients.secrets.send(secret)).rejects.toMatchObject({ name: 'ThrottlingException' });
    await stack.control('DELETE');
    expect((await stack.clients.secrets.send(secret)).SecretString).toBe(stack.target.tokenSecret);
  });

  test('a partition hangs until it heals, or resets', async () => {
    await stack.setFault({ kind: 'partition', service: 'dynamodb', callers: 'others' });
    await expect(stack.scan(stack.impatient)).rejects.toMatchObject({ name: 'TimeoutError' });
    await stack.control('PUT', { kind: 'partition', service: 'dynamodb', way: 'reset' });
    expect(await stack.scan().catch(nameOf)).toBe('ECONNRESET');
    await stack.control('DELETE');
    expect((await stack.scan()).Count).toBeDefined();
  });

  test('a function that cannot reach the table fails its message; the next one succeeds', async () => {
    const { socket, next } = await stack.device('cat');
    await stack.setFault({ kind: 'partition', service: 'dynamodb', way: 'reset', callers: 'functions' });
    socket.send('{"action":"subscribe","id":"s1","channel":"c"}');
    expect(JSON.parse(await next())).toMatchObject({ message: 'Internal server error' });
    expect((await stack.scan()).Count).toBeDefined();
    await stack.control('DELETE');
    socket.send('{"action":"subscribe","id":"s2","channel":"c"}');
    expect(JSON.parse(await next())).toEqual({ type: 'subscribed', id: 's2', channel: 'c' });
  });

  test('a lost response is a failure for the client, but the request was performed', async () => {
    const Key = { pk: { S: 'lost' }, sk: { S: 'answer' } };
    await stack.setFault({ kind: 'lostAnswer', service: 'dynamodb', operation: 'PutItem' });
    expect(await stack.clients.dynamodb.send(new PutItemCommand({ ...stack.table, Item: Key })).catch(nameOf)).toBe(
      'ECONNRESET',
    );
    const { Item } = await stack.clients.dynamodb.send(
      new GetItemCommand({ ...stack.table, Key, ConsistentRead: true }),
    );
    expect(Item).toEqual(Key);
  });

  test('added latency', async () => {
    await stack.setFault({ kind: 'latency', service: 'dynamodb', operation: 'Scan', delay: 150 });
    const tookMs: number[] = [];
    for (let scan = 0; scan < 5; scan++) {
      const started = performance.now();
      await stack.scan();
      tookMs.push(performance.now() - started);
    }
    expect(Math.min(...tookMs)).toBeGreaterThanOrEqual(149);
    // It is added once: one of five meets the machine when it is not busy.
    expect(Math.min(...tookMs)).toBeLessThan(300);
  });
});

describe('delivery', () => {
  test('a message delivered twice is pushed once', async () => {
    const client = await stack.device('dora');
    await stack.setFault({ kind: 'duplicateDelivery' });
    const before = await stack.sumOf({ Namespace: 'Loadline', MetricName: 'EventsDuplicate' });
    expect((await stack.postWebhook('dup-1', 'dora')).status).toBe(200);
    expect(await eventIdOf(client)).toBe('dup-1');
    await stack.firedTimes(1);
    await vi.waitFor(
      async () =>
        expect(await stack.sumOf({ Namespace: 'Loadline', MetricName: 'EventsDuplicate' })).toBeGreaterThan(before),
      { timeout: 20_000, interval: 200 },
    );
    await stack.control('DELETE');
    // The next push is the next event's: none came twice.
    await stack.postWebhook('dup-2', 'dora');
    expect(await eventIdOf(client)).toBe('dup-2');
  });

  test('a delayed message comes when it may', async () => {
    const client = await stack.device('eve');
    await stack.setFault({ kind: 'delayedDelivery', delaySeconds: 1 });
    await stack.postWebhook('late', 'eve');
    const posted = performance.now();
    expect(await eventIdOf(client)).toBe('late');
    expect(performance.now() - posted).toBeGreaterThan(900);
  });

  // Without the handler the message comes again after its visibility timeout of 1 s; after it, the push is out already.
  test.each([
    ['before', 900],
    ['after', 0],
  ])('an environment that crashes %s its handler loses no event', async (when, earliestMs) => {
    const FunctionName = stack.target.resources.functionNames.deliver;
    const errors = {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
    };
    const failed = await stack.sumOf(errors);
    const client = await stack.device(`fay-${when}`);
    await stack.setFault({ kind: 'crash', operation: '*deliver*', when, most: 1 });
    const posted = performance.now();
    await stack.postWebhook(`crash-${when}`, `fay-${when}`);
    expect(await eventIdOf(client)).toBe(`crash-${when}`);
    expect(performance.now() - posted).toBeGreaterThan(earliestMs);
    await stack.firedTimes(1);
    await vi.waitFor(async () => expect(await stack.sumOf(errors)).toBe(failed + 1), 20_000);
    await stack.postWebhook(`crash-${when}-next`, `fay-${when}`);
    expect(await eventIdOf(client)).toBe(`crash-${when}-next`);
  });

  test('a post to a connection that is throttled is tried again; one whose answer is lost arrives twice', async () => {
    const client = await stack.device('gus');
    await stack.setFault({ kind: 'throttle', service: 'connectionsApi', operation: 'PostToConnection', most: 2 });
    await stack.postWebhook('throttled', 'gus');
    expect(await eventIdOf(client)).toBe('throttled');
    await stack.control('PUT', { kind: 'lostAnswer', service: 'connectionsApi', most: 1 });
    await stack.postWebhook('twice', 'gus');
    expect([await eventIdOf(client), await eventIdOf(client)]).toEqual(['twice', 'twice']);
  });
});

describe('connections', () => {
  test('a lost $disconnect leaves the row; while a handshake may be under way, a 410 removes neither it nor the event', async () => {
    const deferred = { Namespace: 'Loadline', MetricName: 'EventsDeferred' };
    const client = await stack.device('hal');
    await stack.setFault({ kind: 'lostDisconnect' });
    client.socket.close();
    await client.closed;
    await stack.firedTimes(1);
    expect(await stack.rowsOf('hal')).toBe(1);
    const before = await stack.sumOf(deferred);
    await stack.postWebhook('to-offline-user', 'hal');
    await vi.waitFor(async () => expect(await stack.sumOf(deferred)).toBeGreaterThan(before), 20_000);
    expect(await stack.rowsOf('hal')).toBe(1);
  });

  test('a forced disconnect closes with its code, or without a close frame', async () => {
    const first = await stack.device('ida');
    await stack.setFault({ kind: 'disconnect' });
    expect(await first.closed).toEqual({ code: 1001, reason: 'Going away' });
    const second = await stack.device('ida');
    await stack.control('PUT', { kind: 'disconnect', way: 'reset' });
    expect((await second.closed).code).toBe(1006);
    await vi.waitFor(async () => expect(await stack.rowsOf('ida')).toBe(0), 20_000);
  });

  test('routes: a throttled message, a failing one, a handshake that is refused', async () => {
    const { socket, next } = await stack.device('joe');
    const say = async () => {
      socket.send('{"action":"ping","id":"p"}');
      return JSON.parse(await next());
    };
    await stack.setFault({ kind: 'throttle', service: 'webSocketApi', operation: 'ping' });
    expect(await say()).toMatchObject({ message: 'Too Many Requests' });
    await stack.control('PUT', { kind: 'error', service: 'lambda', operation: '*message*' });
    expect(await say()).toMatchObject({ message: 'Internal server error' });
    await stack.control('PUT', { kind: 'error', service: 'webSocketApi', operation: '$connect', status: 503 });
    expect((await handshakeStatus(`${stack.target.webSocketUrl}?token=any`)).status).toBe(503);
    await stack.control('DELETE');
    expect(await say()).toEqual({ type: 'pong', id: 'p' });
  });

  test('the webhook API: an error and a throttle, in its own words', async () => {
    await stack.setFault({ kind: 'error', service: 'httpApi', operation: 'POST *', status: 503 });
    expect((await stack.postWebhook('refused', 'kim')).status).toBe(503);
    expect((await fetch(`${stack.target.webhookUrl}?challenge=yes`)).status).toBe(200);
    await stack.control('PUT', { kind: 'throttle', service: 'httpApi' });
    const throttled = await fetch(`${stack.target.webhookUrl}?challenge=yes`);
    expect([throttled.status, await throttled.text()]).toEqual([429, '{"message":"Too Many Requests"}']);
  });
});

describe('the control endpoint', () => {
  test('adds, lists, replaces and clears; a cleared fault keeps its count', async () => {
    const fault = { name: 'one', kind: 'error', service: 'dynamodb', operation: 'Scan', seed: 3 };
    await stack.control('POST', [fault, { kind: 'partition', service: 'sqs', share: 0 }]);
    await stack.scan().catch(() => undefined);
    await vi.waitFor(async () => {
      const { faults } = (await stack.control('GET')).body;
      expect(faults).toMatchObject([
        { name: 'one', fired: 1, seed: 3 },
        { name: 'partition sqs', fired: 0, seed: 7 },
      ]);
    }, 20_000);
    const { body } = await stack.control('DELETE', undefined, '/one');
    expect(body.faults.map(({ name }) => name)).toEqual(['partition sqs']);
    expect(body.cleared).toContainEqual(
      expect.objectContaining({ name: 'one', kind: 'error', fired: 1, cleared: true }),
    );
    expect(await stack.sumOf({ Namespace: 'Loadline/Local', Dimensions: [{ Name: 'Fault', Value: 'one' }] })).toBe(1);
    expect((await stack.control('DELETE', undefined, '/one')).status).toBe(404);
  });

  test.each([
    ['{', 'The body is not JSON: send a fault, a list of faults, or {"faults": […]}.'],
    [{ kind: 'latency', service: 'dynamodb' }, /^faults\.0\.delay: expected milliseconds, or quantiles/],
    [{ kind: 'slow' }, /^faults\.0\.kind: expected one of latency, error, /],
    [{ kind: 'error', service: 'sqs', shares: 1 }, /^faults\.0: .*"shares"/],
  ])('refuses %j with one sentence', async (body, sentence) => {
    const answer = await stack.control('POST', body);
    expect(answer.status).toBe(400);
    expect((answer.body as unknown as { message: string }).message).toMatch(sentence);
    expect((await stack.control('GET')).body.faults).toEqual([]);
  });
});
