/** The fake stack on real sockets: Node's HTTP server and ws on a free port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { FakeStack, type Faults, type Peer } from './fake-stack.ts';

export { type Faults, tokenSecret, webhookSecret } from './fake-stack.ts';

export interface FakeTarget {
  webSocketUrl: string;
  webhookUrl: string;
  seen: FakeStack['seen'];
  openSockets(): number;
  /** Source address of each upgrade, in order. */
  sourceAddresses: string[];
  stop(): Promise<void>;
}

export async function startFakeTarget(faults: Faults = {}): Promise<FakeTarget> {
  const stack = new FakeStack(faults, { nowMs: Date.now, after: (ms, run) => void setTimeout(run, ms) });
  const sourceAddresses: string[] = [];
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((request, response) => void receive(request, response));

  /** Upgraded and unanswered sockets are no longer the HTTP server's to close. */
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    sourceAddresses.push(request.socket.remoteAddress ?? '');
    socket.on('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    const { status, user } = stack.admit(request.url ?? '', request.headers);
    if (status === 0) return;
    if (status !== 101) {
      socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const peer: Peer = {
        send: (text) => webSocket.send(text),
        close: (code, reason) => webSocket.close(code, reason),
      };
      stack.joined(user, peer);
      webSocket.on('close', () => stack.left(user, peer));
      webSocket.on('message', (data) => stack.received(peer, String(data)));
    });
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    stack.posted(Buffer.concat(chunks), String(request.headers['x-nylas-signature']), (status) =>
      response.writeHead(status).end(),
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    webSocketUrl: `ws://127.0.0.1:${port}/prod`,
    webhookUrl: `http://127.0.0.1:${port}/webhooks`,
    seen: stack.seen,
    sourceAddresses,
    openSockets: () => stack.peers.length,
    stop: () => {
      for (const socket of upgraded) socket.destroy();
      sockets.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
