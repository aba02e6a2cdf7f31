import { createServer, type Server } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Notice } from '../../notices.ts';
import { listen } from '../../process/listen.ts';
import { startTinyTarget } from '../../testing/tiny-target.ts';
import { connect } from '../../testing/web-socket-client.ts';
import { localCredentials } from '../connections-api/sigv4.ts';
import { integrationResources } from './integrations.fixture.ts';

/** Answers with what it was asked, and with the status that the path ends in. */
const upstream: Server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const status = Number(/(\d{3})(?:\?|$)/.exec(url ?? '')?.[1] ?? 200);
    response.writeHead(status, { 'content-type': 'application/json', 'x-upstream': 'yes' });
    response.end(JSON.stringify({ method, url, mark: headers['x-mark'], body: Buffer.concat(chunks).toString() }));
  });
});

let target: Awaited<ReturnType<typeof startTinyTarget>>;
const notices: Notice[] = [];
let http = '';
let rest = '';
beforeAll(async () => {
  const url = `http://127.0.0.1:${await listen(upstream, 0, 'aws')}`;
  target = await startTinyTarget(
    { onNotice: (notice) => notices.push(notice) },
    {
      functions: {
        Reverse: `export const handler = async (event) => {
          if (event.body.refuse) throw new Error('refused');
          return { said: JSON.stringify(event) };
        };`,
        Event: 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });',
      },
      webSocketRoutes: {},
      httpRoutes: {},
      resources: integrationResources(url),
    },
  );
  http = target.outputs.HttpUrl ?? '';
  rest = `${http}/prod`;
});
afterAll(async () => {
  await target.stop();
  upstream.close();
  upstream.closeAllConnections();
});

const received = async (): Promise<{ body: string | undefined; attributes: object | undefined }> => {
  const client = new SQSClient({ region: 'us-east-1', endpoint: target.endpoints.sqs, credentials: localCredentials });
  const QueueUrl = `${target.endpoints.sqs}/000000000000/${target.queueName}`;
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }),
  );
  client.destroy();
  return { body: Messages?.[0]?.Body, attributes: Messages?.[0]?.MessageAttributes };
};

describe('a WebSocket API', () => {
  test('opens a connection and answers by mocks, forwards a message, and queues one by a template', async () => {
    const { socket, next } = await connect(target.outputs.WebSocketUrl ?? '');
    const ask = (message: object) => {
      socket.send(JSON.stringify(message));
      return next();
    };
    expect(JSON.parse(await ask({ action: 'ping' }))).toEqual({ pong: expect.stringMatching(/^[\w-]{15}=$/) });
    expect(JSON.parse(await ask({ action: 'forward', n: 1 }))).toMatchObject({
      method: 'POST',
      url: '/chat',
      body: '{"action":"forward","n":1}',
    });
    expect(JSON.parse(await ask({ action: 'queue', data: { text: 'ä & b' } }))).toMatchObject({
      SendMessageResponse: { SendMessageResult: { MessageId: expect.any(String) } },
    });
    expect(await received()).toMatchObject({
      body: '{"text":"ä & b"}',
      attributes: { connectionId: { StringValue: expect.any(String) } },
    });
    expect(await ask({ action: 'broken' })).toContain('Internal server error');
    await vi.waitFor(() =>
      expect(notices).toContainEqual(
        expect.objectContaining({
          kind: 'integrationFailed',
          routeKey: 'broken',
          failure: expect.objectContaining({ kind: 'broken' }),
        }),
      ),
    );
    socket.close();
  });
});

test('an HTTP API forwards by its mapping', async () => {
  const answer = await fetch(`${http}/to/a/b?q=1`, { method: 'PUT', body: 'hello', headers: { 'x-mark': 'mine' } });
  expect(answer.headers.get('x-upstream')).toBe('yes');
  expect(await answer.json()).toEqual({
    method: 'PUT',
    url: '/base/a/b?q=1&added=yes',
    mark: '$default',
    body: 'hello',
  });
  expect((await fetch(`${http}/to/418`)).status).toBe(418);
});

describe('a REST API', () => {
  const json = (path: string, body: unknown, method = 'POST') =>
    fetch(`${rest}${path}`, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  test('answers by a mock: a preflight, and by the request', async () => {
    const preflight = await fetch(`${rest}/users`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const good = await fetch(`${rest}/mock?scope=internal&id=7`);
    expect([good.status, await good.json()]).toEqual([200, { id: '7', of: '/mock' }]);
    const bad = await fetch(`${rest}/mock?scope=other`);
    expect([bad.status, await bad.json()]).toEqual([500, { message: 'no' }]);
    const broken = await fetch(`${rest}/broken-mock`);
    expect([broken.status, await broken.json()]).toEqual([500, { message: 'Internal server error' }]);
  });

  test('forwards as it is, and with templates', async () => {
    const proxied = await json('/to/x/y?q=1', { n: 1 }, 'PATCH');
    expect(await proxied.json()).toEqual({ method: 'PATCH', url: '/rest/x/y?q=1', mark: 'prod', body: '{"n":1}' });
    const mapped = await fetch(`${rest}/mapped`);
    expect([mapped.status, await mapped.json()]).toEqual([502, { upstream: '/503' }]);
  });

  test('gives a function what the template makes, and makes the answer of what it returns or throws', async () => {
    const good = await json('/function/7?q=1', { text: 'it\'s "fine"' });
    expect(good.status).toBe(201);
    expect(await good.json()).toMatchObject({
      ...{ body: { text: 'it\'s "fine"' }, stage: 'prod', nothing: '' },
      params: { path: { id: '7' }, querystring: { q: '1' }, header: { 'content-type': 'application/json' } },
    });
    const bad = await json('/function/7', { refuse: true });
    expect([bad.status, await bad.json()]).toEqual([422, { why: 'refused' }]);
  });

  test('gives a function its own event', async () => {
    const answer = await json('/proxy?a=1&a=2', { n: 1 });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({
      ...{
        resource: '/proxy',
        path: '/proxy',
        httpMethod: 'POST',
        body: '{"n":1}',
        isBase64Encoded: false,
        pathParameters: null,
      },
      ...{ queryStringParameters: { a: '2' }, multiValueQueryStringParameters: { a: ['1', '2'] } },
      requestContext: { stage: 'prod', path: '/prod/proxy', resourcePath: '/proxy', accountId: '000000000000' },
    });
  });

  test('writes to a table and to a queue by templates', async () => {
    expect(await (await json('/item/7', { n: 3 }, 'PUT')).json()).toEqual({ stored: true });
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: target.endpoints.dynamodb,
      credentials: localCredentials,
    });
    const { Item } = await client.send(new GetItemCommand({ TableName: target.tableName, Key: { pk: { S: '7' } } }));
    client.destroy();
    expect(Item).toEqual({ pk: { S: '7' }, n: { N: '3' } });
    expect((await json('/item/7', { n: 'x' }, 'PUT')).status).toBe(400);
    expect(await (await json('/queue', { n: 1 })).json()).toMatchObject({ SendMessageResponse: {} });
    expect((await received()).body).toBe('{"n":1}');
  });

  test('puts an event, which a rule brings to a queue', async () => {
    expect(await (await json('/events', { n: 5 })).json()).toMatchObject({ FailedEntryCount: 0, Entries: [{}] });
    expect((await received()).body).toBe('{"n":5}');
  });

  test('says what AWS says of what it does not have', async () => {
    const missing = await fetch(`${rest}/nowhere`);
    expect([missing.status, await missing.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
  });
});
