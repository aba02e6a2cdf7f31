/** Faults of services as their clients see them, and the endpoint that sets them. */
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { setFaults } from '../../local/interference/faults.ts';
import { Interference } from '../../local/interference/interference.ts';
import { namedLatencyProfile } from '../../local/interference/latency-profile.ts';
import { faultsFileSchema } from '../../local/start.ts';
import { type FaultyStack, startFaultyStack } from './faulty-stack.fixture.ts';

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

test('faults from the start are in the model, and meet the requests that the seed says', async () => {
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
  test('errors have the SDK’s classes, throttles and names of one’s own too', async () => {
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
    await expect(stack.scan()).rejects.toMatchObject({ name: 'TimeoutError' });
    await stack.control('PUT', { kind: 'partition', service: 'dynamodb', way: 'reset' });
    expect(await stack.scan().catch(nameOf)).toBe('ECONNRESET');
    await stack.control('DELETE');
    expect((await stack.scan()).Count).toBeDefined();
  });

  test('a function that cannot reach the table fails its message; the next one is served', async () => {
    const { socket, next } = await stack.device('cat');
    await stack.setFault({ kind: 'partition', service: 'dynamodb', way: 'reset', callers: 'functions' });
    socket.send('{"action":"subscribe","id":"s1","channel":"c"}');
    expect(JSON.parse(await next())).toMatchObject({ message: 'Internal server error' });
    expect((await stack.scan()).Count).toBeDefined();
    await stack.control('DELETE');
    socket.send('{"action":"subscribe","id":"s2","channel":"c"}');
    expect(JSON.parse(await next())).toEqual({ type: 'subscribed', id: 's2', channel: 'c' });
  });

  test('a lost answer is a failure to the client, and done all the same', async () => {
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
    const started = performance.now();
    await stack.scan();
    const tookMs = performance.now() - started;
    expect(tookMs).toBeGreaterThanOrEqual(149);
    expect(tookMs).toBeLessThan(300);
  });
});

describe('the control endpoint', () => {
  test('adds, lists, replaces and clears; what was cleared keeps its count', async () => {
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
  ])('refuses %j in a sentence', async (body, sentence) => {
    const answer = await stack.control('POST', body);
    expect(answer.status).toBe(400);
    expect((answer.body as unknown as { message: string }).message).toMatch(sentence);
    expect((await stack.control('GET')).body.faults).toEqual([]);
  });
});
