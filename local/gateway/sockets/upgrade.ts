/** A WebSocket upgrade request and its response, wherever its socket is held. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionFacts } from '../websocket/websocket-events.ts';

/** The relevant part of an upgrade request: plain values, so that it can be sent to another process. */
export interface UpgradeRequest {
  /** Path and query, as sent. */
  target: string;
  /** Names and values in turn, in the client's case. */
  rawHeaders: readonly string[];
  remoteAddress: string;
  localPort: number;
}

export type UpgradeVerdict =
  | {
      kind: 'accepted';
      facts: ConnectionFacts;
      subprotocol: string | null;
      /** Sent with the 101. */
      headers: Readonly<Record<string, string>>;
    }
  | { kind: 'refused'; status: number; body: object };

export function readUpgrade(request: IncomingMessage): UpgradeRequest {
  const { remoteAddress, localPort } = request.socket;
  return {
    target: request.url ?? '/',
    rawHeaders: request.rawHeaders,
    remoteAddress: remoteAddress ?? '',
    localPort: localPort ?? 0,
  };
}

/** The value of a header, several joined by commas; `name` in lower case. */
export function headerOf({ rawHeaders }: UpgradeRequest, name: string): string | undefined {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '');
  }
  return values.length === 0 ? undefined : values.join(', ');
}

/** `connection: close` and a body with API Gateway's text. */
export function refuseUpgrade(socket: Duplex, status: number, body: object): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
