/** Servers of other protocols on real sockets: how they end a connection, and what they say in bytes. */
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { runFleet } from '../src/core/fleet/fleet.ts';
import type { ClientRecord } from '../src/records.ts';
import { addUp, balance, balanced, fleetSpec } from './totals.ts';

let server: WebSocketServer | null = null;
afterEach(() => {
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
  server = null;
});

/** 5 connections and 25 messages in half a second, against a server that does this with each connection. */
async function against(serve: (socket: WebSocket) => void) {
  const started = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server = started;
  started.on('connection', serve);
  await new Promise((resolve) => started.once('listening', resolve));
  const webSocketUrl = `ws://127.0.0.1:${(started.address() as AddressInfo).port}/`;
  const spec = fleetSpec(
    { webSocketUrl, webhookUrl: '' },
    { connections: 5, connectRatePerSecond: 1_000, steadySeconds: 0.5, messageRatePerSecond: 50, timeoutSeconds: 1 },
  );
  const records: ClientRecord[] = [];
  const result = await runFleet(
    { ...spec, webhookUrl: null, tokenSecret: null },
    { onRecord: (record) => records.push(record), signal: new AbortController().signal },
  );
  const totals = addUp(records);
  expect(result).toEqual({ kind: 'completed' });
  expect(balance(totals)).toEqual(balanced);
  return totals;
}

test('a close with a code of the server’s own, and a reason', async () => {
  const totals = await against((socket) => socket.on('message', () => socket.close(4401, 'Unauthorized: token=abc')));
  expect(totals.closesByServer).toEqual({ '4401 Unauthorized: token=[hidden]': 5 });
  expect(totals.counters.messagesConnectionClosed + totals.counters.messagesDroppedNoConnection).toBe(25);
});

test('an MQTT server: a binary CONNACK, then 1003 for a text frame', async () => {
  const totals = await against((socket) => {
    socket.send(Buffer.from([0x20, 0x02, 0x00, 0x05]));
    socket.on('message', () => socket.close(1003, 'text frames are not MQTT'));
  });
  expect(totals.closesByServer).toEqual({ '1003 text frames are not MQTT': 5 });
  expect(totals.unexpectedFrames).toEqual({ 'binary, 4 bytes: 20 02 00 05': 5 });
});

test('a frame that breaks the protocol: the client fails the connection, and says so', async () => {
  const totals = await against((socket) => {
    const { _socket } = socket as unknown as { _socket: { write(bytes: Buffer): void } };
    // A text frame with a reserved bit.
    socket.on('message', () => _socket.write(Buffer.from([0xc1, 0x01, 0x61])));
  });
  expect(totals.closesByServer).toEqual({ '1002 failed by the client: a reserved bit is set': 5 });
});
