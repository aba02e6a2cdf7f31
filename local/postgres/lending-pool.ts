/**
 * Connections to the server that are lent to clients for a transaction: a model of RDS Proxy. Clients wait for one, in order, up to the borrow timeout.
 * Source: RDS user guide, "RDS Proxy concepts" and "Avoiding pinning", read November 2026.
 */
import type { Socket } from 'node:net';
import { Gauge } from './gauge.ts';
import { type Opened, openConnection } from './server-connection.ts';
import { type StartupParameters, tooManyConnections } from './wire.ts';

export interface Lent {
  socket: Socket;
  /** Of user and database: a connection serves one pair. */
  key: string;
}

/** `timedOut`: none was free in time. Otherwise the server's own refusal, which has nothing to do with their number. */
export type Borrowed = { kind: 'lent'; lent: Lent } | { kind: 'timedOut' } | { kind: 'refused'; answer: Buffer };

export interface LendingPoolOptions {
  socketPath: () => string;
  /** Connections at most: MaxConnectionsPercent of the server's. */
  most: number;
  borrowTimeoutMs: number;
  /** Of the server: the pool's are among them. */
  connections: Gauge;
  /** Whether the server is away now, as while another instance takes over. */
  isAway: () => boolean;
}

interface Waiting {
  parameters: StartupParameters;
  key: string;
  since: number;
  settle: (borrowed: Borrowed) => void;
}

/** While the server is down, or has no connection left for the pool, it is asked again after this. */
const retryMs = 100;
/** Starts, stops, has crashed. */
const passing = /^57P0[123]$/;

export class LendingPool {
  readonly open = new Gauge();
  readonly borrowed = new Gauge();
  readonly #options: LendingPoolOptions;
  readonly #idle: Lent[] = [];
  /** All of its connections, idle or lent. */
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Waiting[] = [];
  #opening = 0;
  #retry: NodeJS.Timeout | null = null;
  #greeting: Buffer | null = null;
  /** How long borrowers have waited, in microseconds, since the last look. */
  #waitedMicros: number[] = [];

  constructor(options: LendingPoolOptions) {
    this.#options = options;
  }

  /** As many as it may have. */
  get most(): number {
    return this.#options.most;
  }

  takeWaits(): number[] {
    const waits = this.#waitedMicros;
    this.#waitedMicros = [];
    return waits;
  }

  /** What the server says to a client that has signed in, from the first of its connections. */
  get greeting(): Buffer | null {
    return this.#greeting;
  }

  borrow(parameters: StartupParameters): Promise<Borrowed> {
    const key = `${parameters.user} ${parameters.database ?? parameters.user}`;
    return new Promise((resolve) => {
      const waiting: Waiting = { parameters, key, since: performance.now(), settle: () => {} };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve({ kind: 'timedOut' });
      }, this.#options.borrowTimeoutMs);
      waiting.settle = (borrowed) => {
        clearTimeout(timer);
        this.#waitedMicros.push((performance.now() - waiting.since) * 1_000);
        resolve(borrowed);
      };
      this.#waiting.push(waiting);
      this.#serve();
    });
  }

  /** The client is between two transactions. */
  giveBack(lent: Lent): void {
    this.borrowed.down();
    if (!lent.socket.destroyed) {
      // Its end is noticed though nobody reads it.
      lent.socket.resume();
      this.#idle.push(lent);
    }
    this.#serve();
  }

  /** The client has gone, or changed the session, or the connection has ended: nobody else gets this one. */
  discard(lent: Lent): void {
    this.borrowed.down();
    lent.socket.destroy();
  }

  close(): void {
    if (this.#retry) clearTimeout(this.#retry);
    for (const { socket } of this.#idle) socket.destroy();
    for (const waiting of this.#waiting.splice(0)) waiting.settle({ kind: 'timedOut' });
  }

  /** Ends every connection to the server: whoever has one loses it, and whoever waits goes on waiting. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(parameters: StartupParameters): Promise<Opened> {
    const { isAway, socketPath } = this.#options;
    if (isAway()) return { kind: 'down' };
    const opened = await openConnection(socketPath(), parameters);
    // It has gone away meanwhile.
    if (opened.kind !== 'open' || !isAway()) return opened;
    opened.socket.destroy();
    return { kind: 'down' };
  }

  #serve(): void {
    let next = this.#waiting[0];
    while (next !== undefined) {
      const at = this.#idle.findLastIndex(({ key, socket }) => key === next?.key && !socket.destroyed);
      const [lent] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (lent === undefined) break;
      this.#waiting.shift();
      this.borrowed.up();
      next.settle({ kind: 'lent', lent });
      next = this.#waiting[0];
    }
    if (next === undefined || this.#retry !== null || this.#opening >= this.#waiting.length) return;
    if (this.open.now + this.#opening >= this.#options.most) {
      // An idle one of another user or database makes room.
      this.#idle.shift()?.socket.destroy();
      return;
    }
    void this.#openFor(next);
  }

  async #openFor({ parameters, key }: Waiting): Promise<void> {
    this.#opening++;
    const opened = await this.#connect(parameters);
    this.#opening--;
    if (opened.kind === 'open') {
      this.#greeting ??= opened.greeting;
      const { socket } = opened;
      this.#sockets.add(socket);
      this.open.up();
      this.#options.connections.up();
      const lent = { socket, key };
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.open.down();
        this.#options.connections.down();
        const at = this.#idle.indexOf(lent);
        if (at >= 0) this.#idle.splice(at, 1);
        this.#serve();
      });
      socket.resume();
      this.#idle.push(lent);
    } else if (opened.kind === 'refused' && opened.state !== tooManyConnections && !passing.test(opened.state)) {
      const at = this.#waiting.findIndex((waiting) => waiting.key === key);
      const [waiting] = at < 0 ? [] : this.#waiting.splice(at, 1);
      waiting?.settle({ kind: 'refused', answer: opened.answer });
    } else {
      this.#retry = setTimeout(() => {
        this.#retry = null;
        this.#serve();
      }, retryMs);
    }
    this.#serve();
  }
}
