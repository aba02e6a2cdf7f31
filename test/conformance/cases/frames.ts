/** A2 and B5: sizes of frames and messages, times, and how connections end. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DeleteConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConformanceCase } from '../conformance-case.ts';
import type { ProbeEvent, ProbeSocket, Subject } from '../subject.ts';
import type { TargetNeed } from '../target-need.ts';
import { frameOf } from './routing.ts';

const frameBytes = 32_768;
const frame = Buffer.alloc(frameBytes, 'x');

const idleMs = 2_000;
const lifetimeMs = 2_000;
/** A short idle timeout, and a queue with 3 messages in flight: one target for cases that need small limits. */
export const shortLived: TargetNeed = {
  variant: 'main',
  limits: { webSocketIdleMs: idleMs, sqsInFlightMessages: 3, sqsFifoRequests: 3 },
};
/** With the default idle timeout: only the lifetime can end a connection soon. */
const shortLifetime: TargetNeed = { variant: 'main', limits: { webSocketLifetimeMs: lifetimeMs } };

export async function idOf(socket: ProbeSocket): Promise<string> {
  const event = JSON.parse(await socket.ask({ action: 'twoWay' })) as ProbeEvent;
  return event.requestContext.connectionId;
}

/** Opens a connection, ends it with `end`, and returns the event that `$disconnect` received. */
async function disconnectEventOf(
  subject: Subject,
  end: (socket: ProbeSocket, connectionId: string) => unknown,
): Promise<{ code: unknown; reason: unknown }> {
  const socket = await subject.connect();
  const connectionId = await idOf(socket);
  await end(socket, connectionId);
  const { requestContext } = await subject.event(connectionId);
  return { code: requestContext.disconnectStatusCode, reason: requestContext.disconnectReason };
}

/** From before the handshake to the close. */
async function livesFor(subject: Subject): Promise<{ tookMs: number; connectionId: string }> {
  const key = randomUUID();
  const started = performance.now();
  const socket = await subject.connect({ token: 'me', seeConnect: key });
  await socket.closed();
  const tookMs = performance.now() - started;
  const { requestContext } = await subject.event(key);
  return { tookMs, connectionId: requestContext.connectionId };
}

export const frameCases: readonly ConformanceCase[] = [
  {
    row: 'A2.frame',
    check: async (subject) => {
      const socket = await subject.connect();
      socket.client.socket.send(frame, { binary: false });
      assert.match(await socket.next(), frameOf('Forbidden'));
      socket.client.socket.send(Buffer.alloc(frameBytes + 1, 'x'), { binary: false });
      assert.equal((await socket.closed()).code, 1009);
    },
  },
  {
    row: 'A2.message',
    check: async (subject) => {
      const socket = await subject.connect();
      for (const fin of [false, false, false, true]) socket.client.socket.send(frame, { binary: false, fin });
      assert.match(await socket.next(), frameOf('Forbidden'));
      for (const part of [frame, frame, frame, frame]) socket.client.socket.send(part, { binary: false, fin: false });
      socket.client.socket.send('x', { binary: false, fin: true });
      assert.equal((await socket.closed()).code, 1009);
    },
  },
  {
    row: 'A2.idle',
    target: shortLived,
    check: async (subject) => {
      const { tookMs } = await livesFor(subject);
      assert.ok(tookMs >= idleMs, `closed after ${tookMs} ms, but the idle timeout is ${idleMs} ms`);
    },
  },
  {
    row: 'A2.lifetime',
    target: shortLifetime,
    check: async (subject) => {
      const { tookMs } = await livesFor(subject);
      assert.ok(tookMs >= lifetimeMs, `closed after ${tookMs} ms, but the lifetime is ${lifetimeMs} ms`);
    },
  },
  {
    row: 'B5.no-code',
    check: async (subject) => {
      assert.deepEqual(await disconnectEventOf(subject, (socket) => socket.close()), {
        code: 1005,
        reason: 'Client-side close frame status not set',
      });
    },
  },
  {
    row: 'B5.page-left',
    check: async (subject) => {
      assert.deepEqual(await disconnectEventOf(subject, (socket) => socket.close(1001)), { code: 1001, reason: '' });
    },
  },
  {
    row: 'B5.client-code',
    check: async (subject) => {
      assert.deepEqual(await disconnectEventOf(subject, (socket) => socket.close(4_001, 'enough')), {
        code: 4_001,
        reason: 'enough',
      });
    },
  },
  {
    row: 'B5.idle',
    target: shortLived,
    check: async (subject) => {
      assert.deepEqual(await disconnectEventOf(subject, (socket) => socket.closed()), {
        code: 1001,
        reason: 'Going away',
      });
    },
  },
  {
    row: 'B5.lifetime',
    target: shortLifetime,
    check: async (subject) => {
      const { connectionId } = await livesFor(subject);
      const { requestContext } = await subject.event(connectionId);
      const { disconnectStatusCode: code, disconnectReason: reason } = requestContext;
      assert.deepEqual({ code, reason }, { code: 1001, reason: 'Going away' });
    },
  },
  {
    row: 'B5.binary',
    check: async (subject) => {
      const socket = await subject.connect();
      socket.client.socket.send(Buffer.from([1, 2, 3]));
      assert.equal((await socket.closed()).code, 1003);
    },
  },
  {
    row: 'B5.too-large',
    check: async (subject) => {
      const { code } = await disconnectEventOf(subject, (socket) => {
        socket.client.socket.send(Buffer.alloc(frameBytes + 1, 'x'), { binary: false });
      });
      assert.equal(code, 1009);
    },
  },
  {
    row: 'B5.delete',
    check: async (subject) => {
      const end = (_socket: ProbeSocket, ConnectionId: string) =>
        subject.management.send(new DeleteConnectionCommand({ ConnectionId }));
      assert.deepEqual(await disconnectEventOf(subject, end), { code: 1000, reason: 'Connection Closed Normally' });
    },
  },
  {
    row: 'B5.tcp-drop',
    check: async (subject) => {
      assert.deepEqual(await disconnectEventOf(subject, ({ client }) => client.socket.terminate()), {
        code: 1006,
        reason: 'Connection Closed Abnormally',
      });
    },
  },
  {
    row: 'B5.binary-to-client',
    check: async (subject) => {
      const socket = await subject.connect();
      const ConnectionId = await idOf(socket);
      const kind = new Promise<boolean>((resolve) => {
        socket.client.socket.once('message', (_data, isBinary) => resolve(isBinary));
      });
      await subject.management.send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from('bytes') }));
      assert.equal(await kind, false);
      assert.equal(await socket.next(), 'bytes');
    },
  },
  {
    row: 'B5.ping',
    target: shortLived,
    check: async (subject) => {
      const quiet = await subject.connect();
      let pongs = 0;
      let pinged = false;
      quiet.client.socket.on('pong', () => {
        pongs += 1;
      });
      quiet.client.socket.on('ping', () => {
        pinged = true;
      });
      const ping = () => quiet.client.socket.ping();
      const pings = setInterval(ping, idleMs / 10);
      ping();
      // Answered, and closed as idle all the same.
      await quiet.closed().finally(() => clearInterval(pings));
      assert.ok(pongs > 0);
      assert.equal(pinged, false);
      // Posts from the other side keep it open.
      const posted = await subject.connect();
      const ConnectionId = await idOf(posted);
      const started = performance.now();
      while (performance.now() - started < 1.5 * idleMs) {
        await new Promise((resolve) => setTimeout(resolve, idleMs / 5));
        await subject.management.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
      }
      assert.equal(posted.client.socket.readyState, posted.client.socket.OPEN);
    },
  },
  {
    row: 'B5.disconnect-best-effort',
    check: async (subject) => {
      const socket = await subject.connect();
      const connectionId = await idOf(socket);
      await assert.rejects(subject.observedWithin(connectionId, 300), /0 of 1/);
      const closingAtMs = Date.now();
      await socket.close(1000);
      const { requestContext } = await subject.event(connectionId);
      assert.ok(Number(requestContext.requestTimeEpoch) >= closingAtMs - 1_000);
    },
  },
];
