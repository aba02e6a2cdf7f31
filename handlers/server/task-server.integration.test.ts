import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it, test } from 'vitest';
import { WebSocket } from 'ws';
import { SecretReader } from '../domain/secret-reader.ts';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { closeAll } from './drain.ts';
import { HeldConnections } from './held-connections.ts';
import { SocketEndpoint } from './socket-endpoint.ts';
import { makeTaskServer } from './task-server.ts';

const upgrading =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n';

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function serve(options: Partial<Parameters<typeof makeTaskServer>[0]> = {}): Promise<number> {
  server = makeTaskServer({
    ...{ keepAliveMs: 5_000, isEnding: () => false },
    webhook: async (_, response) => void response.writeHead(200).end(),
    fallback: null,
    upgrade: async (_, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
    ...options,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
}

function portOf(of: Server): number {
  const address = of.address() as AddressInfo;
  return address.port;
}

async function ask(port: number, target: string, headers = 'Connection: close\r\n'): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nHost: task\r\n${headers}\r\n`);
  return (await text(socket)).split('\r\n')[0] ?? '';
}

describe('the port of a task', () => {
  it('answers what is no URL with 400, upgrade or not, and goes on', async () => {
    const port = await serve();
    for (const target of ['//', '//?a', '//x:99999/ws', 'http://[', 'http://[/webhooks'])
      for (const headers of [undefined, upgrading])
        expect(`${target} ${await ask(port, target, headers)}`).toBe(`${target} HTTP/1.1 400 Bad Request`);
    expect(await ask(port, '/health')).toBe('HTTP/1.1 200 OK');
    expect(await ask(port, 'http://task/webhooks?challenge=a')).toBe('HTTP/1.1 200 OK');
    expect(await ask(port, '/ws', upgrading)).toBe('HTTP/1.1 101 Switching Protocols');
    expect(await ask(port, '/other', upgrading)).toBe('HTTP/1.1 404 Not Found');
  });

  it('survives a client that resets an upgrade which is refused', async () => {
    const port = await serve();
    const failed = Promise.withResolvers<string>();
    server?.prependListener('upgrade', (_, socket) => {
      setImmediate(() => {
        failed.resolve('reset');
        socket.emit('error', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      });
    });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET /other HTTP/1.1\r\nHost: task\r\n${upgrading}\r\n`);
    expect(await failed.promise).toBe('reset');
    expect(await ask(port, '/health')).toBe('HTTP/1.1 200 OK');
  });
});

test('a handshake that is under way when the task is told to end opens, and is closed with 1012', async () => {
  const listing = Promise.withResolvers<void>();
  const listed = Promise.withResolvers<void>();
  class SlowStore extends InMemoryConnectionStore {
    override async addConnection(userId: string, connectionId: string): Promise<void> {
      listing.resolve();
      await listed.promise;
      await super.addConnection(userId, connectionId);
    }
  }
  const held = new HeldConnections(1_000);
  const store = new SlowStore({ ttlSeconds: 100, nowMs: Date.now });
  const secret = 'a secret of at least 32 bytes, for a test';
  const sockets = new SocketEndpoint({
    ...{ taskId: 'a', held, store, maxLifetimeSeconds: 3_600, messageLimitMs: 1_000, pingSeconds: 100 },
    tokenSecret: new SecretReader({ read: async () => [secret], now: () => performance.now() }),
    // The cast: no message is sent.
    message: {} as ConstructorParameters<typeof SocketEndpoint>[0]['message'],
  });
  const port = await serve({ upgrade: (...parts) => sockets.upgrade(...parts) });
  const claims = { sub: 'ann', aud: 'loadline', channels: { subscribe: ['*'], publish: ['*'] } };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws?token=${token}`);
  const closed = once(client, 'close');
  await listing.promise;
  sockets.end();
  await closeAll({ sockets: () => held.sockets(), overMs: 1, random: () => 0 });
  const ended = new Promise((resolve) => server?.close(resolve));
  listed.resolve();
  const [code] = await closed;
  expect(code).toBe(1_012);
  await ended;
  sockets.close();
  await sockets.settle();
  expect([held.size, await store.recipientsOf({ kind: 'user', userId: 'ann' })]).toEqual([0, []]);
});
