/** A small stack that follows docs/reference/protocol.md, with faults on request; it has neither a network nor a clock. It shares no code with the engine. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { FakeFallback, type FallbackFaults, type HttpAnswer } from './fake-fallback.ts';

export interface Faults extends FallbackFaults {
  /** Ping n (0, 1, 2, … over all connections): what happens to its answer. */
  ping?: (n: number) => 'answer' | 'drop' | 'twice' | 'error' | 'close';
  /** Called with each pong, and each answer to a post, by the id of the ping or the event. */
  onAnswer?: (kind: 'ping' | 'post', id: string) => void;
  /** Called with the headers of each upgrade. */
  onUpgrade?: (headers: Readonly<Record<string, unknown>>) => void;
  /** Upgrade n: the status to refuse it with, 101 to accept it, 0 to leave it unanswered. */
  upgrade?: (n: number) => number;
  /** Post n: the status; 0 leaves it unanswered (the event is queued all the same). */
  post?: (n: number) => number;
  /** New event n: how many times it is pushed to each connection of its owner. */
  pushes?: (n: number) => number;
  /** Pushes go out before the post is answered. */
  pushFirst?: boolean;
  /** Publish n, to subscriber m of the channel: what happens to the message. `swap`: it comes after the next one of the channel; `cut`: without the end of its body. */
  delivery?: (publish: number, subscriber: number) => 'deliver' | 'drop' | 'twice' | 'swap' | 'cut';
  /** Push to every connection, not only the owner's. */
  pushToAll?: boolean;
  /** A connection over which neither side has sent anything for this long is closed with 1001. */
  idleMs?: number;
  /** A connection of this age is closed with 1001. */
  lifetimeMs?: number;
  /** Connections need no token. */
  isOpen?: boolean;
  /** Another server altogether, without tokens: called with each connection, and returns what it does with each text message. */
  server?: (peer: Peer, after: (ms: number, run: () => void) => void) => (text: string) => void;
  /** Takes posts of another form: returns what is pushed to whose connections (null: to all), or the status to refuse with. */
  takes?: (request: { head: string; body: Buffer }) => number | { to: string | null; frame: string }[];
  /** Whose connection an upgrade is, of a stack without our tokens. */
  userOf?: (path: string, headers: Readonly<Record<string, unknown>>) => string;
  /** A custom protocol without tokens instead of the stack's: returns the answers to each message. */
  answers?: (text: string) => string[];
}

/** A connection as the stack sees it. */
export interface Peer {
  send(text: string): void;
  close(code: number, reason?: string): void;
}

export const tokenSecret = 'token-secret-of-the-fake';
export const webhookSecret = 'webhook-secret-of-the-fake';

/** From the answer of a post to its push. */
const pushDelayMs = 5;

export class FakeStack {
  readonly seen = { pings: 0, upgrades: 0, posts: 0, events: 0, replays: 0, badSignatures: 0 };
  readonly fallback: FakeFallback;
  readonly #faults: Faults;
  readonly #time: { nowMs(): number; after(ms: number, run: () => void): void };
  readonly #byUser = new Map<string, Set<Peer>>();
  readonly #eventIds = new Set<string>();
  readonly #channels = new Map<string, Peer[]>();
  readonly #servers = new Map<Peer, (text: string) => void>();
  readonly #heldBack = new Map<string, string>();
  readonly #lastActiveMs = new Map<Peer, number>();
  #publishes = 0;

  constructor(faults: Faults, time: { nowMs(): number; after(ms: number, run: () => void): void }) {
    this.#faults = faults;
    this.#time = time;
    this.fallback = new FakeFallback(faults, { time, userOf });
  }

  get peers(): Peer[] {
    return [...this.#byUser.values()].flatMap((own) => [...own]);
  }

  /** The status to answer an upgrade with (0: none), and whose connection it is. */
  admit(path: string, headers: Readonly<Record<string, unknown>>): { status: number; user: string } {
    this.#faults.onUpgrade?.(headers);
    const n = this.seen.upgrades++;
    const status = this.#faults.upgrade?.(n) ?? 101;
    if (status !== 101) return { status, user: '' };
    if (this.#faults.userOf) return { status, user: this.#faults.userOf(path, headers) };
    if (this.#faults.answers || this.#faults.server || this.#faults.isOpen) return { status, user: 'anyone' };
    const user = userOf(path, this.#time.nowMs() / 1_000);
    return user === null ? { status: 401, user: '' } : { status, user };
  }

  joined(user: string, peer: Peer): void {
    const own = this.#byUser.get(user) ?? new Set();
    this.#byUser.set(user, own.add(peer));
    const receive = this.#faults.server?.(peer, this.#time.after);
    if (receive) this.#servers.set(peer, receive);
    const { idleMs, lifetimeMs } = this.#faults;
    this.#lastActiveMs.set(peer, this.#time.nowMs());
    if (lifetimeMs !== undefined) this.#time.after(lifetimeMs, () => this.#end(peer));
    if (idleMs !== undefined) this.#endOnceIdle(peer, idleMs);
  }

  #endOnceIdle(peer: Peer, idleMs: number): void {
    const lastActiveMs = this.#lastActiveMs.get(peer);
    if (lastActiveMs === undefined) return;
    const leftMs = lastActiveMs + idleMs - this.#time.nowMs();
    if (leftMs <= 0) this.#end(peer);
    else this.#time.after(leftMs, () => this.#endOnceIdle(peer, idleMs));
  }

  #end(peer: Peer): void {
    if (this.#lastActiveMs.has(peer)) peer.close(1001);
  }

  left(user: string, peer: Peer): void {
    this.#byUser.get(user)?.delete(peer);
    this.#lastActiveMs.delete(peer);
  }

  received(peer: Peer, text: string): void {
    this.#lastActiveMs.set(peer, this.#time.nowMs());
    if (this.#faults.server) {
      this.#servers.get(peer)?.(text);
      return;
    }
    if (this.#faults.answers) {
      for (const answer of this.#faults.answers(text)) peer.send(answer);
      return;
    }
    const {
      action,
      id,
      channel,
      body = '',
    } = JSON.parse(text) as Record<'action' | 'id' | 'channel', string> & {
      body?: string;
    };
    if (action === 'subscribe') {
      this.#channels.set(channel, [...(this.#channels.get(channel) ?? []), peer]);
      peer.send(JSON.stringify({ type: 'subscribed', id, channel }));
    }
    if (action === 'publish') this.#publish(peer, { id, channel, body });
    if (action === 'ping') this.#pong(peer, id);
  }

  #pong(peer: Peer, id: string): void {
    const n = this.seen.pings++;
    switch (this.#faults.ping?.(n) ?? 'answer') {
      case 'drop':
        return;
      case 'error':
        peer.send(JSON.stringify({ type: 'error', id, code: 'badRequest', message: 'no' }));
        return;
      case 'close':
        peer.close(1011);
        return;
      case 'twice':
        peer.send(JSON.stringify({ type: 'pong', id }));
    }
    peer.send(JSON.stringify({ type: 'pong', id }));
    this.#faults.onAnswer?.('ping', id);
  }

  #publish(from: Peer, { id, channel, body }: { id: string; channel: string; body: string }): void {
    const n = this.#publishes++;
    const messageOf = (text: string) => JSON.stringify({ type: 'message', id, channel, body: text });
    const message = messageOf(body);
    (this.#channels.get(channel) ?? []).forEach((subscriber, m) => {
      const fate = this.#faults.delivery?.(n, m) ?? 'deliver';
      const key = `${channel} ${m}`;
      const held = this.#heldBack.get(key);
      this.#heldBack.delete(key);
      if (fate === 'cut') subscriber.send(messageOf(body.slice(0, body.length / 2)));
      else if (fate === 'swap') this.#heldBack.set(key, message);
      else if (fate !== 'drop') for (let k = 0; k < (fate === 'twice' ? 2 : 1); k++) subscriber.send(message);
      if (held !== undefined) subscriber.send(held);
    });
    from.send(JSON.stringify({ type: 'published', id, channel, recipients: 1, failed: 0 }));
  }

  /** Takes a post of whatever form: see {@link Faults.takes}. False: webhooks have the stack's own form. */
  took(request: { head: string; body: Buffer }, answer: (status: number) => void): boolean {
    const { takes } = this.#faults;
    if (takes === undefined) return false;
    this.seen.posts++;
    const pushes = takes(request);
    answer(typeof pushes === 'number' ? pushes : 202);
    for (const { to, frame } of typeof pushes === 'number' ? [] : pushes) {
      const receivers = to === null ? this.peers : [...(this.#byUser.get(to) ?? [])];
      this.#time.after(pushDelayMs, () => {
        for (const peer of receivers) peer.send(frame);
      });
    }
    return true;
  }

  /** Answers `/config` and `/events`, unless the request is to be left unanswered. */
  asked(head: string, answer: (of: HttpAnswer) => void): void {
    this.fallback.asked(head, answer);
  }

  /** Takes a webhook. `answer` is called with the status, unless the post is to be left unanswered. */
  posted(body: Buffer, signature: string, answer: (status: number) => void): void {
    const n = this.seen.posts++;
    const status = this.#faults.post?.(n) ?? 200;
    if (!isSigned(body, signature)) {
      this.seen.badSignatures++;
      answer(401);
      return;
    }
    if (this.#faults.pushFirst && (status === 200 || status === 0)) this.#push(body);
    if (status === 0) return;
    answer(status);
    this.#faults.onAnswer?.('post', (JSON.parse(String(body)) as { id: string }).id);
    if (status === 200 && !this.#faults.pushFirst) this.#time.after(pushDelayMs, () => this.#push(body));
  }

  #push(body: Buffer): void {
    const event = JSON.parse(String(body)) as { id: string; data: { object: { grant_id: string } } };
    if (this.#eventIds.has(event.id)) {
      this.seen.replays++;
      return;
    }
    this.#eventIds.add(event.id);
    const times = this.#faults.pushes?.(this.seen.events) ?? 1;
    this.seen.events++;
    const frame = JSON.stringify({ type: 'event', eventId: event.id, eventType: 'message.created', object: {} });
    const receivers = this.#faults.pushToAll ? this.peers : [...(this.#byUser.get(event.data.object.grant_id) ?? [])];
    const owner = event.data.object.grant_id;
    this.fallback.keep(owner, frame);
    for (let n = 0; n < times; n++) for (const peer of receivers) peer.send(frame);
  }
}

/** The `sub` of a token that is signed with the secret and has not expired; else null. */
function userOf(path: string, nowSeconds: number): string | null {
  const token = new URL(path, 'ws://fake').searchParams.get('token') ?? '';
  const [header, payload, signature] = token.split('.');
  if (!header || !payload || !signature) return null;
  const expected = createHmac('sha256', tokenSecret).update(`${header}.${payload}`).digest('base64url');
  if (expected !== signature) return null;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number };
  return claims.exp > nowSeconds ? claims.sub : null;
}

function isSigned(body: Buffer, signature: string): boolean {
  const expected = Buffer.from(createHmac('sha256', webhookSecret).update(body).digest('hex'));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
