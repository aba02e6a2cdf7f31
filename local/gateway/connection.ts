/** One open WebSocket connection: sending in frames, activity, and why it ended. */
import type { WebSocket } from 'ws';
import { splitFrames } from './frames.ts';
import type { ConnectionFacts } from './websocket-events.ts';

export interface CloseCause {
  code: number;
  reason: string;
}

export class Connection {
  readonly facts: ConnectionFacts;
  /** Milliseconds since the epoch. Data in either direction counts, protocol pings do not. */
  lastActiveAtMs: number;
  /** Set when this side closed: the client's echo of the close frame does not say why. */
  closedBy: CloseCause | null = null;
  #socket: WebSocket;
  #frameBytes: number;

  constructor(socket: WebSocket, facts: ConnectionFacts, frameBytes: number) {
    this.#socket = socket;
    this.facts = facts;
    this.#frameBytes = frameBytes;
    this.lastActiveAtMs = facts.connectedAtMs;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Bytes that wait for the client to read. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends one text message, in frames of at most the limit. */
  send(message: string | Buffer, nowMs: number): void {
    if (!this.open) return;
    this.lastActiveAtMs = nowMs;
    // A text of this many units cannot be more than the limit in UTF-8: no copy, no count.
    if (typeof message === 'string' && message.length * 3 <= this.#frameBytes) {
      this.#socket.send(message);
      return;
    }
    const frames = splitFrames(typeof message === 'string' ? Buffer.from(message) : message, this.#frameBytes);
    frames.forEach((frame, index) => {
      this.#socket.send(frame, { binary: false, fin: index === frames.length - 1 });
    });
  }

  /** Closes from this side. The first cause stays. */
  close(cause: CloseCause, wire: CloseCause = cause): void {
    this.closedBy ??= cause;
    this.#socket.close(wire.code, wire.reason);
  }

  /** Ends without the closing handshake. */
  terminate(): void {
    this.#socket.terminate();
  }
}

/** Why a connection must end now: idle for too long, or open for too long; null when it may stay. */
export function expiryCause(
  times: { connectedAtMs: number; lastActiveAtMs: number },
  limits: { webSocketIdleMs: number; webSocketLifetimeMs: number },
  nowMs: number,
): CloseCause | null {
  const expired =
    nowMs - times.lastActiveAtMs >= limits.webSocketIdleMs || nowMs - times.connectedAtMs >= limits.webSocketLifetimeMs;
  return expired ? { code: 1001, reason: 'Going away' } : null;
}

/** What `$disconnect` is told, from the close frame that came (1005: none in it, 1006: none at all). */
export function disconnectCause(code: number, reason: string): CloseCause {
  if (code === 1005) return { code, reason: 'Client-side close frame status not set' };
  if (code === 1006) return { code, reason: 'Connection Closed Abnormally' };
  return { code, reason };
}

/** Close codes of ws 8's receiver; what is not here is a protocol error, 1002. */
const failureCodes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};

/** Why `ws` closed a connection whose client sent what it may not; null when the error is no such failure. */
export function failureCause(error: NodeJS.ErrnoException): CloseCause | null {
  return error.code?.startsWith('WS_ERR_') ? { code: failureCodes[error.code] ?? 1002, reason: '' } : null;
}
