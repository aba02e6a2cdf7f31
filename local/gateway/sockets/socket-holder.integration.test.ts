import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from '../../process/listen.ts';
import { resolveLimits } from '../../quota/resolve-limits.ts';
import type { CloseCause, Connection } from './connection.ts';
import { SocketHolder } from './socket-holder.ts';

const facts = {
  ...{ connectionId: 'c', apiId: 'a', stage: 's', stageVariables: {}, domainName: 'd' },
  ...{ connectedAtMs: 0, identity: { sourceIp: '127.0.0.1' }, authorizer: null },
};
const bufferBytes = 200_000;
const limits = { webSocketIdleMs: 1e9, webSocketLifetimeMs: 1e13, clientBufferBytes: bufferBytes };

let messages: string[];
let closed: PromiseWithResolvers<CloseCause>;
let opened: PromiseWithResolvers<Connection>;
/** The side of the socket that the holder writes to. */
let held: Duplex;
let client: WebSocket;
let end: () => void;
beforeEach(async () => {
  messages = [];
  closed = Promise.withResolvers();
  opened = Promise.withResolvers();
  const holder = new SocketHolder(resolveLimits(limits), {
    upgrade: (_number, _request, decide) => decide({ kind: 'accepted', facts, subprotocol: null, headers: {} }),
    opened: opened.resolve,
    message: (_connection, body) => messages.push(body.toString()),
    closed: (_number, _facts, cause) => closed.resolve(cause),
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    held = socket;
    holder.upgrade(request, socket, head);
  });
  client = new WebSocket(`ws://127.0.0.1:${await listen(server, 0, 'gateway')}`);
  await once(client, 'open');
  end = () => {
    client.terminate();
    holder.close();
    server.close();
  };
});
afterEach(() => end());

test('a message that comes after this side has closed goes nowhere', async () => {
  client.send('before');
  // Closes with 1003; what follows it is sent before the client can know.
  client.send(Buffer.of(1));
  client.send('after');
  expect(await closed.promise).toMatchObject({ code: 1003 });
  expect(messages).toEqual(['before']);
});

/** Does it until the kernel takes no more and the buffer here is full. */
async function fill(once: () => void): Promise<void> {
  await vi.waitFor(
    () => {
      once();
      expect(held.writableLength).toBeGreaterThan(bufferBytes);
    },
    { timeout: 50_000, interval: 1 },
  );
}

test('pongs to a client that pings and reads nothing are dropped beyond its buffer, and the connection lives', async () => {
  const connection = await opened.promise;
  client.pause();
  const payload = Buffer.alloc(125);
  const ping = (count: number) => {
    for (let index = 0; index < count; index++) client.ping(payload);
  };
  await fill(() => {
    if (client.bufferedAmount === 0) ping(2_000);
  });
  // All of these come after the buffer was full.
  ping(5_000);
  client.send('read');
  await vi.waitFor(() => expect(messages).toEqual(['read']), 50_000);
  const onePong = 2 + payload.length;
  expect(held.writableLength).toBeLessThanOrEqual(bufferBytes + onePong);
  client.resume();
  await vi.waitFor(() => expect(held.writableLength).toBe(0), 50_000);
  const pong = new Promise((resolve) => client.on('pong', (body) => body.toString() === 'again' && resolve(true)));
  client.ping('again');
  expect(await pong).toBe(true);
  expect(connection.open).toBe(true);
});

test('answers to a client that reads nothing are dropped beyond its buffer, posts refused, and the connection lives', async () => {
  const connection = await opened.promise;
  client.pause();
  const answer = 'x'.repeat(120_000);
  await fill(() => connection.send(answer, 1));
  const fullBytes = held.writableLength;
  for (let index = 0; index < 10; index++) connection.send(answer, 2);
  expect(held.writableLength).toBeLessThanOrEqual(fullBytes);
  expect(connection.post(Buffer.from('x'), bufferBytes, 2)).toBe('full');
  expect(connection.open).toBe(true);
  client.resume();
  await vi.waitFor(() => expect(held.writableLength).toBe(0), 50_000);
  expect(connection.post(Buffer.from('x'), bufferBytes, 3)).toBe('sent');
});
