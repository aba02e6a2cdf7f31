import {
  ApiGatewayManagementApiClient,
  LimitExceededException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeGate } from '../testing/gate.ts';
import { type SmallStackOptions, startSmallStack } from '../testing/small-stack.ts';
import { connect, handshakeStatus } from '../testing/web-socket-client.ts';
import { localCredentials } from './connections-api/sigv4.ts';

let stack: Awaited<ReturnType<typeof startSmallStack>> | null = null;
afterEach(async () => {
  await stack?.stop();
  stack = null;
});

async function start(options: Partial<SmallStackOptions>) {
  const functions = {
    Id: `export const handler = async (event) => ({ statusCode: 200, body: event.requestContext.connectionId });`,
  };
  stack = await startSmallStack({ functions, webSocketRoutes: { '$default (two-way)': 'Id' }, ...options });
  return stack.target;
}

describe('limits', () => {
  test('new connections over the quota are 429', async () => {
    // None comes back while the test runs, however long that takes.
    const { webSocketUrl } = await start({ limits: { newConnections: { ratePerSecond: 0.001, burst: 3 } } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => handshakeStatus(webSocketUrl)));
    expect(answers.filter(({ status }) => status === 101)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 429)?.body).toBe('{"message":"Too Many Requests"}');
  });

  test('the bucket of new connections refills', async () => {
    const { webSocketUrl } = await start({ limits: { newConnections: { ratePerSecond: 2, burst: 1 } } });
    const becomes = (expected: number) =>
      vi.waitFor(async () => expect((await handshakeStatus(webSocketUrl)).status).toBe(expected), {
        timeout: 30_000,
        interval: 1,
      });
    await becomes(429);
    await becomes(101);
  });

  test("messages over the stage's throttle get a frame, and the socket stays open", async () => {
    const stageProperties = { DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 } };
    const { webSocketUrl } = await start({ stageProperties });
    const { socket, next } = await connect(webSocketUrl);
    for (let index = 0; index < 3; index++) socket.send('{}');
    const answers = [await next(), await next(), await next()];
    expect(answers.filter((answer) => answer.startsWith('{"message": "Too Many Requests", '))).toHaveLength(1);
    expect(socket.readyState).toBe(socket.OPEN);
    socket.close();
  });

  test('the account throttle is shared by messages and @connections', async () => {
    const { webSocketUrl, endpoints } = await start({
      limits: { accountThrottle: { ratePerSecond: 0.001, burst: 2 } },
    });
    const { socket, next } = await connect(webSocketUrl);
    // The handshake took one token, this message takes another.
    socket.send('{}');
    const ConnectionId = await next();
    const api = new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint: endpoints?.apiGatewayManagementApi ?? '',
      credentials: localCredentials,
      maxAttempts: 1,
    });
    await expect(api.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toBeInstanceOf(
      LimitExceededException,
    );
    socket.close();
  });

  test('an idle connection is closed with 1001', async () => {
    const { webSocketUrl } = await start({ limits: { webSocketIdleMs: 500 } });
    const { closed } = await connect(webSocketUrl);
    expect(await closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  test('a client that does not read gets its posts refused with 429', async () => {
    const { webSocketUrl, endpoints } = await start({ limits: { clientBufferBytes: 300_000 } });
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{}');
    const ConnectionId = await next();
    socket.pause();
    const api = new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint: endpoints?.apiGatewayManagementApi ?? '',
      credentials: localCredentials,
      maxAttempts: 1,
    });
    const Data = 'x'.repeat(131_072);
    // The kernel's own buffers absorb several megabytes first.
    const posts = async () => {
      for (let index = 0; index < 200; index++) await api.send(new PostToConnectionCommand({ ConnectionId, Data }));
    };
    await expect(posts()).rejects.toMatchObject({ name: 'LimitExceededException' });
    socket.terminate();
  });

  test('a function over its reserved concurrency is throttled, the others are served', async () => {
    const gate = makeGate();
    const functions = {
      Slow: `${gate.source} export const handler = async () => { await opened(); return { statusCode: 200, body: 'done' }; };`,
    };
    const { webhookUrl } = await start({
      functions,
      webSocketRoutes: {},
      functionProperties: { Slow: { ReservedConcurrentExecutions: 2, Timeout: 60 } },
      httpRoutes: { 'GET /slow': 'Slow' },
    });
    const statuses: number[] = [];
    const calls = Array.from({ length: 5 }, async () => statuses.push((await fetch(`${webhookUrl}/slow`)).status));
    await vi.waitFor(() => expect(statuses).toEqual([503, 503, 503]), 30_000);
    gate.open();
    await Promise.all(calls);
    expect(statuses).toEqual([503, 503, 503, 200, 200]);
  });

  test.each([
    [6_291_556, 200],
    [6_291_557, 500],
  ])('a function response of %d bytes results in %d', async (bytes, status) => {
    // {"statusCode":200,"body":""} is 28 bytes.
    const functions = {
      Large: `export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(${bytes} - 28) });`,
    };
    const { webhookUrl } = await start({ functions, webSocketRoutes: {}, httpRoutes: { 'GET /large': 'Large' } });
    const answer = await fetch(`${webhookUrl}/large`);
    expect(answer.status).toBe(status);
    await answer.text();
  });

  test.each([1, 3])(
    'with %d environments each still runs one event at a time, and none is lost',
    async (maxEnvironments) => {
      const functions = {
        Strict: `let busy = false; export const handler = async () => {
        if (busy) throw new Error('two concurrent events');
        busy = true;
        await new Promise((resolve) => setTimeout(resolve, 20));
        busy = false;
        return { statusCode: 200 };
      };`,
        Other: `export const handler = async () => ({ statusCode: 202 });`,
      };
      const { webhookUrl } = await start({
        functions,
        webSocketRoutes: {},
        httpRoutes: { 'GET /strict': 'Strict', 'GET /other': 'Other' },
        limits: { maxEnvironments, environmentPatienceMs: 0 },
      });
      const status = async (path: string) => (await fetch(webhookUrl + path)).status;
      const strict = Array.from({ length: 20 }, () => status('/strict'));
      // A function without an environment gets one even though another function keeps all of them busy.
      const other = status('/other');
      expect(await Promise.all(strict)).toEqual(Array.from({ length: 20 }, () => 200));
      expect(await other).toBe(202);
    },
  );
});
