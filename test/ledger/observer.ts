/**
 * What an outsider sees of a run: the client's own sockets and posts, watched between the fleet and its network, and then the stack's queue and table.
 * From that it says how each accepted event ended, without the ledger's code.
 */
import type { Device } from '../../engine/src/core/connections/device.ts';
import type { Platform } from '../../engine/src/core/fleet/platform.ts';
import type { SocketOptions } from '../../engine/src/core/wire/socket.ts';
import type { EventOutcome } from '../../reports/analysis/events/outcomes.ts';

/** What lies open in the stack. */
export interface OpenStack {
  messages: readonly { eventId: string }[];
  deadLetters: readonly { eventId: string }[];
  /** By event id; when it was done is on the observer's clock. */
  table: ReadonlyMap<string, { done: boolean; doneAtMs: number }>;
}

interface WatchedSocket {
  user: string;
  beganMs: number;
  /** Place of its opening among all that was seen: what falls into one moment has an order too. */
  openedAs: number;
  /** When it was no longer open, and when it was gone. */
  leftMs: number;
  endedMs: number;
  events: Set<string>;
  /** Place of each channel's confirmed subscription. */
  subscribedAs: Map<string, number>;
  /** Publishes that it has received. */
  messages: Set<string>;
}

interface WatchedPublish {
  channel: string;
  /** Place. */
  sentAs: number;
  isConfirmed: boolean;
}

interface WatchedEvent {
  owner: string;
  firstPostMs: number;
  /** Place of the first post. */
  postedAs: number;
  /** Infinity: never. */
  acceptedMs: number;
}

const never = Number.POSITIVE_INFINITY;
/** As documented: a connection counts that was open until this long after the stack had finished the event. */
const marginMs = 1_000;

/** One that was cut off says nothing. */
function wholeFrame(text: string): Partial<Record<string, string>> {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return {};
  }
}

export class Observer {
  readonly platform: Platform;
  readonly events = new Map<string, WatchedEvent>();
  /** Each push that arrived at another user than the event's owner: `<event id> <user>`. */
  readonly strays: string[] = [];
  readonly #publishes = new Map<string, WatchedPublish>();
  readonly #sockets: WatchedSocket[] = [];
  readonly #nowMs: () => number;
  #seen = 0;
  /** When the fleet asked connections to close. */
  readonly #closedAtMs: number[] = [];

  constructor(platform: Platform, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.platform = {
      ...platform,
      openSocket: (options) => this.#watchSocket(platform, options),
      openPostConnection: (url, onIdle) => {
        const connection = platform.openPostConnection(url, (idle) => onIdle(idle === connection ? watched : idle));
        const watched = {
          get isUsable() {
            return connection.isUsable;
          },
          send: (head: string, body: Buffer, onEnd: Parameters<typeof connection.send>[2]) => {
            const id = this.#posting(body);
            connection.send(head, body, (exchange) => {
              const event = this.events.get(id);
              if (event && exchange.kind === 'answered' && exchange.status === 200)
                event.acceptedMs = Math.min(event.acceptedMs, this.#nowMs());
              onEnd(exchange);
            });
          },
          destroy: () => connection.destroy(),
        };
        return watched;
      },
    };
  }

  #posting(body: Buffer): string {
    const { id, data } = JSON.parse(String(body)) as { id: string; data: { object: { grant_id: string } } };
    if (!this.events.has(id))
      this.events.set(id, {
        owner: data.object.grant_id,
        firstPostMs: this.#nowMs(),
        postedAs: this.#seen++,
        acceptedMs: never,
      });
    return id;
  }

  #receiving(socket: WatchedSocket, text: string): void {
    const { type, eventId = '', id = '', channel = '' } = wholeFrame(text);
    if (type === 'event') socket.events.add(eventId);
    if (type === 'event' && this.events.get(eventId)?.owner !== socket.user)
      this.strays.push(`${eventId} ${socket.user}`);
    if (type === 'message') socket.messages.add(id);
    if (type === 'subscribed') socket.subscribedAs.set(channel, this.#seen++);
    const publish = this.#publishes.get(id);
    // On a connection that is being closed it comes too late: the publish has ended with it.
    if (type === 'published' && publish && socket.leftMs === never) publish.isConfirmed = true;
  }

  /** Ids of confirmed publishes that a socket never got which was open and subscribed from before they were sent until the end, each with the number of these. */
  missedPublishes(): Map<string, number> {
    const endMs = this.#endMs;
    const missed = new Map<string, number>();
    for (const [id, { channel, sentAs, isConfirmed }] of this.#publishes) {
      const owed = this.#sockets.filter(
        ({ subscribedAs, leftMs }) => (subscribedAs.get(channel) ?? never) < sentAs && leftMs >= endMs,
      );
      const without = owed.filter(({ messages }) => !messages.has(id)).length;
      if (isConfirmed && without > 0) missed.set(id, without);
    }
    return missed;
  }

  #watchSocket(platform: Platform, options: SocketOptions<Device>) {
    const socket: WatchedSocket = {
      user: options.owner.user.id,
      beganMs: this.#nowMs(),
      ...{ openedAs: never, leftMs: never, endedMs: never },
      events: new Set(),
      subscribedAs: new Map(),
      messages: new Set(),
    };
    this.#sockets.push(socket);
    const { handler } = options;
    const left = () => {
      socket.leftMs = Math.min(socket.leftMs, this.#nowMs());
    };
    const ended = () => {
      left();
      socket.endedMs = Math.min(socket.endedMs, this.#nowMs());
    };
    const inner = platform.openSocket({
      ...options,
      handler: {
        opened: (device, timing) => {
          socket.openedAs = this.#seen++;
          handler.opened(device, timing);
        },
        notOpened: (device, failure) => {
          ended();
          handler.notOpened(device, failure);
        },
        closed: (device, code, reason) => {
          ended();
          handler.closed(device, code, reason);
        },
        message: (device, isText, bytes, start, end) => {
          this.#receiving(socket, bytes.toString('utf8', start, end));
          handler.message(device, isText, bytes, start, end);
        },
      },
    });
    return {
      get isOpen() {
        return inner.isOpen;
      },
      sendText: (payload: Uint8Array) => {
        const isSent = inner.sendText(payload);
        const { action, id, channel } = JSON.parse(Buffer.from(payload).toString()) as Record<string, string>;
        if (isSent && action === 'publish')
          this.#publishes.set(id ?? '', { channel: channel ?? '', sentAs: this.#seen++, isConfirmed: false });
        return isSent;
      },
      close: (code: number) => {
        left();
        this.#closedAtMs.push(this.#nowMs());
        inner.close(code);
      },
      destroy: () => {
        ended();
        inner.destroy();
      },
    };
  }

  /** The end of the drain: the first close after which no connection began. One that is closed to be reopened comes before a new one. */
  get #endMs(): number {
    const last = Math.max(...this.#sockets.map(({ beganMs }) => beganMs));
    return Math.min(...this.#closedAtMs.filter((atMs) => atMs >= last));
  }

  /** The outcome of each accepted event, by id. `step`: when the stack's clock was set, and by how much. */
  outcomes(stack: OpenStack, step = { atMs: never, byMs: 0 }): Map<string, EventOutcome> {
    const queued = new Set(stack.messages.map(({ eventId }) => eventId));
    const endMs = this.#endMs;
    const dead = new Set(stack.deadLetters.map(({ eventId }) => eventId));
    const accepted = [...this.events].filter(([, { acceptedMs }]) => acceptedMs < never);
    return new Map(
      accepted.map(([id, event]) => {
        const own = this.#sockets.filter(({ user }) => user === event.owner);
        const before = own.filter(({ openedAs }) => openedAs < event.postedAs);
        const throughout = before.filter(({ leftMs }) => leftMs >= endMs);
        if (own.some(({ events }) => events.has(id)))
          return [id, throughout.every(({ events }) => events.has(id)) ? 'deliveredToAll' : 'deliveredToSome'];
        const claim = stack.table.get(id);
        if (!claim?.done) return [id, queued.has(id) ? 'inQueue' : dead.has(id) ? 'deadLettered' : 'lost'];
        const isAway = own.every((each) => each.endedMs < event.firstPostMs || each.beganMs > endMs);
        if (isAway) return [id, 'ownerOffline'];
        // Of an event done before the clock was set back, or after it was set forward, the stack's time may be read as a later one.
        const isDoubtful = claim.doneAtMs < step.atMs === step.byMs < 0;
        const doubtMs = isDoubtful ? Math.abs(step.byMs) : 0;
        const wasOpen = before.some(({ leftMs }) => Math.min(leftMs, endMs) >= claim.doneAtMs + marginMs + doubtMs);
        return [id, wasOpen ? 'missed' : 'ownerChanged'];
      }),
    );
  }
}
