import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startSmallStack } from '../testing/small-stack.ts';
import { connect, handshakeStatus } from '../testing/web-socket-client.ts';
import { localCredentials } from './connections-api/sigv4.ts';

const functions = {
  // Says by its status what the query asked for.
  Connect: `export const handler = async (event) => {
    const { status, protocol, crash } = event.queryStringParameters ?? {};
    if (crash) throw new Error('crash');
    return { statusCode: Number(status ?? 200), ...(protocol && { headers: { 'Sec-WebSocket-Protocol': protocol } }) };
  };`,
  Authorize: `export const handler = async (event) => {
    const { token } = event.queryStringParameters;
    if (token === 'unauthorized') throw new Error('Unauthorized');
    if (token === 'broken') throw new Error('broken');
    const Effect = token === 'deny' ? 'Deny' : 'Allow';
    return { principalId: token, policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: event.methodArn }] }, context: { n: 1 } };
  };`,
  Echo: `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
  Large: `export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(70000) });`,
  Throw: `export const handler = async () => { throw new Error('no'); };`,
  Exit: `export const handler = async () => process.exit(1);`,
  Slow: `export const handler = () => new Promise((resolve) => setTimeout(() => resolve({ statusCode: 200, body: 'late' }), 500));`,
  Forever: `export const handler = () => { for (;;) {} };`,
  Broken: `throw new Error('at init');`,
  Counter: `let count = 0; export const handler = async () => ({ statusCode: 200, body: String(++count) });`,
  Reserved: `export const handler = async () => ({ statusCode: 200, body: 'never' });`,
  Disconnect: `globalThis.seen = []; export const handler = async (event) => {
    const { disconnectStatusCode, disconnectReason, connectionId } = event.requestContext;
    console.log(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'Test', Dimensions: [['Reason']], Metrics: [{ Name: 'Closed' + disconnectStatusCode }] }] }, Reason: disconnectReason || 'no reason', ['Closed' + disconnectStatusCode]: 1 }));
    return { statusCode: 200 };
  };`,
  Http: `export const handler = async (event) => event.rawPath === '/plain' ? { ok: true } : { statusCode: 201, headers: { 'X-Test': 'yes' }, body: JSON.stringify(event) };`,
};

let stack: Awaited<ReturnType<typeof startSmallStack>>;
let url: string;
beforeAll(async () => {
  stack = await startSmallStack({
    functions,
    functionProperties: { Forever: { Timeout: 1 }, Reserved: { ReservedConcurrentExecutions: 0 } },
    authorizer: 'Authorize',
    webSocketRoutes: {
      $connect: 'Connect',
      $disconnect: 'Disconnect',
      'echo (two-way)': 'Echo',
      oneWay: 'Echo',
      'large (two-way)': 'Large',
      throw: 'Throw',
      exit: 'Exit',
      'slow (two-way)': 'Slow',
      forever: 'Forever',
      broken: 'Broken',
      'counter (two-way)': 'Counter',
      reserved: 'Reserved',
    },
    httpRoutes: { 'POST /hook': 'Http', 'GET /plain': 'Http', 'GET /throw': 'Throw', 'GET /reserved': 'Reserved' },
    limits: { maxEnvironments: 20 },
  });
  url = `${stack.target.webSocketUrl}?token=me`;
});
afterAll(() => stack.stop());

describe('handshake', () => {
  test.each([
    ['', 401],
    ['?token=unauthorized', 401],
    ['?token=deny', 403],
    ['?token=broken', 500],
    ['?token=me&status=403', 403],
    ['?token=me&status=418', 418],
    ['?token=me&crash=1', 502],
    ['?token=me&status=201', 101],
  ])('%s is answered %d', async (query, status) => {
    expect((await handshakeStatus(stack.target.webSocketUrl + query)).status).toBe(status);
  });

  test('an unknown stage is 403', async () => {
    const unknown = stack.target.webSocketUrl.replace('/test', '/other');
    expect(await handshakeStatus(unknown)).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
  });

  test('a subprotocol is echoed when the function returns it, and only then', async () => {
    const client = await connect(`${url}&protocol=b`, ['a', 'b']);
    expect(client.socket.protocol).toBe('b');
    client.socket.close();
    await expect(connect(url, ['a'])).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('messages', () => {
  test('the event of a two-way route is what AWS sends, with the authorizer context as texts', async () => {
    const client = await connect(url);
    client.socket.send('{"action":"echo","x":1}');
    const event = JSON.parse(await client.next());
    expect(event).toMatchObject({ body: '{"action":"echo","x":1}', isBase64Encoded: false });
    expect(event.headers).toBeUndefined();
    expect(event.requestContext).toMatchObject({
      routeKey: 'echo',
      eventType: 'MESSAGE',
      stage: 'test',
      authorizer: { principalId: 'me', n: '1' },
    });
    expect(event.requestContext.connectionId).toMatch(/^[\w-]{15}=$/);
    client.socket.close();
  });

  test('a one-way route answers nothing, and without a route the frame is Forbidden', async () => {
    const client = await connect(url);
    client.socket.send('{"action":"oneWay"}');
    client.socket.send('{"action":"nobody"}');
    client.socket.send('no json');
    const forbidden = /^\{"message": "Forbidden", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/;
    expect(await client.next()).toMatch(forbidden);
    expect(await client.next()).toMatch(forbidden);
    client.socket.close();
  });

  test.each([['throw'], ['exit'], ['broken'], ['forever'], ['reserved']])(
    'a handler that fails (%s) is an Internal server error, and the next message is served',
    async (action) => {
      const client = await connect(url);
      client.socket.send(JSON.stringify({ action }));
      expect(await client.next()).toMatch(/^\{"message": "Internal server error", /);
      client.socket.send('{"action":"echo"}');
      expect(JSON.parse(await client.next()).body).toBe('{"action":"echo"}');
      client.socket.close();
    },
  );

  test('an environment is used again', async () => {
    const client = await connect(url);
    for (const count of ['1', '2', '3']) {
      client.socket.send('{"action":"counter"}');
      expect(await client.next()).toBe(count);
    }
    client.socket.close();
  });

  test('an answer over 32 KB comes in frames of at most 32 KB', async () => {
    const client = await connect(url);
    const receiver = Reflect.get(client.socket, '_receiver');
    const frames: number[] = [];
    const getData = receiver.getData;
    receiver.getData = (callback: unknown) => {
      if (receiver._opcode < 8 && !frames.includes(receiver._payloadLength)) frames.push(receiver._payloadLength);
      return getData.call(receiver, callback);
    };
    client.socket.send('{"action":"large"}');
    expect(await client.next()).toHaveLength(70_000);
    expect(Math.max(...frames)).toBeLessThanOrEqual(32_768);
    client.socket.close();
  });
});

describe('frames', () => {
  test('a binary message closes with 1003', async () => {
    const client = await connect(url);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.closed).code).toBe(1003);
  });

  test('a frame over 32 KB closes with 1009', async () => {
    const client = await connect(url);
    client.socket.send('x'.repeat(32_769));
    expect((await client.closed).code).toBe(1009);
  });

  test('a message of 128 KB in frames of 32 KB is served, one more byte closes with 1009', async () => {
    const frame = Buffer.alloc(32_768, 0x78);
    const client = await connect(url);
    for (let index = 0; index < 4; index++) client.socket.send(frame, { binary: false, fin: index === 3 });
    expect(await client.next()).toContain('Forbidden');
    for (let index = 0; index < 4; index++) client.socket.send(frame, { binary: false, fin: false });
    client.socket.send('x', { binary: false, fin: true });
    expect((await client.closed).code).toBe(1009);
  });
});

describe('@connections', () => {
  const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint: stack.target.endpoints?.apiGatewayManagementApi ?? '',
      credentials,
      maxAttempts: 1,
    });
  const idOf = async (socket: Awaited<ReturnType<typeof connect>>): Promise<string> => {
    socket.socket.send('{"action":"echo"}');
    return JSON.parse(await socket.next()).requestContext.connectionId;
  };

  test('post, get and delete', async () => {
    const socket = await connect(url);
    const ConnectionId = await idOf(socket);
    const api = client(localCredentials);
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: 'hello' }));
    expect(await socket.next()).toBe('hello');
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: 'y'.repeat(131_072) }));
    expect(await socket.next()).toHaveLength(131_072);
    const connection = await api.send(new GetConnectionCommand({ ConnectionId }));
    expect(connection.ConnectedAt).toBeInstanceOf(Date);
    expect(connection.Identity?.SourceIp).toBe('127.0.0.1');
    await api.send(new DeleteConnectionCommand({ ConnectionId }));
    expect(await socket.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    await expect(api.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }))).rejects.toBeInstanceOf(
      GoneException,
    );
  });

  test('errors are the classes of the SDK', async () => {
    const api = client(localCredentials);
    const unknown = new PostToConnectionCommand({ ConnectionId: 'R0oXAdfD0kwCH6w=', Data: 'x' });
    await expect(api.send(unknown)).rejects.toBeInstanceOf(GoneException);
    const malformed = new PostToConnectionCommand({ ConnectionId: 'nonsense', Data: 'x' });
    await expect(api.send(malformed)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'Invalid connectionId: nonsense',
    });
    const large = new PostToConnectionCommand({ ConnectionId: 'R0oXAdfD0kwCH6w=', Data: 'x'.repeat(131_073) });
    await expect(api.send(large)).rejects.toBeInstanceOf(PayloadTooLargeException);
    const forged = client({ ...localCredentials, secretAccessKey: 'wrong' });
    await expect(forged.send(unknown)).rejects.toMatchObject({ name: 'ForbiddenException' });
    const unsigned = await fetch(`${stack.target.endpoints?.apiGatewayManagementApi}/@connections/R0oXAdfD0kwCH6w%3D`, {
      method: 'POST',
      body: 'x',
    });
    expect(unsigned.status).toBe(403);
  });
});

describe('HTTP API', () => {
  test('the event is payload 2.0, and the answer is mapped', async () => {
    const body = '{"a":1}';
    const headers = { 'content-type': 'application/json', 'X-Custom': 'c' };
    const answer = await fetch(`${stack.target.webhookUrl}/hook?q=1&q=2`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-test')).toBe('yes');
    const event = await answer.json();
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /hook',
      rawPath: '/hook',
      rawQueryString: 'q=1&q=2',
      queryStringParameters: { q: '1,2' },
      headers: { 'x-custom': 'c' },
      body,
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST', path: '/hook', sourceIp: '127.0.0.1' }, stage: '$default' },
    });
  });

  test('a compressed body comes in base64', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const body = new Uint8Array([0x1f, 0x8b, 0xff]);
    const event = await (await fetch(`${stack.target.webhookUrl}/hook`, { method: 'POST', headers, body })).json();
    expect(event).toMatchObject({ body: 'H4v/', isBase64Encoded: true });
  });

  test.each([
    ['GET', '/plain', 200, '{"ok":true}'],
    ['GET', '/nowhere', 404, '{"message":"Not Found"}'],
    ['DELETE', '/hook', 404, '{"message":"Not Found"}'],
    ['GET', '/throw', 500, '{"message":"Internal Server Error"}'],
    ['GET', '/reserved', 503, '{"message":"Service Unavailable"}'],
  ])('%s %s is %d %s', async (method, path, status, body) => {
    const answer = await fetch(stack.target.webhookUrl + path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    expect(await answer.text()).toBe(body);
  });

  test('a body over 10 MB is 413', async () => {
    const body = Buffer.alloc(10_485_761);
    expect((await fetch(`${stack.target.webhookUrl}/hook`, { method: 'POST', body })).status).toBe(413);
  });
});

test('secrets are read with the SDK', async () => {
  const client = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: stack.target.endpoints?.secretsManager ?? '',
    credentials: localCredentials,
  });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: stack.target.secretArn }));
  expect(SecretString).toBe(stack.target.secrets[stack.target.secretArn]);
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'nobody' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
});

describe('what happened can be read from CloudWatch', () => {
  const listed = async (namespace: string) => {
    const client = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: stack.target.endpoints?.cloudwatch ?? '',
      credentials: localCredentials,
    });
    const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: namespace }));
    return Metrics.map(({ MetricName, Dimensions = [] }) =>
      [MetricName, ...Dimensions.map(({ Value }) => Value)].join(' '),
    );
  };

  test('$disconnect runs with code and reason, and what a function logs in EMF is a metric', async () => {
    const unset = await connect(url);
    unset.socket.close();
    const given = await connect(url);
    given.socket.close(4000, 'my reason');
    const dropped = await connect(url);
    dropped.socket.terminate();
    const tooLong = await connect(url);
    tooLong.socket.send('x'.repeat(32_769));
    const badUtf8 = await connect(url);
    badUtf8.socket.send(Buffer.from([0xff]), { binary: false });
    const unmasked = await connect(url);
    Reflect.get(unmasked.socket, '_socket').write(Buffer.from([0x81, 0]));
    const binary = await connect(url);
    binary.socket.send(Buffer.from([1]));
    await vi.waitFor(
      async () =>
        expect(await listed('Test')).toEqual(
          expect.arrayContaining([
            'Closed1005 Client-side close frame status not set',
            'Closed4000 my reason',
            'Closed1006 Connection Closed Abnormally',
            'Closed1003 Unsupported data',
            'Closed1009 no reason',
            'Closed1007 no reason',
            'Closed1002 no reason',
          ]),
        ),
      5_000,
    );
  });

  test('the metrics of the APIs and of Lambda are there, with their dimensions', async () => {
    const apiId = stack.target.webSocketApiId;
    expect(await listed('AWS/ApiGateway')).toEqual(
      expect.arrayContaining([
        `ConnectCount ${apiId}`,
        `MessageCount ${apiId} test`,
        `IntegrationLatency ${apiId}`,
        `ClientError ${apiId}`,
        `ExecutionError ${apiId}`,
      ]),
    );
    const lambda = await listed('AWS/Lambda');
    expect(lambda).toEqual(expect.arrayContaining(['Invocations', 'Errors', 'Duration', 'Throttles']));
    await vi.waitFor(async () => expect(await listed('AWS/Lambda')).toContain('ClaimedAccountConcurrency'), 3_000);
  });
});
