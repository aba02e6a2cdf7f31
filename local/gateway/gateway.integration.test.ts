import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect, handshakeStatus } from '../testing/web-socket-client.ts';
import { localCredentials } from './connections-api/sigv4.ts';
import { startExampleStack } from './example-stack.fixture.ts';

let stack: Awaited<ReturnType<typeof startExampleStack>>;
let url: string;
beforeAll(async () => {
  stack = await startExampleStack();
  url = `${stack.target.webSocketUrl}?token=me`;
});
afterAll(() => stack.stop());

describe('HTTP API', () => {
  test('the event has payload format 2.0, and the response is mapped', async () => {
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

  test('a compressed body arrives in base64', async () => {
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
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'unknown' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
});

describe('everything can be read from CloudWatch', () => {
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
      30_000,
    );
  });

  test('the APIs and Lambda have metrics with their dimensions', async () => {
    const apiId = stack.target.webSocketApiId;
    // One message that is answered, one whose function fails, and a handshake without a token.
    const { socket, next } = await connect(url);
    for (const action of ['echo', 'throw']) {
      socket.send(JSON.stringify({ action }));
      await next();
    }
    socket.close();
    await handshakeStatus(stack.target.webSocketUrl);
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
    await vi.waitFor(async () => expect(await listed('AWS/Lambda')).toContain('ClaimedAccountConcurrency'), 30_000);
  });
});
