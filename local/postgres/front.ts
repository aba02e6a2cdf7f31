/**
 * Where clients reach a database: at the instance itself, a connection of the server for each client, or at a proxy that lends connections. What it counts
 * is what RDS publishes in CloudWatch. Source of the names: RDS user guide, "Monitoring", read November 2026.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { signIn } from './front-session.ts';
import { Gauge } from './gauge.ts';
import { LendingPool } from './lending-pool.ts';
import { servePooled } from './pooled-session.ts';
import { openConnection } from './server-connection.ts';
import { fatal, noConnectionInTime, tooManyConnections } from './wire.ts';

export interface FrontOptions {
  socketPath: () => string;
  /** Null: clients have connections of their own. */
  proxy: { most: number; borrowTimeoutMs: number } | null;
  /** Of the server, however they are used: one for all ways to it. */
  connections: Gauge;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** The server, or the proxy, had no connection for a client. */
  onRefused: () => void;
}

export class Front {
  readonly server: Server;
  readonly pool: LendingPool | null;
  readonly clients = new Gauge();
  readonly #options: FrontOptions;
  readonly #clients = new Set<Socket>();
  /** Connections of the server that single clients have. */
  readonly #direct = new Set<Socket>();
  #isAway = false;
  #pinned = 0;

  constructor(options: FrontOptions) {
    this.#options = options;
    const { proxy, socketPath, connections } = options;
    this.pool = proxy && new LendingPool({ socketPath, ...proxy, connections, isAway: () => this.#isAway });
    this.server = createServer({ noDelay: true }, (socket) => {
      this.#clients.add(socket);
      this.clients.up();
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#clients.delete(socket);
        this.clients.down();
      });
      // Nobody is at this address now. A proxy is.
      if (this.#isAway && proxy === null) socket.resetAndDestroy();
      else void this.#serve(socket);
    });
  }

  get pinned(): number {
    return this.#pinned;
  }

  /** While another instance takes over. Connections end as the old one goes; clients of a proxy keep theirs, unless they were waiting for an answer. */
  setAway(isAway: boolean): void {
    if (this.#isAway === isAway) return;
    this.#isAway = isAway;
    if (!isAway) return;
    for (const socket of this.#direct) socket.destroy();
    this.pool?.cut();
  }

  close(): void {
    this.server.close();
    for (const client of this.#clients) client.destroy();
    this.pool?.close();
  }

  async #serve(socket: Socket): Promise<void> {
    const { socketPath, connections, nowMs, onRefused } = this.#options;
    const signedIn = await signIn(socket, nowMs);
    if (signedIn === null) return;
    if (signedIn.kind === 'cancel') {
      socket.destroy();
      connect(socketPath())
        .on('error', () => {})
        .end(signedIn.bytes);
      return;
    }
    const { parameters, rest } = signedIn;
    const { pool } = this;
    if (pool !== null) {
      if (pool.greeting === null) {
        const first = await pool.borrow(parameters);
        if (first.kind === 'lent') pool.giveBack(first.lent);
        else {
          if (first.kind === 'timedOut') onRefused();
          socket.write(first.kind === 'refused' ? first.answer : noConnectionInTime);
          return socket.destroySoon();
        }
      }
      if (pool.greeting) socket.write(pool.greeting);
      servePooled({
        ...{ socket, parameters, rest, pool, onTimeout: onRefused },
        onPinned: () => {
          this.#pinned++;
          socket.on('close', () => this.#pinned--);
        },
      });
      return;
    }
    const opened = await openConnection(socketPath(), parameters);
    if (opened.kind !== 'open') {
      if (opened.kind === 'refused' && opened.state === tooManyConnections) onRefused();
      socket.write(opened.kind === 'refused' ? opened.answer : fatal('57P03', 'the database system is starting up'));
      return socket.destroySoon();
    }
    const { socket: server } = opened;
    this.#direct.add(server);
    connections.up();
    server.on('close', () => {
      this.#direct.delete(server);
      connections.down();
      socket.destroySoon();
    });
    socket.on('close', () => opened.socket.destroySoon());
    socket.write(opened.greeting);
    if (rest.length > 0) opened.socket.write(rest);
    socket.pipe(opened.socket);
    opened.socket.pipe(socket);
    if (socket.destroyed || this.#isAway) opened.socket.destroy();
  }
}
