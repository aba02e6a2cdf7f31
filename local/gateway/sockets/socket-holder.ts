/**
 * Holds WebSockets: the upgrade on the wire, frames and their limits, idle and lifetime, close codes. The handling of handshakes and
 * messages is decided elsewhere: in this process, or across a channel by the core process (edge.ts).
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Limits } from '../../quota/limits.ts';
import type { ConnectionFacts } from '../websocket/websocket-events.ts';
import { type CloseCause, Connection, disconnectCause, expiryCause, failureCause } from './connection.ts';
import { limitFrames } from './frame-limit.ts';
import { readUpgrade, refuseUpgrade, type UpgradeRequest, type UpgradeVerdict } from './upgrade.ts';

export type HolderLimits = Pick<
  Limits,
  | 'webSocketMessageBytes'
  | 'webSocketFrameBytes'
  | 'webSocketIdleMs'
  | 'webSocketLifetimeMs'
  | 'clientBufferBytes'
  | 'assumptions'
>;

/** Makes the decisions. An upgrade has a number, unique in this holder, that its connection keeps. */
export interface HolderEvents {
  /** `decide` is called once, now or later; the socket stays pending until then. */
  upgrade(number: number, request: UpgradeRequest, decide: (verdict: UpgradeVerdict) => void): void;
  opened(connection: Connection): void;
  /** The text as received, in UTF-8: an edge passes it on unchanged. */
  message(connection: Connection, body: Buffer): void;
  /** Ends every accepted upgrade, including one whose client disconnected before it could be opened. */
  closed(number: number, facts: ConnectionFacts, cause: CloseCause): void;
}

/** Often enough that compressed times (`timeScale`) end connections within a twentieth of their own length. */
const sweepEveryMs = ({ webSocketIdleMs, webSocketLifetimeMs }: HolderLimits): number =>
  Math.max(10, Math.min(1_000, webSocketIdleMs / 20, webSocketLifetimeMs / 20));

type AcceptedUpgrade = Extract<UpgradeVerdict, { kind: 'accepted' }>;

/** A name or value that HTTP does not allow is omitted: it would inject another header or response. */
function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    .map(([name, value]) => `${name}: ${value}`);
}

export class SocketHolder {
  #connections = new Map<number, Connection>();
  #limits: HolderLimits;
  #events: HolderEvents;
  #server: WebSocketServer;
  #accepted = new WeakMap<IncomingMessage, AcceptedUpgrade>();
  #sweep: NodeJS.Timeout;
  #lastNumber = 0;

  constructor(limits: HolderLimits, events: HolderEvents) {
    this.#limits = limits;
    this.#events = events;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: limits.assumptions.permessageDeflate,
      // Answered below: a client that pings but reads nothing must not fill the memory.
      autoPong: false,
      maxPayload: limits.webSocketMessageBytes,
      handleProtocols: (_offered, request) => this.#accepted.get(request)?.subprotocol ?? false,
    });
    this.#server.on('headers', (lines, request) => {
      lines.push(...headerLines(this.#accepted.get(request)?.headers ?? {}));
    });
    this.#sweep = setInterval(() => this.#expire(Date.now()), sweepEveryMs(limits));
  }

  /** Takes over one upgrade request and its socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that disconnects while the handshake is pending is not a failure of the target.
    socket.on('error', () => socket.destroy());
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    this.#events.upgrade(number, readUpgrade(request), (verdict) => {
      if (verdict.kind === 'refused') refuseUpgrade(socket, verdict.status, verdict.body);
      else this.#open(number, { request, socket, head }, verdict);
    });
  }

  get(number: number): Connection | undefined {
    return this.#connections.get(number);
  }

  #open(
    number: number,
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
    accepted: AcceptedUpgrade,
  ): void {
    const { facts } = accepted;
    const dropped = disconnectCause(1006, '', this.#limits.assumptions);
    if (socket.destroyed || !socket.writable) {
      this.#events.closed(number, facts, dropped);
      return;
    }
    this.#accepted.set(request, accepted);
    let opened = false;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = true;
      this.#hold(webSocket, socket, { number, facts });
    });
    // ws itself answers invalid requests; for everything else this connection has existed.
    if (!opened) this.#events.closed(number, facts, dropped);
  }

  #hold(webSocket: WebSocket, socket: Duplex, { number, facts }: { number: number; facts: ConnectionFacts }): void {
    const { webSocketFrameBytes: frameBytes, clientBufferBytes: bufferBytes, assumptions } = this.#limits;
    limitFrames(webSocket, frameBytes);
    const connection = new Connection({
      webSocket,
      socket,
      number,
      facts,
      frameBytes,
      bufferBytes,
    });
    this.#connections.set(number, connection);
    this.#events.opened(connection);
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      // Messages in flight when this side has closed are dropped (RFC 6455, 1.4).
      if (!connection.open) return;
      connection.lastActiveAtMs = Date.now();
      if (isBinary) connection.close({ code: 1003, reason: 'Unsupported data' });
      else this.#events.message(connection, data);
    });
    webSocket.on('ping', (payload) => {
      if (assumptions.pingsResetIdle) connection.lastActiveAtMs = Date.now();
      if (assumptions.answerPings) connection.pong(payload);
    });
    // A frame that breaks the protocol: ws itself closes with the right code, but its `close` event says 1006.
    webSocket.on('error', (error) => {
      connection.closedBy ??= failureCause(error);
    });
    webSocket.on('close', (code, reason) => {
      this.#connections.delete(number);
      this.#events.closed(number, facts, connection.closedBy ?? disconnectCause(code, reason.toString(), assumptions));
    });
  }

  #expire(nowMs: number): void {
    for (const connection of this.#connections.values()) {
      const { connectedAtMs } = connection.facts;
      const cause = expiryCause({ connectedAtMs, lastActiveAtMs: connection.lastActiveAtMs }, this.#limits, nowMs);
      if (cause) connection.close(cause);
    }
  }

  /** Closes every connection with 1001 and stops. */
  close(): void {
    clearInterval(this.#sweep);
    for (const connection of this.#connections.values()) {
      connection.close({ code: 1001, reason: 'Going away' });
      connection.terminate();
    }
  }
}
