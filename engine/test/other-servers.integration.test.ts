/** Servers of other protocols on real sockets: how they end a connection, and what they say in bytes. */
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
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

describe('a server that lets nobody in: one sentence with what it answered and what to do', () => {
  /** A fleet of 3 against a server that does this with each TCP connection. */
  async function refusedBy(serve: (socket: Socket) => void, protocol: 'ws' | 'wss' = 'ws'): Promise<string> {
    const tcp = createTcpServer(serve);
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const webSocketUrl = `${protocol}://127.0.0.1:${(tcp.address() as AddressInfo).port}/feed?token=k9x7`;
    const spec = fleetSpec(
      { webSocketUrl, webhookUrl: '' },
      { connections: 3, connectRatePerSecond: 1_000, steadySeconds: 0.5, timeoutSeconds: 1 },
    );
    try {
      const result = await runFleet(
        { ...spec, webhookUrl: null, tokenSecret: null },
        { onRecord: () => {}, signal: new AbortController().signal },
      );
      return result.kind === 'failed' ? result.sentence : result.kind;
    } finally {
      tcp.close();
    }
  }
  const answering =
    (status: string, headers = '') =>
    (socket: Socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`));
    };

  test.each([
    ['401 Unauthorized', '', 'HTTP 401. The target does not accept the token or the credentials, or wants some'],
    ['403 Forbidden', '', 'HTTP 403. The target does not accept the token'],
    ['404 Not Found', '', 'HTTP 404. It answers HTTP 404 instead of a WebSocket upgrade: check host and path'],
    ['426 Upgrade Required', '', 'HTTP 426. It wants another protocol'],
    ['302 Found', 'location: https://example.com/login\r\n', 'HTTP 302. It redirects'],
    ['429 Too Many Requests', '', 'lower the connect rate'],
    ['500 Internal Server Error', '', 'look into its log'],
    ['503 Service Unavailable', '', 'look into its log'],
  ])('%s', async (status, headers, sentence) => {
    const said = await refusedBy(answering(status, headers));
    expect(said).toContain('3 of 3 failed');
    expect(said).toContain(sentence);
    expect(said).not.toContain('k9x7');
  });

  test('another protocol, and TLS where there is none', async () => {
    const banner = (socket: Socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.example.com ESMTP\r\n\r\n');
    };
    expect(await refusedBy(banner)).toContain('does not speak WebSocket');
    expect(await refusedBy(banner, 'wss')).toContain('use ws:// in place of wss://');
    expect(await refusedBy(answering('400 Bad Request'), 'wss')).toContain('use ws:// in place of wss://');
  });

  test('a server that says nothing at all', async () => {
    const said = await refusedBy((socket) => socket.on('error', () => {}));
    expect(said).toContain('timed out');
  });
});
