/** Faults on the way of an event to its owner, and of connections: what the handlers make of them. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { handshakeStatus } from '../../local/testing/web-socket-client.ts';
import { eventIdOf, type FaultyStack, startFaultyStack } from './faulty-stack.fixture.ts';

let stack: FaultyStack;

beforeAll(async () => {
  stack = await startFaultyStack();
});
afterEach(() => stack.calm());
afterAll(() => stack.stop());

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
    await stack.setFault({ kind: 'delayedDelivery', delaySeconds: 2 });
    await stack.postWebhook('late', 'eve');
    const posted = performance.now();
    expect(await eventIdOf(client)).toBe('late');
    expect(performance.now() - posted).toBeGreaterThan(1_500);
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
    await stack.setFault({ kind: 'crash', operation: '*Deliver*', when, most: 1 });
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
  test('a lost $disconnect leaves the row; the next push gets a 410 and removes it', async () => {
    const client = await stack.device('hal');
    await stack.setFault({ kind: 'lostDisconnect' });
    client.socket.close();
    await client.closed;
    await stack.firedTimes(1);
    expect(await stack.rowsOf('hal')).toBe(1);
    await stack.postWebhook('to-offline-user', 'hal');
    await vi.waitFor(async () => expect(await stack.rowsOf('hal')).toBe(0), 20_000);
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
    await stack.control('PUT', { kind: 'error', service: 'lambda', operation: '*Message*' });
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
