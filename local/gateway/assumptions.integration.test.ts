/** Settings for behaviour that AWS does not document: each has the effect that its name says. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type SmallStackOptions, startSmallStack } from '../testing/small-stack.ts';
import { connect, handshakeStatus } from '../testing/web-socket-client.ts';
import { localCredentials } from './connections-api/sigv4.ts';

const functions = {
  Connect: `export const handler = async (event) => {
    if (event.queryStringParameters?.slow) await new Promise((resolve) => setTimeout(resolve, 400));
    return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'one\\r\\nX-Injected: b', 'X-Own': 'mine', 'X-Split': 'a\\r\\nX-Injected: b', Upgrade: 'other' } };
  };`,
  Authorize: `let calls = 0; export const handler = async (event) => {
    calls += 1;
    const { token } = event.queryStringParameters;
    if (token === 'broken') throw new Error('broken');
    const Effect = token === 'deny' ? 'Deny' : 'Allow';
    const context = { calls, ...(token.startsWith('long') && { long: 'x'.repeat(Number(token.slice(4))) }) };
    return { principalId: token, policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }] }, context };
  };`,
  Echo: `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
  Teapot: `export const handler = async () => ({ statusCode: 418, body: 'short and stout' });`,
  Reserved: `export const handler = async () => ({ statusCode: 200, body: 'never' });`,
  Disconnect: `export const handler = async ({ requestContext: { disconnectStatusCode: code, disconnectReason: reason } }) => {
    console.log(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [[]], Metrics: [{ Name: code + ' ' + reason }] }] }, [code + ' ' + reason]: 1 }));
  };`,
};

let stack: Awaited<ReturnType<typeof startSmallStack>> | null = null;
afterEach(async () => {
  await stack?.stop();
  stack = null;
});

const startStack = (options: Partial<SmallStackOptions> = {}) =>
  startSmallStack({
    functions,
    functionProperties: { Reserved: { ReservedConcurrentExecutions: 0 } },
    webSocketRoutes: {
      $connect: 'Connect',
      $disconnect: 'Disconnect',
      '$default (two-way)': 'Echo',
      'teapot (two-way)': 'Teapot',
      'reserved (two-way)': 'Reserved',
    },
    ...options,
  });

/** Until the end of the test. */
async function start(options: Partial<SmallStackOptions> = {}) {
  stack = await startStack(options);
  return stack.target;
}

describe('handshake', () => {
  test('statuses for an unknown stage, a URL that is too long and a $connect that takes too long', async () => {
    const assumptions = { unknownStageStatus: 404, urlTooLongStatus: 400, connectTimeoutStatus: 503 };
    const limits = { assumptions, webSocketUrlCharacters: 30 };
    const integrationProperties = { Connect: { TimeoutInMillis: 100 } };
    const { webSocketUrl } = await start({ limits, integrationProperties });
    expect((await handshakeStatus(`${webSocketUrl}/x`)).status).toBe(404);
    expect((await handshakeStatus(`${webSocketUrl}?a=${'x'.repeat(30)}`)).status).toBe(400);
    expect((await handshakeStatus(`${webSocketUrl}?slow=1`)).status).toBe(503);
  });

  test('an authorizer that fails has its own status, as has one whose result is over 8 KB', async () => {
    const { webSocketUrl } = await start({
      authorizer: 'Authorize',
      limits: { assumptions: { authorizerFailedStatus: 502 } },
    });
    const statusOf = async (token: string) => (await handshakeStatus(`${webSocketUrl}?token=${token}`)).status;
    expect(await statusOf('broken')).toBe(502);
    expect(await statusOf('long8000')).toBe(101);
    expect(await statusOf('long8192')).toBe(502);
  });

  test.each([
    [300, false, ['1', '2', '3']],
    [0, true, ['1', '2', '3']],
    [300, true, ['1', '1', '2']],
  ])(
    'with AuthorizerResultTtlInSeconds %d, cached: %s, the results of a, a, b are of the calls %j',
    async (ttl, cacheAuthorizerResults, calls) => {
      const { webSocketUrl } = await start({
        authorizer: 'Authorize',
        authorizerProperties: { AuthorizerResultTtlInSeconds: ttl },
        limits: { assumptions: { cacheAuthorizerResults } },
      });
      const seen: string[] = [];
      for (const token of ['a', 'a', 'b']) {
        const { socket, next } = await connect(`${webSocketUrl}?token=${token}`);
        socket.send('{}');
        const { requestContext } = JSON.parse(await next());
        expect(requestContext.authorizer.principalId).toBe(token);
        seen.push(requestContext.authorizer.calls);
        socket.close();
      }
      expect(seen).toEqual(calls);
      expect((await handshakeStatus(`${webSocketUrl}?token=deny`)).status).toBe(403);
      expect((await handshakeStatus(`${webSocketUrl}?token=deny`)).status).toBe(403);
    },
  );
});

/** One stack with the defaults, and one in which all of these are set otherwise. */
describe.each([
  ['the defaults', {}, { own: undefined, extensions: '' }],
  [
    'all set otherwise',
    { connectHeadersOnUpgrade: true, permessageDeflate: true, dollarRouteKeys: 'forbidden' },
    { own: 'mine', extensions: 'permessage-deflate' },
  ],
] as const)('with %s', (_, assumptions, expected) => {
  let shared: Awaited<ReturnType<typeof startStack>>;
  let webSocketUrl: string;
  beforeAll(async () => {
    shared = await startStack({ limits: { assumptions } });
    webSocketUrl = shared.target.webSocketUrl;
  });
  afterAll(() => shared.stop());

  test(`other headers of $connect on the 101: ${expected.own}`, async () => {
    // Offered, so that the (invalid) subprotocol that $connect returns is checked.
    const socket = new WebSocket(webSocketUrl, ['one']);
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      socket.on('upgrade', (response) => resolve(response.headers));
      socket.on('error', reject);
    });
    expect(headers['x-own']).toBe(expected.own);
    expect(headers['x-injected']).toBeUndefined();
    expect(headers.upgrade).toBe('websocket');
    socket.terminate();
  });

  test(`extensions: "${expected.extensions}"; messages arrive either way`, async () => {
    const { socket, next } = await connect(webSocketUrl);
    expect(socket.extensions).toBe(expected.extensions);
    const body = JSON.stringify({ text: 'x'.repeat(5_000) });
    socket.send(body);
    expect(JSON.parse(await next()).body).toBe(body);
    socket.close();
  });

  test('an action that begins with $', async () => {
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{"action":"$connect"}');
    const answer = JSON.parse(await next());
    if ('dollarRouteKeys' in assumptions) expect(answer.message).toBe('Forbidden');
    else expect(answer.requestContext.routeKey).toBe('$default');
    socket.close();
  });

  test('the body of a two-way route is sent whatever its status', async () => {
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{"action":"teapot"}');
    expect(await next()).toBe('short and stout');
    socket.close();
  });
});

describe('messages', () => {
  test('the frames of a throttled message and of a throttled function, and the answer of a failed two-way route', async () => {
    const { webSocketUrl } = await start({
      stageProperties: {
        RouteSettings: { $default: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } },
      },
      limits: {
        assumptions: {
          throttledFrame: 'Slow "down"',
          throttledFunctionFrame: 'Busy',
          twoWayErrorAnswer: 'internalServerError',
        },
      },
    });
    const { socket, next } = await connect(webSocketUrl);
    const answerTo = async (action: string) => {
      socket.send(JSON.stringify({ action }));
      return JSON.parse(await next());
    };
    expect((await answerTo('any')).body).toBe('{"action":"any"}');
    expect((await answerTo('any')).message).toBe('Slow "down"');
    expect((await answerTo('reserved')).message).toBe('Busy');
    expect((await answerTo('teapot')).message).toBe('Internal server error');
    socket.close();
  });

  test('without a frame for a throttled function, a one-way route is silent, and its message counts as failed', async () => {
    const target = await start({
      webSocketRoutes: { '$default (two-way)': 'Echo', reserved: 'Reserved', 'asks (two-way)': 'Reserved' },
      limits: { assumptions: { throttledFunctionFrame: null } },
    });
    const { socket, next } = await connect(target.webSocketUrl);
    socket.send('{"action":"reserved"}');
    socket.send('{"action":"asks"}');
    // A two-way route answers all the same.
    expect(JSON.parse(await next()).message).toBe('Internal server error');
    socket.send('{"action":"last"}');
    expect(JSON.parse(await next()).body).toBe('{"action":"last"}');
    const failed = () => metricSum('IntegrationError', { ApiId: target.webSocketApiId }, 'AWS/ApiGateway');
    await vi.waitFor(async () => expect(await failed()).toBe(2), 20_000);
    socket.close();
  });

  test('a post that is not UTF-8 is refused, where it is set so', async () => {
    const target = await start({ limits: { assumptions: { nonUtf8Posts: 'refuse' } } });
    const { socket, next } = await connect(target.webSocketUrl);
    socket.send('{}');
    const { connectionId } = JSON.parse(await next()).requestContext;
    const { ApiGatewayManagementApiClient, PostToConnectionCommand } = await import(
      '@aws-sdk/client-apigatewaymanagementapi'
    );
    const endpoint = target.endpoints.apiGatewayManagementApi ?? '';
    const client = new ApiGatewayManagementApiClient({ region: 'us-east-1', endpoint, credentials: localCredentials });
    const post = (Data: Uint8Array) => client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
    await expect(post(Uint8Array.of(0xc3, 0x28))).rejects.toThrow('The message is not UTF-8 text.');
    await post(Buffer.from('ä'));
    expect(await next()).toBe('ä');
    client.destroy();
    socket.close();
  });

  test.each([
    ['internalServerError', 131_073, /^{"message": "Internal server error"/],
    ['internalServerError', 131_072, /^x{131072}$/],
    ['send', 131_073, /^x{131073}$/],
  ] as const)('an answer over 128 KB, set to %s, %d bytes: %s', async (oversizedAnswer, bytes, expected) => {
    const Large = `export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(${bytes}) });`;
    const { webSocketUrl } = await start({
      functions: { Large },
      functionProperties: {},
      webSocketRoutes: { '$default (two-way)': 'Large' },
      limits: { assumptions: { oversizedAnswer } },
    });
    const { socket, next } = await connect(webSocketUrl);
    socket.send('{}');
    expect(await next()).toMatch(expected);
    socket.close();
  });
});

/** Whether the sum of a metric exists and is above zero. */
async function metricSum(name: string, dimensions: Record<string, string> = {}, namespace = 'Test') {
  const { CloudWatchClient, GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint: stack?.target.endpoints?.cloudwatch ?? '',
    credentials: localCredentials,
  });
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 60_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

describe('the end of a connection', () => {
  test('by its lifetime, with code and reason as set', async () => {
    const lifetimeClose = { code: 4_000, reason: 'too old' };
    const { webSocketUrl } = await start({ limits: { webSocketLifetimeMs: 300, assumptions: { lifetimeClose } } });
    const { closed } = await connect(webSocketUrl);
    expect(await closed).toEqual(lifetimeClose);
    await vi.waitFor(async () => expect(await metricSum('4000 too old')).toBe(1), 30_000);
  });

  test('by a dropped TCP connection, as set', async () => {
    const dropClose = { code: 1_006, reason: 'gone' };
    const { webSocketUrl } = await start({ limits: { assumptions: { dropClose } } });
    const { socket } = await connect(webSocketUrl);
    socket.terminate();
    await vi.waitFor(async () => expect(await metricSum('1006 gone')).toBe(1), 30_000);
  });
});

test('with DetailedMetricsEnabled there are metrics by route as well', async () => {
  const { webSocketUrl, webSocketApiId } = await start({
    stageProperties: {
      DefaultRouteSettings: { DetailedMetricsEnabled: true },
      RouteSettings: { teapot: { DetailedMetricsEnabled: false } },
    },
  });
  const { socket, next } = await connect(webSocketUrl);
  for (const action of ['any', 'any', 'teapot']) {
    socket.send(JSON.stringify({ action }));
    await next();
  }
  socket.close();
  const api = { ApiId: webSocketApiId, Stage: 'test' };
  const count = (name: string, dimensions: Record<string, string>) => metricSum(name, dimensions, 'AWS/ApiGateway');
  // Every message and every answer.
  expect(await count('MessageCount', { ...api, Route: '$default' })).toBe(4);
  expect(await count('MessageCount', { ...api, Route: 'teapot' })).toBe(0);
  expect(await count('ConnectCount', { ...api, Route: '$connect' })).toBe(1);
  expect(await count('MessageCount', api)).toBe(6);
});
