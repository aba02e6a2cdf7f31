/** One open WebSocket connection: sending in frames, activity, and why it ended. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Assumptions } from '../assumptions.ts';
import type { ConnectionFacts } from '../websocket/websocket-events.ts';
import { writeTextFrames } from './frames.ts';

export interface CloseCause {
  code: number;
  reason: string;
}

/** The outcome of a post through @connections. `full`: too much is already buffered for the client. */
export type PostOutcome = 'sent' | 'full' | 'gone';

/** A connection as the APIs see it, whichever process holds its socket. */
export interface ClientConnection {
  readonly facts: ConnectionFacts;
  /** Milliseconds since the epoch. Data in either direction counts, protocol pings do not. */
  readonly lastActiveAtMs: number;
  readonly open: boolean;
  /** Sends one text message, in frames of at most the limit. */
  send(message: string | Buffer, nowMs: number): void;
  /** Sends, unless that would buffer more than `bufferBytes` for the client. */
  post(message: Buffer, bufferBytes: number, nowMs: number): PostOutcome | Promise<PostOutcome>;
  /** Closes from this side; with 1006, without a close frame. The first cause wins. */
  close(cause: CloseCause): void;
}

export interface HeldSocket {
  webSocket: WebSocket;
  /** What `webSocket` runs on: frames to the client are written here directly, without ws's own sender. */
  socket: Duplex;
  /** Number of the upgrade in its holder. */
  number: number;
  facts: ConnectionFacts;
  frameBytes: number;
  /** Bytes that may be buffered for the client; answers beyond it are dropped, or a client that reads nothing would fill the memory. */
  bufferBytes: number;
}

export class Connection implements ClientConnection {
  readonly facts: ConnectionFacts;
  readonly number: number;
  lastActiveAtMs: number;
  /** Set when this side closed: the client's echo of the close frame does not say why. */
  closedBy: CloseCause | null = null;
  #webSocket: WebSocket;
  #socket: Duplex;
  #frameBytes: number;
  #bufferBytes: number;

  constructor({ webSocket, socket, number, facts, frameBytes, bufferBytes }: HeldSocket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.number = number;
    this.facts = facts;
    this.#frameBytes = frameBytes;
    this.#bufferBytes = bufferBytes;
    this.lastActiveAtMs = facts.connectedAtMs;
  }

  get open(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  send(message: string | Buffer, nowMs: number): void {
    if (!this.open || this.#socket.writableLength > this.#bufferBytes) return;
    this.lastActiveAtMs = nowMs;
    writeTextFrames(this.#socket, message, this.#frameBytes);
  }

  post(message: Buffer, bufferBytes: number, nowMs: number): PostOutcome {
    if (!this.open) return 'gone';
    if (this.#socket.writableLength + message.length > bufferBytes) return 'full';
    this.send(message, nowMs);
    return 'sent';
  }

  close(cause: CloseCause): void {
    this.closedBy ??= cause;
    // 1006 cannot be sent in a frame: the connection ends without one.
    if (cause.code === 1006) this.#webSocket.terminate();
    else this.#webSocket.close(cause.code, cause.reason);
  }

  /** Answers a ping, unless too much is already buffered for the client. */
  pong(payload: Buffer): void {
    if (this.open && this.#socket.writableLength <= this.#bufferBytes) this.#webSocket.pong(payload);
  }

  /** Ends without the closing handshake. */
  terminate(): void {
    this.#webSocket.terminate();
  }
}

/** Why a connection must end now: idle for too long, or open for too long; null if it may stay. */
export function expiryCause(
  times: { connectedAtMs: number; lastActiveAtMs: number },
  limits: {
    webSocketIdleMs: number;
    webSocketLifetimeMs: number;
    assumptions: Pick<Assumptions, 'lifetimeClose'>;
  },
  nowMs: number,
): CloseCause | null {
  if (nowMs - times.connectedAtMs >= limits.webSocketLifetimeMs) return limits.assumptions.lifetimeClose;
  return nowMs - times.lastActiveAtMs >= limits.webSocketIdleMs ? { code: 1001, reason: 'Going away' } : null;
}

/** Code and reason that `$disconnect` gets, from the received close frame (1005: no code in it, 1006: no frame at all). */
export function disconnectCause(
  code: number,
  reason: string,
  { dropClose }: Pick<Assumptions, 'dropClose'>,
): CloseCause {
  if (code === 1005) return { code, reason: 'Client-side close frame status not set' };
  if (code === 1006) return dropClose;
  return { code, reason };
}

/** Close codes of ws 8's receiver; anything else is a protocol error, 1002. */
const failureCodes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};

/** Why `ws` closed a connection whose client violated the protocol; null for any other error. */
export function failureCause(error: NodeJS.ErrnoException): CloseCause | null {
  return error.code?.startsWith('WS_ERR_') ? { code: failureCodes[error.code] ?? 1002, reason: '' } : null;
}
