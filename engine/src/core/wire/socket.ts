/** The interface between a fleet and its WebSockets. Implemented by client-socket.ts, and in memory in tests. */
import type { Clock } from '../schedule/clock.ts';
import type { FrameWriter } from './frame-writer.ts';

/** One connection. */
export interface MessageSocket {
  /** False as soon as either side has begun to close it. */
  readonly isOpen: boolean;
  /** False if it cannot be sent: not open, or the target has stopped reading. The bytes are copied. */
  sendText(payload: Uint8Array): boolean;
  /** Begins the close; the handler is called when the server has answered and hung up. */
  close(code: number): void;
  /** Drops the socket without a close frame, and calls no handler. */
  destroy(): void;
}

/** How long the parts of a connect took. `tlsMicros` is null without TLS. */
export interface ConnectTiming {
  /** Name lookup and TCP handshake. */
  tcpMicros: number;
  tlsMicros: number | null;
  /** Request written → 101 read. */
  upgradeMicros: number;
}

/** Why a connect did not open. */
export type ConnectFailure =
  | { kind: 'refused'; status: number }
  | { kind: 'throttled' }
  | { kind: 'timedOut' }
  | { kind: 'failed'; code: string };

/** Called with what happens to a socket. One handler serves all sockets of a fleet; `owner` says which one. */
export interface SocketHandler<Owner> {
  opened(owner: Owner, timing: ConnectTiming): void;
  /** It failed to open. */
  notOpened(owner: Owner, failure: ConnectFailure): void;
  /** The bytes are valid during the call only. */
  message(owner: Owner, isText: boolean, bytes: Buffer, start: number, end: number): void;
  /** It was open and has closed. `code` 1006: without a close frame; 1005: with one that has no code. */
  closed(owner: Owner, code: number, reason: string): void;
}

export interface Endpoint {
  host: string;
  port: number;
  isTls: boolean;
  /** For the Host header: the port is left out when it is the scheme's own. */
  authority: string;
  subprotocols: readonly string[];
  headers: Readonly<Record<string, string>>;
}

export function endpointOf(url: URL, extras: Pick<Endpoint, 'subprotocols' | 'headers'>): Endpoint {
  const isTls = url.protocol === 'wss:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    authority: url.host,
    ...extras,
  };
}

export interface SocketOptions<Owner> {
  owner: Owner;
  handler: SocketHandler<Owner>;
  clock: Clock;
  writer: FrameWriter;
  endpoint: Endpoint;
  /** Path with query. */
  path: string;
  /** Source address; undefined: chosen by the system. */
  localAddress: string | undefined;
}

/** Begins to open a connection. The handler is never called before this returns. Throws if the options are invalid. */
export type OpenSocket<Owner> = (options: SocketOptions<Owner>) => MessageSocket;
