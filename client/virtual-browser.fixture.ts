/** A browser and the stack that it talks to, on virtual time: no network, no clock. */
import { type Client, type ClientOptions, createClient } from './client.ts';
import type { Answer, Platform, SocketHandler } from './platform.ts';

interface Timer {
  atMs: number;
  run: () => void;
}

/** A connection as the stack sees it. */
export interface ServedSocket {
  url: string;
  openedAtMs: number;
  /** What the client sent, parsed. */
  sent: { action: string; id: string; channel?: string; atMs: number }[];
  push(frame: unknown): void;
  /** As a browser does with what came before the end was confirmed. */
  deliverLate(frame: unknown): void;
  /** The stack, or the network, ends it. */
  cut(): void;
  /** When it ended; null: it is open. */
  endedAtMs: number | null;
}

export class VirtualBrowser {
  nowMs = 1_800_000_000_000;
  readonly startMs = this.nowMs;
  isVisible = true;
  isOnline = true;
  /** The numbers that are drawn, in turn; then 0.5. */
  draws: number[] = [];
  /** Whether connects open. `silent`: neither. */
  connects: 'open' | 'refused' | 'silent' = 'open';
  /** Whether requests over a socket are answered. */
  answers = true;
  /** Of the socket's requests: an error's code in place of the answer. */
  refuse: (action: string, channel?: string) => string | null = () => null;
  /** Of HTTP. */
  config: unknown = { share: 1, off: false };
  http: 'up' | 'down' = 'up';
  kept: { eventId: string; atMs: number }[] = [];
  keptFromMs = 0;
  readonly sockets: ServedSocket[] = [];
  readonly gets: {
    path: string;
    token: string | undefined;
    after: string | undefined;
    wait: string | undefined;
    atMs: number;
  }[] = [];
  /** How long a read of events that says what it has had is held; 0: not at all. */
  holdSeconds = 0;
  /** For how long in truth. */
  heldSeconds: number | null = null;
  /** Reads that were given up by the client. */
  aborted = 0;
  /** Of the reads of events, in turn, in place of what is kept: null is no answer. */
  pages: (unknown | null)[] = [];
  /** Of reads of events, in turn: status and Retry-After in place of an answer. */
  refusals: { status: number; retryAfterSeconds?: number }[] = [];
  readonly connectsAtMs: number[] = [];
  #timers: Timer[] = [];
  readonly #watchers = new Set<() => void>();

  get open(): ServedSocket[] {
    return this.sockets.filter(({ endedAtMs }) => endedAtMs === null);
  }
  get seconds(): number {
    return (this.nowMs - this.startMs) / 1_000;
  }

  readonly platform: Platform = {
    now: () => this.nowMs,
    random: () => this.draws.shift() ?? 0.5,
    after: (milliseconds, run) => this.#after(milliseconds, run),
    open: (url, handler) => this.#open(url, handler),
    get: (url, headers, signal) => this.#get(url, headers, signal),
    isVisible: () => this.isVisible,
    isOnline: () => this.isOnline,
    watch: (changed) => {
      this.#watchers.add(changed);
      return () => this.#watchers.delete(changed);
    },
  };

  #after(milliseconds: number, run: () => void): () => void {
    // As setTimeout does: a fraction of a millisecond early.
    const timer = { atMs: this.nowMs + Math.floor(milliseconds), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  #open(url: string, handler: SocketHandler) {
    const { nowMs } = this;
    this.connectsAtMs.push(nowMs);
    const end = () => {
      if (served.endedAtMs !== null) return;
      served.endedAtMs = this.nowMs;
      this.#after(1, () => handler.closed());
    };
    const served: ServedSocket = {
      url,
      openedAtMs: nowMs,
      sent: [],
      push: (frame) => {
        if (served.endedAtMs === null) handler.received(JSON.stringify(frame));
      },
      deliverLate: (frame) => handler.received(JSON.stringify(frame)),
      cut: end,
      endedAtMs: null,
    };
    if (this.connects === 'open') {
      this.sockets.push(served);
      this.#after(1, () => handler.opened());
    } else if (this.connects === 'refused') this.#after(1, () => handler.closed());
    return {
      send: (text: string) => {
        const frame = JSON.parse(text) as ServedSocket['sent'][number];
        served.sent.push({ ...frame, atMs: this.nowMs });
        if (this.answers && served.endedAtMs === null) this.#after(1, () => served.push(this.#answer(frame)));
      },
      close: end,
    };
  }

  #answer({ action, id, channel }: ServedSocket['sent'][number]): unknown {
    const code = this.refuse(action, channel);
    if (code !== null) return { type: 'error', id, code, message: `refused: ${code}` };
    if (action === 'ping') return { type: 'pong', id };
    if (action === 'subscribe') return { type: 'subscribed', id, channel };
    return { type: 'published', id, channel, recipients: 2, failed: 0 };
  }

  #get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const { authorization, 'x-after': after, 'x-wait': wait, 'x-seen': seen } = headers;
    const path = url.replace('https://http.test', '');
    this.gets.push({ path, token: authorization?.replace('Bearer ', ''), after, wait, atMs: this.nowMs });
    const page = path === '/events' ? this.pages.shift() : undefined;
    const refusal = path === '/events' ? this.refusals.shift() : undefined;
    const heldSeconds = wait === undefined ? 0 : (this.heldSeconds ?? Math.min(Number(wait), this.holdSeconds));
    const endsAtMs = this.nowMs + heldSeconds * 1_000;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.aborted++;
        reject(new Error('aborted'));
      });
      const answer = (status: number, body: unknown, retryAfterSeconds = 0) =>
        resolve({ status, body, retryAfterSeconds });
      const look = () => {
        const isNews = this.kept.filter(({ atMs }) => atMs >= Number(after)).length > Number(seen);
        if (this.http === 'down' || page === null) reject(new Error('no network'));
        else if (refusal !== undefined) answer(refusal.status, null, refusal.retryAfterSeconds);
        else if (path === '/config') answer(200, this.config);
        else if (page !== undefined) answer(200, page);
        else if (this.nowMs >= endsAtMs || isNews) answer(200, this.#keptSince(after));
        else this.#after(100, look);
      };
      this.#after(1, look);
    });
  }

  #keptSince(given: string | undefined): unknown {
    const after = Number(given ?? Number.POSITIVE_INFINITY);
    const events = this.kept.filter(({ atMs }) => atMs >= after).map(({ eventId, atMs }) => eventOf(eventId, atMs));
    const resumeFrom = this.nowMs - 1_000;
    const seen = this.kept.filter(({ atMs }) => atMs >= resumeFrom).length;
    const rest = { resumeFrom, more: false, gap: after < this.keptFromMs };
    return { events, ...rest, ...(this.holdSeconds > 0 && { seen }) };
  }

  /** An event happens: it is kept, and pushed to every open connection. */
  happens(eventId: string): void {
    this.kept.push({ eventId, atMs: this.nowMs });
    for (const socket of this.open) socket.push(eventOf(eventId, this.nowMs));
  }

  show(): void {
    this.isVisible = true;
    this.changed();
  }
  hide(): void {
    this.isVisible = false;
    this.changed();
  }
  goOffline(): void {
    this.isOnline = false;
    for (const socket of this.open) socket.cut();
    this.changed();
  }
  goOnline(): void {
    this.isOnline = true;
    this.changed();
  }
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Lets so much time pass. */
  async pass(seconds: number): Promise<void> {
    const untilMs = this.nowMs + seconds * 1_000;
    for (;;) {
      await settled();
      const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }
}

const eventOf = (eventId: string, atMs: number) => ({
  type: 'event',
  eventId,
  eventType: 'message.created',
  object: { id: eventId },
  resumeFrom: atMs - 1_000,
});

/** Every promise that is settled has been followed. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

export interface Opened {
  browser: VirtualBrowser;
  client: Client;
  events: string[];
  messages: unknown[];
  states: string[];
  gaps: () => number;
  tokens: { fresh: boolean }[];
}

/** A tab of user `u-1` with everything that it was told. */
export function openTab(
  prepare: (browser: VirtualBrowser) => void = () => {},
  given: Partial<ClientOptions> = {},
): Opened {
  const browser = new VirtualBrowser();
  prepare(browser);
  const told = {
    events: [] as string[],
    messages: [] as unknown[],
    states: [] as string[],
    tokens: [] as { fresh: boolean }[],
  };
  let gaps = 0;
  const options: ClientOptions = {
    url: 'wss://stack.test/prod',
    httpUrl: 'https://http.test',
    user: 'u-1',
    token: (need) => {
      told.tokens.push(need);
      return `token-${told.tokens.length}`;
    },
    onEvent: ({ eventId }) => told.events.push(eventId),
    onMessage: ({ body }) => told.messages.push(body),
    onState: (state) => told.states.push(state),
    onGap: () => gaps++,
    ...given,
  };
  return { browser, client: createClient(options, browser.platform), ...told, gaps: () => gaps };
}
