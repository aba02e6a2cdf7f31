import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { listen } from '../../process/listen.ts';
import type { LimitsInput } from '../../quota/limits.ts';
import { resolveLimits } from '../../quota/resolve-limits.ts';
import type { CloseCause, Connection } from './connection.ts';
import { SocketHolder } from './socket-holder.ts';

const facts = {
  ...{ connectionId: 'c', apiId: 'a', stage: 's', stageVariables: {}, domainName: 'd' },
  ...{ connectedAtMs: 0, identity: { sourceIp: '127.0.0.1' }, authorizer: null },
};
const bufferBytes = 200_000;
// Longer than since 1970, where the facts are from.
const limits = { webSocketIdleMs: 1e13, webSocketLifetimeMs: 1e13, clientBufferBytes: bufferBytes };
const idleMs = 600_000;

let messages: string[];
let closed: PromiseWithResolvers<CloseCause>;
let opened: PromiseWithResolvers<Connection>;
/** The side of the socket that the holder writes to. */
let held: Duplex;
let client: WebSocket;
let end: () => void;
beforeEach(() => start(limits));
afterEach(() => end());

async function start(of: LimitsInput): Promise<void> {
  messages = [];
  closed = Promise.withResolvers();
  opened = Promise.withResolvers();
  const holder = new SocketHolder(resolveLimits(of), {
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
}

test('a message that arrives after this side has closed is dropped', async () => {
  client.send('before');
  // Closes with 1003; the following messages are sent before the client can know.
  client.send(Buffer.of(1));
  client.send('after');
  expect(await closed.promise).toMatchObject({ code: 1003 });
  expect(messages).toEqual(['before']);
});

/** Repeats it until the kernel accepts no more and the buffer here is full. */
async function fill(once: () => void): Promise<void> {
  await vi.waitFor(
    () => {
      once();
      expect(held.writableLength).toBeGreaterThan(bufferBytes);
    },
    { timeout: 50_000, interval: 1 },
  );
}

test('pongs to a client that pings and reads nothing are dropped beyond its buffer, and the connection stays open', async () => {
  const connection = await opened.promise;
  client.pause();
  const payload = Buffer.alloc(125);
  const ping = (count: number) => {
    for (let index = 0; index < count; index++) client.ping(payload);
  };
  await fill(() => {
    if (client.bufferedAmount === 0) ping(2_000);
  });
  // All of these arrive after the buffer was full.
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

test('answers to a client that reads nothing are dropped beyond its buffer, posts refused, and the connection stays open', async () => {
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

describe('pings, on a clock that the test sets', () => {
  beforeEach(() => {
    end();
    // Not those of the sockets.
    vi.useFakeTimers({ now: facts.connectedAtMs, toFake: ['Date', 'setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    [true, false],
    [false, true],
  ])('are answered: %s; reset the idle time: %s', async (answerPings, pingsResetIdle) => {
    await start({ ...limits, webSocketIdleMs: idleMs, assumptions: { answerPings, pingsResetIdle } });
    const connection = await opened.promise;
    let pongs = 0;
    client.on('pong', () => {
      pongs += 1;
    });
    vi.advanceTimersByTime(idleMs - 1_000);
    client.ping();
    // Each of the two settings is seen by what it does.
    const isDone = () => (answerPings ? pongs > 0 : connection.lastActiveAtMs > 0);
    while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
    expect(connection.lastActiveAtMs).toBe(pingsResetIdle ? idleMs - 1_000 : 0);
    vi.advanceTimersByTime(2_000);
    expect(connection.open).toBe(pingsResetIdle);
    vi.advanceTimersByTime(idleMs);
    expect(await closed.promise).toEqual({ code: 1001, reason: 'Going away' });
    expect(pongs).toBe(answerPings ? 1 : 0);
  });
});
