/** Several gateway processes must behave like one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen } from '../../process/listen.ts';
import { type SmallStackOptions, startSmallStack } from '../../testing/small-stack.ts';
import { connect, handshakeStatus } from '../../testing/web-socket-client.ts';
import { localCredentials } from '../connections-api/sigv4.ts';

const functions = {
  Connect: `export const handler = async (event) => {
    const { waitMs, status } = event.queryStringParameters ?? {};
    await new Promise((resolve) => setTimeout(resolve, Number(waitMs ?? 0)));
    return { statusCode: Number(status ?? 200), headers: { 'Sec-WebSocket-Protocol': 'second' } };
  };`,
  Echo: `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
};
/** Waits until it holds, even on a busy machine. */
const patiently = { timeout: 30_000, interval: 50 };
const webSocketRoutes = { $connect: 'Connect', '$default (two-way)': 'Echo' };

let stack: Awaited<ReturnType<typeof startSmallStack>> | null = null;
afterEach(async () => {
  await stack?.stop();
  stack = null;
});

const startStack = (options: Partial<SmallStackOptions> = {}) =>
  startSmallStack({ functions, webSocketRoutes, gatewayProcesses: 2, ...options });

/** Until the end of the test. */
async function start(options: Partial<SmallStackOptions> = {}) {
  stack = await startStack(options);
  return withApi(stack);
}

function withApi({ target }: Awaited<ReturnType<typeof startSmallStack>>) {
  const api = (endpoint = target.endpoints?.apiGatewayManagementApi ?? '') =>
    new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint,
      credentials: localCredentials,
      maxAttempts: 1,
    });
  return { ...target, api };
}

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

describe('with two gateway processes', () => {
  let shared: Awaited<ReturnType<typeof startStack>>;
  beforeAll(async () => {
    shared = await startStack({ limits: { clientBufferBytes: 300_000 } });
  });
  afterAll(() => shared.stop());

  test('the handshake waits for $connect, its status is passed on, and the subprotocol is what it chose', async () => {
    const { webSocketUrl } = shared.target;
    const began = performance.now();
    const { socket } = await connect(`${webSocketUrl}?waitMs=300`, ['first', 'second']);
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
    expect(socket.protocol).toBe('second');
    expect((await handshakeStatus(`${webSocketUrl}?status=418`)).status).toBe(418);
    socket.close();
  });

  test('both hold connections, and each gets the answers to its own messages', async () => {
    const { webSocketUrl, processIds } = shared.target;
    expect(processIds).toHaveLength(2);
    const clients = await Promise.all(Array.from({ length: 24 }, () => connect(webSocketUrl)));
    for (const [index, { socket }] of clients.entries()) {
      for (let message = 0; message < 5; message++)
        socket.send(JSON.stringify({ index, message, text: 'ü'.repeat(9) }));
    }
    const ids = new Set<string>();
    for (const [index, { next }] of clients.entries()) {
      const answered: number[] = [];
      while (answered.length < 5) {
        const event = JSON.parse(await next());
        ids.add(event.requestContext.connectionId);
        const { message, ...rest } = JSON.parse(event.body);
        expect(rest).toEqual({ index, text: 'ü'.repeat(9) });
        answered.push(message);
      }
      // Each message is an invocation of its own, so a later one may be answered first.
      expect(answered.toSorted()).toEqual([0, 1, 2, 3, 4]);
    }
    expect(ids.size).toBe(24);
    for (const { socket } of clients) socket.close();
  });

  test('the account throttle is one bucket for all of them', async () => {
    const { webSocketUrl } = await start({
      limits: {
        accountThrottle: { ratePerSecond: 0.001, burst: 10 },
        newConnections: { ratePerSecond: 1, burst: 100 },
      },
    });
    const statuses = await Promise.all(Array.from({ length: 16 }, () => handshakeStatus(webSocketUrl)));
    expect(statuses.filter(({ status }) => status === 101)).toHaveLength(10);
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(6);
  });

  test('@connections reaches a connection wherever it is held, at its own address and at the shared one', async () => {
    const { webSocketUrl, api } = withApi(shared);
    const { socket, next, closed } = await connect(webSocketUrl);
    socket.send('{}');
    const { connectionId: ConnectionId, domainName, stage } = JSON.parse(await next()).requestContext;
    const message = 'é'.repeat(40_000);
    await api().send(new PostToConnectionCommand({ ConnectionId, Data: message }));
    expect(await next()).toBe(message);
    const sharedApi = api(`http://${domainName}/${stage}`);
    await sharedApi.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
    expect(await next()).toBe('x');
    const { ConnectedAt, LastActiveAt } = await sharedApi.send(new GetConnectionCommand({ ConnectionId }));
    expect(LastActiveAt?.getTime()).toBeGreaterThanOrEqual(ConnectedAt?.getTime() ?? Number.NaN);
    await sharedApi.send(new DeleteConnectionCommand({ ConnectionId }));
    expect(await closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    await expect(api().send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toBeInstanceOf(
      GoneException,
    );
  });

  test('a client that does not read gets its posts refused with 429', async () => {
    const { webSocketUrl, api } = withApi(shared);
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{}');
    const { connectionId: ConnectionId } = JSON.parse(await next()).requestContext;
    socket.pause();
    const client = api();
    const posts = async () => {
      for (let index = 0; index < 200; index++)
        await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'x'.repeat(120_000) }));
    };
    await expect(posts()).rejects.toBeInstanceOf(LimitExceededException);
    socket.terminate();
  });

  test.each([
    ['idle', { webSocketIdleMs: 500 }],
    ['lifetime', { webSocketLifetimeMs: 500 }],
  ])('the %s limit closes with 1001 and calls $disconnect', async (_name, limits) => {
    const folder = mkdtempSync(join(tmpdir(), 'loadline-edges-'));
    const eventFile = join(folder, 'disconnects.ndjson');
    const Disconnect = `import { appendFileSync } from 'node:fs';
      export const handler = async ({ requestContext }) => appendFileSync(${JSON.stringify(eventFile)}, JSON.stringify(requestContext) + '\\n');`;
    const { webSocketUrl } = await start({
      limits,
      functions: { Disconnect },
      webSocketRoutes: { $disconnect: 'Disconnect' },
    });
    const { closed } = await connect(webSocketUrl);
    expect(await closed).toEqual({ code: 1001, reason: 'Going away' });
    // Until all of it has been written.
    const event: unknown = await vi.waitFor(() => JSON.parse(readFileSync(eventFile, 'utf8')), patiently);
    expect(event).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' });
    rmSync(folder, { recursive: true });
  });

  test('a connection that a process has no room for is refused with 503 and counted; existing ones stay', async () => {
    const { webSocketUrl, endpoints } = await start({ limits: { connectionsPerProcess: 3 }, gatewayProcesses: 1 });
    const clients = await Promise.all(Array.from({ length: 3 }, () => connect(webSocketUrl)));
    expect(await handshakeStatus(webSocketUrl)).toEqual({ status: 503, body: '{"message":"Service Unavailable"}' });
    clients[0]?.socket.send('{}');
    expect(JSON.parse((await clients[0]?.next()) ?? '').body).toBe('{}');
    clients[1]?.socket.terminate();
    await vi.waitFor(async () => expect((await handshakeStatus(webSocketUrl)).status).toBe(101), patiently);
    const cloudwatch = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: endpoints?.cloudwatch ?? '',
      credentials: localCredentials,
    });
    const Dimensions = [{ Name: 'Quota', Value: 'machineConnections' }];
    const request = new ListMetricsCommand({ Namespace: 'Loadline/Local', MetricName: 'QuotaRefusals', Dimensions });
    await vi.waitFor(async () => expect((await cloudwatch.send(request)).Metrics).toHaveLength(1), patiently);
    for (const { socket } of clients) socket.terminate();
  });

  test('a process that stands still is seen, in the metric of all processes', async () => {
    const { processIds: [edge = 0] = [], endpoints } = await start();
    process.kill(edge, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    process.kill(edge, 'SIGCONT');
    const cloudwatch = new CloudWatchClient({
      ...{ region: 'us-east-1', endpoint: endpoints?.cloudwatch ?? '', credentials: localCredentials },
    });
    const request = () =>
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'Loadline/Local', MetricName: 'Standstill', Statistics: ['Maximum'], Period: 60 },
        ...{ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000) },
      });
    await vi.waitFor(async () => {
      const { Datapoints = [] } = await cloudwatch.send(request());
      expect(Math.max(...Datapoints.map(({ Maximum = 0 }) => Maximum))).toBeGreaterThan(1_200);
    }, patiently);
    cloudwatch.destroy();
  });

  test('every process is gone after a stop', async () => {
    const { processIds, webSocketUrl } = await start();
    const { closed } = await connect(webSocketUrl);
    await stack?.stop();
    expect((await closed).code).toBe(1001);
    expect(processIds?.filter(isRunning)).toEqual([]);
  });
});

test('a port in use is reported in one sentence, even where it could be shared', async () => {
  const other = createServer();
  const port = await listen(other, 0, 'gateway');
  await expect(start({ gatewayPort: port })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken. Choose another for ports.gateway, or 0 to have a free one chosen.`,
  );
  other.close();
});
