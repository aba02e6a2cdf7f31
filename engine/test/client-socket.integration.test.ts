import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { monotonicClock } from '../src/core/schedule/clock.ts';
import { ClientSocket } from '../src/core/wire/client-socket.ts';
import { FrameWriter } from '../src/core/wire/frame-writer.ts';
import { acceptOf } from '../src/core/wire/handshake.ts';
import { type ConnectFailure, endpointOf, type SocketHandler } from '../src/core/wire/socket.ts';

type Event =
  | { kind: 'opened' }
  | { kind: 'notOpened'; failure: ConnectFailure }
  | { kind: 'message'; isText: boolean; text: string }
  | { kind: 'closed'; code: number; reason: string };

let server: WebSocketServer;
let tcp: Server | null = null;
let url: URL;
const peers: WebSocket[] = [];

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'two' });
  server.on('connection', (peer) => peers.push(peer));
  await new Promise((resolve) => server.once('listening', resolve));
  url = new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/path?x=1`);
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.terminate();
  server.close();
  tcp?.close();
  tcp = null;
});

/** A socket and its events. `next` waits for the next one. */
function connect(
  to = url,
  extras: { subprotocols: string[]; headers: Record<string, string> } = { subprotocols: [], headers: {} },
  closeTimeoutMs = 10_000,
) {
  const events: Event[] = [];
  let wake = () => {};
  const add = (event: Event) => {
    events.push(event);
    wake();
  };
  const handler: SocketHandler<string> = {
    opened: () => add({ kind: 'opened' }),
    notOpened: (_owner, failure) => add({ kind: 'notOpened', failure }),
    message: (_owner, isText, bytes, start, end) =>
      add({ kind: 'message', isText, text: bytes.toString('utf8', start, end) }),
    closed: (_owner, code, reason) => add({ kind: 'closed', code, reason }),
  };
  const writer = new FrameWriter(1);
  const path = `${to.pathname}${to.search}`;
  const endpoint = endpointOf(to, extras);
  const socket = new ClientSocket({
    owner: 'o',
    handler,
    clock: monotonicClock,
    writer,
    endpoint,
    path,
    localAddress: undefined,
    closeTimeoutMs,
  });
  const next = async (): Promise<Event> => {
    while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return events.shift() as Event;
  };
  return { socket, next, events };
}

async function open() {
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const client = connect();
  const peer = await accepted;
  expect(await client.next()).toEqual({ kind: 'opened' });
  return { ...client, peer };
}

describe('with an independent server (ws)', () => {
  test('messages of all sizes arrive and come back', async () => {
    const { socket, next, peer } = await open();
    peer.on('message', (data: Buffer) => peer.send(data.toString()));
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 900_000]) {
      const text = 'ü'.repeat(Math.floor(length / 2)).padEnd(length - Math.floor(length / 2), 'x');
      expect(socket.sendText(Buffer.from(text))).toBe(true);
      expect(await next()).toEqual({ kind: 'message', isText: true, text });
    }
  });

  test('fragments, with a ping among them, are one message, and the ping is answered', async () => {
    const { next, peer } = await open();
    const ponged = new Promise<string>((resolve) => peer.once('pong', (data) => resolve(data.toString())));
    peer.send('one ', { fin: false });
    peer.ping('still there?');
    peer.send('two ', { fin: false });
    peer.send('three', { fin: true });
    expect(await next()).toEqual({ kind: 'message', isText: true, text: 'one two three' });
    expect(await ponged).toBe('still there?');
  });

  test('a thousand small messages sent in one burst arrive in order', async () => {
    const { next, peer } = await open();
    for (let n = 0; n < 1_000; n++) peer.send(String(n));
    for (let n = 0; n < 1_000; n++) expect(await next()).toMatchObject({ text: String(n) });
  });

  test('binary messages are distinguished from text', async () => {
    const { next, peer } = await open();
    peer.send(Buffer.from('b'));
    expect(await next()).toEqual({ kind: 'message', isText: false, text: 'b' });
  });

  test('a close by the server has its code and reason, and is answered with the same code', async () => {
    const { next, peer } = await open();
    const answered = new Promise<number>((resolve) => peer.once('close', resolve));
    peer.close(4001, 'go away');
    expect(await next()).toEqual({ kind: 'closed', code: 4001, reason: 'go away' });
    expect(await answered).toBe(4001);
  });

  test('a close without a code is 1005, a cut connection 1006', async () => {
    const one = await open();
    one.peer.close();
    expect(await one.next()).toEqual({ kind: 'closed', code: 1005, reason: '' });
    const other = await open();
    other.peer.terminate();
    expect(await other.next()).toEqual({ kind: 'closed', code: 1006, reason: '' });
    expect(other.socket.sendText(Buffer.from('x'))).toBe(false);
  });

  test("the client's own close reaches the server with its code", async () => {
    const { socket, next, peer } = await open();
    const received = new Promise<number>((resolve) => peer.once('close', resolve));
    socket.close(1000);
    expect(await received).toBe(1000);
    expect(await next()).toEqual({ kind: 'closed', code: 1000, reason: '' });
  });

  test('headers and subprotocols are sent', async () => {
    const seen = new Promise<Record<string, unknown>>((resolve) =>
      server.once('connection', (_peer, request) => resolve({ ...request.headers, url: request.url })),
    );
    const { next } = connect(url, { subprotocols: ['one', 'two'], headers: { 'x-tenant': '7' } });
    expect(await next()).toEqual({ kind: 'opened' });
    expect(await seen).toMatchObject({
      url: '/path?x=1',
      host: url.host,
      'x-tenant': '7',
      'sec-websocket-protocol': 'one, two',
    });
  });
});

describe('with a server that does not speak WebSocket', () => {
  async function serve(answer: string | null): Promise<URL> {
    tcp = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => (answer === null ? socket.destroy() : socket.write(answer)));
    });
    await new Promise<void>((resolve) => tcp?.listen(0, '127.0.0.1', resolve));
    return new URL(`ws://127.0.0.1:${(tcp.address() as AddressInfo).port}/`);
  }
  const failureOf = async (answer: string | null) => {
    const event = await connect(await serve(answer)).next();
    return event.kind === 'notOpened' ? event.failure : event;
  };

  test('a status is a refusal; 429 is a throttle', async () => {
    expect(await failureOf('HTTP/1.1 403 Forbidden\r\n\r\n')).toEqual({ kind: 'refused', status: 403 });
    tcp?.close();
    expect(await failureOf('HTTP/1.1 429 Too Many Requests\r\n\r\n')).toEqual({ kind: 'throttled' });
  });
  test('an answer that is not HTTP is a failure that says so', async () => {
    expect(await failureOf('220 mail.example.com ESMTP\r\n')).toEqual({
      kind: 'failed',
      code: 'upgrade answer: not HTTP',
    });
  });
  test('a connection that is cut before the answer is a failure', async () => {
    expect(await failureOf(null)).toMatchObject({ kind: 'failed' });
  });
  test('a port without a listener is ECONNREFUSED', async () => {
    const closed = await serve('');
    await new Promise((resolve) => tcp?.close(resolve));
    expect(await connect(closed).next()).toEqual({
      kind: 'notOpened',
      failure: { kind: 'failed', code: 'ECONNREFUSED' },
    });
  });
});

describe('with a server that breaks the rules', () => {
  /** Upgrades, and then hands over the raw socket. */
  async function raw(then: (socket: Socket) => void): Promise<URL> {
    const listener = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (request) => {
        const key = /sec-websocket-key: (.*)\r\n/i.exec(request.toString())?.[1] ?? '';
        const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`;
        // Byte by byte, each in its own write.
        for (const byte of Buffer.from(head)) socket.write(Buffer.from([byte]));
        then(socket);
      });
    });
    tcp = listener;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new URL(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}/`);
  }
  const none = { subprotocols: [], headers: {} };

  test('a close that is never answered ends the connection after the timeout, as 1006', async () => {
    const { socket, next } = connect(await raw(() => {}), none, 50);
    expect(await next()).toEqual({ kind: 'opened' });
    socket.close(1000);
    expect(await next()).toEqual({ kind: 'closed', code: 1006, reason: '' });
  });

  test('a server that sends a close frame but does not hang up has closed at once, with its code, and is dropped after the timeout', async () => {
    const closes = (socket: Socket) => socket.write(Buffer.from('880203e9', 'hex'));
    // Ten minutes: whoever waited for the timeout would fail this test.
    const patient = connect(await raw(closes), none, 600_000);
    expect(await patient.next()).toEqual({ kind: 'opened' });
    expect(await patient.next()).toEqual({ kind: 'closed', code: 1001, reason: '' });
    expect(patient.socket.sendText(Buffer.from('late'))).toBe(false);
    patient.socket.destroy();
    tcp?.close();
    const hungUp = Promise.withResolvers<void>();
    const hasty = connect(
      await raw((socket) => {
        socket.once('close', () => hungUp.resolve());
        closes(socket);
      }),
      none,
      50,
    );
    expect(await hasty.next()).toEqual({ kind: 'opened' });
    expect(await hasty.next()).toEqual({ kind: 'closed', code: 1001, reason: '' });
    await hungUp.promise;
  });

  test('only a bounded number of pings is answered if the server never reads', async () => {
    const pings = Buffer.concat(
      Array.from({ length: 2_000 }, () => Buffer.concat([Buffer.from('897d', 'hex'), Buffer.alloc(125)])),
    );
    const to = await raw((socket) => {
      socket.pause();
      let sent = 0;
      const flood = () => void (sent++ < 80 ? socket.write(pings, flood) : socket.write(Buffer.from('810161', 'hex')));
      flood();
    });
    const { socket, next } = connect(to);
    expect(await next()).toEqual({ kind: 'opened' });
    // The message after the last ping: all pings have been read.
    expect(await next()).toEqual({ kind: 'message', isText: true, text: 'a' });
    // 20 MB of pings: the answers that the kernel does not take wait here, up to 256 KiB and one read's worth.
    expect(socket.waitingBytes).toBeLessThan(400_000);
    socket.destroy();
  });
});
