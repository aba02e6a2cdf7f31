/** Shapes of public stacks, in templates and handlers of our own, each served with its handlers unchanged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Message, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, handshakeStatus } from '../../local/testing/web-socket-client.ts';
import { installMs, pythonWith, runtimePackages, whyNoPython } from '../python-packages.fixture.ts';
import { type Shape, withShape } from './served-shape.fixture.ts';
import { writeServerlessDoor } from './serverless-door.fixture.ts';

const waitMs = 60_000;
const why = whyNoPython();
beforeAll(async () => {
  if (why !== null) return;
  const python = await pythonWith(runtimePackages);
  vi.stubEnv('LOADLINE_PYTHON', python);
  vi.stubEnv('LOADLINE_RUNTIME_PYTHON', `${python} -m awslambdaric`);
}, installMs);
afterAll(() => vi.unstubAllEnvs());

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-gallery-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function receiveAll({ client }: Shape, QueueUrl: string, count: number) {
  const sqs = new SQSClient(client);
  const messages: Message[] = [];
  await vi.waitFor(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    messages.push(...Messages);
    expect(messages.length).toBeGreaterThanOrEqual(count);
  }, waitMs);
  sqs.destroy();
  return messages;
}

test('orders over HTTP keep their order for each customer through a FIFO queue, and reach every department', async () => {
  await withShape('fifo-orders', {}, async (shape) => {
    const url = `${shape.output('Url')}/orders`;
    const preflight = await fetch(`${url}/ann`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    for (const order of [1, 2, 3, 4, 5]) {
      const posted = await fetch(`${url}/ann%20b`, { method: 'POST', body: `order ${order}` });
      expect([posted.status, await posted.text()]).toEqual([202, 'ann b']);
    }
    for (const department of ['Packing', 'Billing']) {
      const messages = await receiveAll(shape, shape.output(department), 5);
      expect(messages.map(({ Body }) => Body)).toEqual([1, 2, 3, 4, 5].map((order) => `ann b:order ${order}`));
    }
  });
});

test('a transfer is one transaction, and the stream of the table keeps the balances', async () => {
  await withShape('single-table', {}, async ({ output }) => {
    const url = output('Url');
    const transfer = (id: string, amount: number) =>
      fetch(`${url}/transfers`, { method: 'POST', body: JSON.stringify({ id, from: 'ann', to: 'bob', amount }) });
    const balance = async (account: string) => {
      const answer = await fetch(`${url}/balance/${account}`);
      return ((await answer.json()) as { balance: number }).balance;
    };
    expect((await transfer('1', 20)).status).toBe(201);
    expect((await transfer('2', 5)).status).toBe(201);
    const again = await transfer('1', 100);
    expect([again.status, await again.json()]).toEqual([
      409,
      { error: 'TransactionCanceledException', reasons: ['ConditionalCheckFailed', 'ConditionalCheckFailed'] },
    ]);
    await vi.waitFor(async () => expect([await balance('ann'), await balance('bob')]).toEqual([-25, 25]), waitMs);
  });
});

test('messages of a batch that failed twice are kept, with the queue that they come from', async () => {
  await withShape('failing-worker', {}, async (shape) => {
    expect(shape.stack.leftOut.inert).toEqual({ 'AWS::CloudWatch::Alarm': 1, 'AWS::IAM::Role': 1 });
    const sqs = new SQSClient(shape.client);
    for (const MessageBody of ['good', 'bad', 'fine'])
      await sqs.send(new SendMessageCommand({ QueueUrl: shape.output('Work'), MessageBody }));
    sqs.destroy();
    const [message] = await receiveAll(shape, shape.output('Failed'), 1);
    expect(message?.Body).toBe('bad');
    expect(message?.Attributes?.DeadLetterQueueSourceArn).toBe(shape.output('WorkArn'));
  });
});

test('one template for every stage: parameters, mappings, conditions, imports', async () => {
  const given = { ssm: { '/greeting': 'Good day' }, imports: { 'network-name': 'inner' } };
  await withShape('sized-by-stage', { given }, async ({ output, stack, client }) => {
    expect(await (await fetch(`${output('Url')}/any%20path`)).json()).toEqual({
      said: 'Good day ann',
      rawPath: '/any path',
      SHARED: 'inner',
      DEBUG: 'yes',
      LIMITS: 'b',
      memory: '128',
    });
    expect(stack.leftOut.byCondition).toEqual(['Audit']);
    const cloudFormation = new CloudFormationClient(client);
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'sized-by-stage' }));
    expect(Stacks?.[0]?.Outputs).toEqual([{ OutputKey: 'Url', OutputValue: output('Url') }]);
    cloudFormation.destroy();
  });
  const prod = { ...given, parameters: { Stage: 'prod', Names: 'eve' } };
  await withShape('sized-by-stage', { given: prod }, async ({ output }) => {
    expect(await (await fetch(output('Url'))).json()).toMatchObject({ said: 'Good day eve', memory: '512' });
    expect(output('Audit')).toContain('Audit');
  });
});

test('an app of CDK: assets, TableV2, and one integration object on two routes, which grants the first', async () => {
  await inFolder(async (folder) => {
    (await import('./cdk-votes.fixture.ts')).synthesizeVotes(folder);
    await expect(withShape({ kind: 'app', folder }, {}, async () => {})).rejects.toThrow('has several stacks');
    await withShape({ kind: 'app', folder, stack: 'Votes' }, {}, async ({ stack }) => {
      const urlOf = (kind: string) => stack.apis.find((api) => api.kind === kind)?.url ?? '';
      expect(stack.warnings).toMatchObject([{ kind: 'notPermitted', routeKey: 'again' }]);
      const { socket, next, closed } = await connect(urlOf('webSocket'));
      socket.send('{"action":"vote","choice":"tea"}');
      expect(await next()).toBe('counted');
      socket.send('{"action":"again","choice":"tea"}');
      expect(JSON.parse(await next())).toMatchObject({ message: 'Internal server error' });
      expect(await (await fetch(`${urlOf('http')}/votes/tea`)).json()).toEqual({ votes: 1 });
      socket.close();
      await closed;
    });
  });
});

test('what serverless package leaves: zip files, an authorizer, callbacks', async () => {
  await inFolder(async (folder) => {
    writeServerlessDoor(folder);
    await withShape({ kind: 'template', path: folder }, {}, async ({ output }) => {
      const url = output('ServiceEndpointWebsocket');
      expect((await handshakeStatus(url)).status).toBe(401);
      expect((await handshakeStatus(`${url}?key=wrong`)).status).toBe(401);
      const { socket, next, closed } = await connect(`${url}?key=open%20sesame`);
      socket.send('hello');
      expect(await next()).toBe('$default by ali');
      socket.close();
      await closed;
    });
  });
});

test.skipIf(why !== null)(why ?? 'a chat room in SAM: what one says, all hear', async () => {
  await withShape('chat-sam', {}, async ({ output }) => {
    const [ann, bob] = [await connect(output('Address')), await connect(output('Address'))];
    ann.socket.send(JSON.stringify({ action: 'say', text: 'hello' }));
    expect([await ann.next(), await bob.next()]).toEqual(['hello', 'hello']);
    ann.socket.close();
    await ann.closed;
    bob.socket.send(JSON.stringify({ action: 'say', text: 'alone' }));
    expect(await bob.next()).toBe('alone');
    bob.socket.close();
    await bob.closed;
  });
});

test.skipIf(why !== null)(why ?? 'webhooks over REST: a function, a mock, and a forward', async () => {
  const upstream = createServer((request, response) => response.end(`${request.method} ${request.url}`));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  const given = { parameters: { Upstream: `http://127.0.0.1:${port}` } };
  await withShape('rest-hooks', { given }, async ({ output }) => {
    const url = output('Url');
    const posted = await fetch(`${url}/hooks/mail`, { method: 'POST', body: 'twelve bytes' });
    expect([posted.status, await posted.json()]).toEqual([202, { source: 'mail', bytes: 12 }]);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ healthy: true });
    expect(await (await fetch(`${url}/legacy/a/b`, { method: 'DELETE' })).text()).toBe('DELETE /a/b');
    expect((await fetch(`${url}/nothing`)).status).toBe(403);
    const { socket, next, closed } = await connect(output('Socket'));
    socket.send('{"action":"hook","id":"a1"}');
    expect(JSON.parse(await next())).toEqual({ source: 'socket', bytes: 27, id: 'a1' });
    socket.send('{"action":"health"}');
    expect(JSON.parse(await next())).toEqual({ healthy: expect.stringMatching(/=$/) });
    socket.close();
    await closed;
  });
  upstream.close();
});

test.skipIf(why !== null)(why ?? 'a chat in Python: what one says, the room hears', async () => {
  await withShape('python-chat', {}, async ({ output }) => {
    const address = output('Address');
    const [ann, bob] = [await connect(`${address}?room=a`), await connect(`${address}?room=b`)];
    const eve = await connect(`${address}?room=a`);
    ann.socket.send('{"action":"say","id":1}');
    expect(JSON.parse(await ann.next())).toEqual({ room: 'a', id: 1 });
    expect(JSON.parse(await eve.next())).toEqual({ room: 'a', id: 1 });
    bob.socket.send('{"action":"say","id":2}');
    expect(JSON.parse(await bob.next())).toEqual({ room: 'b', id: 2 });
    for (const { socket, closed } of [ann, bob, eve]) {
      socket.close();
      await closed;
    }
  });
});

test('notes behind a key, behind tokens of an issuer, and the URL of a function', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const issuer = createServer(async ({ url }, response) => {
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] };
    response.end(JSON.stringify(url?.endsWith('configuration') ? { jwks_uri: `${iss}/keys` } : keys));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const iss = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  const token = await new SignJWT({ iss, aud: 'notes', sub: 'bob' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setExpirationTime('1h')
    .sign(privateKey);
  const given = { parameters: { Issuer: iss }, ssm: { '/notes/key': 'open sesame' } };
  await withShape('guarded-notes', { given }, async ({ output }) => {
    const put = (key: string) =>
      fetch(`${output('Notes')}/notes/a`, { method: 'PUT', body: 'text', headers: { 'x-key': key } });
    expect([(await put('x')).status, (await put('open sesame')).status]).toEqual([403, 204]);
    const url = `${output('Admin')}/notes/a`;
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toEqual({ text: 'text', by: 'ann', reader: 'bob' });
    expect(await (await fetch(`${output('Well')}a/b`)).text()).toBe('well in us-east-1 at /a/b');
  });
  issuer.close();
});

test('a shop of nested stacks, the same template for two countries, with a layer', async () => {
  await withShape('nested-shop', {}, async (shape) => {
    const { output } = shape;
    expect([output('Norwegian'), output('Swedish')]).toEqual(['nested-shop-Norway-order', 'nested-shop-Sweden-order']);
    const { socket, next, closed } = await connect(output('Address'));
    socket.send('{"action":"orderNO","id":"a","amount":2}');
    expect(JSON.parse(await next())).toEqual({ id: 'a', price: '24 NOK' });
    socket.send('{"action":"orderSE","id":"b"}');
    expect(JSON.parse(await next())).toEqual({ id: 'b', price: '11 SEK' });
    socket.close();
    await closed;
  });
});
