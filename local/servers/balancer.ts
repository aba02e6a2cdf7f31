/**
 * An application load balancer: each request, and each upgrade, goes to the next healthy target in turn; an open WebSocket stays where it is. Sources: Elastic
 * Load Balancing user guide (application), "Target groups", "HTTP status codes", read November 2026.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyServer, proxyUpgrade } from 'httpxy';
import { listen, localHost } from '../process/listen.ts';
import type { BalancerModel } from '../template/servers/server-model.ts';
import { BalancerMetrics } from './balancer-metrics.ts';

/** A target that requests may go to. */
export interface Target {
  port: number;
  /** Open WebSockets, from the balancer to it. */
  readonly sockets: Set<Duplex>;
}

/** Targets answer slowly under load here; on AWS a connection that is not made within 10 s is a 504. */
const upgradeLimitMs = 30_000;

export class Balancer {
  readonly model: BalancerModel;
  readonly metrics: BalancerMetrics;
  address = '';
  readonly #targets: Target[] = [];
  readonly #server: Server;
  readonly #proxy = createProxyServer({ xfwd: true });
  /** The client's side of each open WebSocket. */
  readonly #clients = new Set<Socket>();
  #next = 0;

  constructor(model: BalancerModel) {
    this.model = model;
    this.metrics = new BalancerMetrics(model.fullName);
    this.#server = createServer({ keepAliveTimeout: model.idleTimeoutMs }, (request, response) => {
      void this.#web(request, response);
    });
    this.#server.on('connection', (socket) => this.metrics.connected(socket));
    this.#server.on('upgrade', (request, socket, head) => {
      void this.#upgrade(request, socket as Socket, head);
    });
  }

  async listen(port: number): Promise<void> {
    this.address = `${localHost}:${await listen(this.#server, port, 'gateway')}`;
  }

  register(target: Target): void {
    this.#targets.push(target);
  }

  /** It gets nothing new; what is open stays. */
  deregister(target: Target): void {
    const place = this.#targets.indexOf(target);
    if (place >= 0) this.#targets.splice(place, 1);
  }

  get healthyTargets(): number {
    return this.#targets.length;
  }

  /** Open WebSockets of clients, in the order in which they were opened. */
  get clients(): ReadonlySet<Socket> {
    return this.#clients;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#clients) socket.destroy();
    this.#proxy.close();
  }

  #choose(): Target | undefined {
    if (this.#targets.length === 0) return undefined;
    this.#next = (this.#next + 1) % this.#targets.length;
    return this.#targets[this.#next];
  }

  async #web(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = this.#choose();
    const startedMs = performance.now();
    let isOwnAnswer = target === undefined;
    response.on('close', () =>
      this.metrics.answered({
        status: response.statusCode,
        isOwnAnswer,
        seconds: (performance.now() - startedMs) / 1_000,
      }),
    );
    // A client that goes away ends its own request only.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (target === undefined) return answer(response, 503, 'Service Temporarily Unavailable');
    try {
      await this.#proxy.web(request, response, { target: `http://${localHost}:${target.port}` });
    } catch {
      isOwnAnswer = true;
      this.metrics.targetFailed();
      answer(response, 502, 'Bad Gateway');
    }
  }

  async #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const target = this.#choose();
    const startedMs = performance.now();
    const answered = (status: number, isOwnAnswer: boolean) =>
      this.metrics.answered({ status, isOwnAnswer, seconds: (performance.now() - startedMs) / 1_000 });
    if (target === undefined) {
      answered(503, true);
      socket.end('HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const refusal = watchStatus(socket);
    try {
      const upstream = await proxyUpgrade({ host: localHost, port: target.port }, request, socket, head, {
        upgradeTimeout: upgradeLimitMs,
      });
      answered(101, false);
      this.#keep({ socket, upstream, target });
    } catch (error) {
      // What the target itself answered is on its way to the client. Else the connection has been closed.
      const isOwnAnswer = !isAnswered(error);
      if (isOwnAnswer) this.metrics.targetFailed();
      answered(isOwnAnswer ? 502 : (refusal() ?? 400), isOwnAnswer);
    }
  }

  #keep({ socket, upstream, target }: { socket: Socket; upstream: Socket; target: Target }): void {
    target.sockets.add(upstream);
    this.#clients.add(socket);
    for (const side of [socket, upstream]) {
      side.setNoDelay(true);
      side.setTimeout(this.model.idleTimeoutMs, () => {
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.once('close', () => {
      this.#clients.delete(socket);
      upstream.destroy();
    });
    upstream.once('close', () => {
      target.sockets.delete(upstream);
      // What has come from the target is written before.
      socket.end();
    });
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Whether a target answered an upgrade with something else. */
const isAnswered = (error: unknown): boolean => error instanceof Error && /did not upgrade/.test(error.message);

/** The status of the first thing that is written to a client: the library passes a refusal on without saying which. Null: it was none, or nothing was written. */
function watchStatus(socket: Socket): () => number | null {
  const { write } = socket;
  let status: number | null = null;
  Object.defineProperty(socket, 'write', {
    configurable: true,
    value: (chunk: unknown, ...rest: unknown[]): unknown => {
      Reflect.deleteProperty(socket, 'write');
      const [, found] = /^HTTP\/1\.1 (\d{3}) /.exec(String(chunk)) ?? [];
      status = found === undefined ? null : Number(found);
      return Reflect.apply(write, socket, [chunk, ...rest]);
    },
  });
  return () => status;
}
