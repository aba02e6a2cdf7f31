/** A small target that keeps docs/protocol.md, with faults to order. It shares no code with the engine. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Faults {
  /** Ping n (0, 1, 2, … over all connections): what becomes of its answer. */
  ping?: (n: number) => 'answer' | 'drop' | 'twice' | 'error' | 'close';
  /** Told of each pong, and of each answer to a post, by the id of the ping or the event. */
  onAnswer?: (kind: 'ping' | 'post', id: string) => void;
  /** Told of each upgrade. */
  onUpgrade?: (headers: IncomingMessage['headers']) => void;
  /** Upgrade n: the status to refuse it with, 101 to take it, 0 to leave it unanswered. */
  upgrade?: (n: number) => number;
  /** Post n: the status; 0 leaves it unanswered (the event is queued all the same). */
  post?: (n: number) => number;
  /** New event n: how many times it is pushed to each connection of its owner. */
  pushes?: (n: number) => number;
  /** Pushes go out before the post is answered. */
  pushFirst?: boolean;
  /** Publish n, to subscriber m of the channel: what becomes of the message. `swap`: it comes after the next one of the channel. */
  delivery?: (publish: number, subscriber: number) => 'deliver' | 'drop' | 'twice' | 'swap';
  /** Push to every connection, whoever owns it. */
  pushToAll?: boolean;
}

export interface FakeTarget {
  webSocketUrl: string;
  webhookUrl: string;
  seen: { pings: number; upgrades: number; posts: number; events: number; replays: number; badSignatures: number };
  openSockets(): number;
  /** Source address of each upgrade, in order. */
  sourceAddresses: string[];
  /** Closes every WebSocket with this code. */
  closeAll(code: number): void;
  stop(): Promise<void>;
}

export const tokenSecret = 'token-secret-of-the-fake';
export const webhookSecret = 'webhook-secret-of-the-fake';

export async function startFakeTarget(faults: Faults = {}): Promise<FakeTarget> {
  const seen = { pings: 0, upgrades: 0, posts: 0, events: 0, replays: 0, badSignatures: 0 };
  const sourceAddresses: string[] = [];
  const byUser = new Map<string, Set<WebSocket>>();
  const eventIds = new Set<string>();
  const channels = new Map<string, WebSocket[]>();
  const heldBack = new Map<string, string>();
  let publishes = 0;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((request, response) => void receive(request, response));

  /** Upgraded and unanswered sockets are no longer the HTTP server's to close. */
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    sourceAddresses.push(request.socket.remoteAddress ?? '');
    socket.on('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    const n = seen.upgrades++;
    faults.onUpgrade?.(request.headers);
    const status = faults.upgrade?.(n) ?? 101;
    const user = status === 101 ? userOf(request) : null;
    if (status === 0) return;
    if (user === null) {
      socket.end(`HTTP/1.1 ${status === 101 ? 401 : status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const own = byUser.get(user) ?? new Set();
      byUser.set(user, own.add(webSocket));
      webSocket.on('close', () => own.delete(webSocket));
      webSocket.on('message', (data) => answer(webSocket, String(data)));
    });
  });

  function answer(webSocket: WebSocket, text: string): void {
    const { action, id, channel } = JSON.parse(text) as { action: string; id: string; channel: string };
    if (action === 'subscribe') {
      channels.set(channel, [...(channels.get(channel) ?? []), webSocket]);
      webSocket.send(JSON.stringify({ type: 'subscribed', id, channel }));
    }
    if (action === 'publish') publish(webSocket, id, channel);
    if (action !== 'ping') return;
    const n = seen.pings++;
    switch (faults.ping?.(n) ?? 'answer') {
      case 'drop':
        return;
      case 'error':
        webSocket.send(JSON.stringify({ type: 'error', id, code: 'badRequest', message: 'no' }));
        return;
      case 'close':
        webSocket.close(1011);
        return;
      case 'twice':
        webSocket.send(JSON.stringify({ type: 'pong', id }));
    }
    webSocket.send(JSON.stringify({ type: 'pong', id }));
    faults.onAnswer?.('ping', id);
  }

  function publish(from: WebSocket, id: string, channel: string): void {
    const n = publishes++;
    const message = JSON.stringify({ type: 'message', id, channel, body: 'x' });
    (channels.get(channel) ?? []).forEach((subscriber, m) => {
      const fate = faults.delivery?.(n, m) ?? 'deliver';
      const key = `${channel} ${m}`;
      const held = heldBack.get(key);
      heldBack.delete(key);
      if (fate === 'swap') heldBack.set(key, message);
      else if (fate !== 'drop') for (let k = 0; k < (fate === 'twice' ? 2 : 1); k++) subscriber.send(message);
      if (held !== undefined) subscriber.send(held);
    });
    from.send(JSON.stringify({ type: 'published', id, channel, recipients: 1, failed: 0 }));
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const n = seen.posts++;
    const status = faults.post?.(n) ?? 200;
    if (!isSigned(body, String(request.headers['x-nylas-signature']))) {
      seen.badSignatures++;
      response.writeHead(401).end();
      return;
    }
    if (faults.pushFirst && (status === 200 || status === 0)) push(body);
    if (status === 0) return;
    response.writeHead(status).end();
    faults.onAnswer?.('post', (JSON.parse(String(body)) as { id: string }).id);
    if (status === 200 && !faults.pushFirst) setTimeout(() => push(body), 5);
  }

  function push(body: Buffer): void {
    const event = JSON.parse(String(body)) as { id: string; data: { object: { grant_id: string } } };
    if (eventIds.has(event.id)) {
      seen.replays++;
      return;
    }
    eventIds.add(event.id);
    const times = faults.pushes?.(seen.events) ?? 1;
    seen.events++;
    const owner = event.data.object.grant_id;
    const frame = JSON.stringify({ type: 'event', eventId: event.id, eventType: 'message.created', object: {} });
    const receivers = faults.pushToAll
      ? [...byUser.values()].flatMap((own) => [...own])
      : [...(byUser.get(owner) ?? [])];
    for (let n = 0; n < times; n++) for (const webSocket of receivers) webSocket.send(frame);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const all = () => [...byUser.values()].flatMap((own) => [...own]);
  return {
    webSocketUrl: `ws://127.0.0.1:${port}/prod`,
    webhookUrl: `http://127.0.0.1:${port}/webhooks`,
    seen,
    sourceAddresses,
    openSockets: () => all().length,
    closeAll: (code) => {
      for (const webSocket of all()) webSocket.close(code);
    },
    stop: () => {
      for (const socket of upgraded) socket.destroy();
      sockets.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The `sub` of a token that is signed with the secret and has not expired; else null. */
function userOf(request: IncomingMessage): string | null {
  const token = new URL(request.url ?? '', 'ws://fake').searchParams.get('token') ?? '';
  const [header, payload, signature] = token.split('.');
  if (!header || !payload || !signature) return null;
  const expected = createHmac('sha256', tokenSecret).update(`${header}.${payload}`).digest('base64url');
  if (expected !== signature) return null;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number };
  return claims.exp > Date.now() / 1_000 ? claims.sub : null;
}

function isSigned(body: Buffer, signature: string): boolean {
  const expected = Buffer.from(createHmac('sha256', webhookSecret).update(body).digest('hex'));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
