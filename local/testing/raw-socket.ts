/** Bytes as a hostile client would send them, and the response. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** After the expected answers: time for an unexpected one. */
const quietMs = 60;

/** What a server sent until it closed, or shortly after `answers` responses had begun, or until nothing arrived for 3 s. */
export async function exchange(url: string, bytes: string | Buffer, answers = 1): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server may answer and close before everything was sent.
  socket.on('error', () => undefined);
  socket.write(bytes);
  const answer = await received(socket, answers);
  socket.destroy();
  return answer;
}

function received(socket: Socket, answers: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = () => {
      clearTimeout(quiet);
      resolve(text);
    };
    let quiet = setTimeout(done, 3_000);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(done, statusesOf(text).length >= answers ? quietMs : 3_000);
    });
    socket.on('close', done);
  });
}

/** The statuses of the answers in a text, in order. */
export const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

/** An upgrade request, with lines replacing or added to the usual ones; null omits a line. */
export function upgradeRequest(url: string, changes: Readonly<Record<string, string | null>> = {}): string {
  const { host, pathname, search } = new URL(url);
  const headers: Record<string, string | null> = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** A WebSocket whose frames are written by hand. */
export class RawWebSocket {
  #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
    });
    socket.on('error', () => undefined);
  }

  /** Rejects if the answer is not a 101. */
  static async open(url: string): Promise<RawWebSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const raw = new RawWebSocket(socket);
    socket.write(upgradeRequest(url));
    while (!raw.#bytes.includes('\r\n\r\n')) await once(socket, 'data');
    const head = raw.#bytes.toString('latin1');
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`The upgrade was answered ${head.slice(0, 200)}`);
    raw.#bytes = raw.#bytes.subarray(raw.#bytes.indexOf('\r\n\r\n') + 4);
    return raw;
  }

  send(...frames: readonly Buffer[]): void {
    for (const frame of frames) this.#socket.write(frame);
  }

  /** The next frame of the server, whose frames are never masked. */
  async next(): Promise<{ opcode: number; payload: Buffer }> {
    for (;;) {
      const frame = readFrame(this.#bytes);
      if (frame) {
        this.#bytes = frame.rest;
        return frame;
      }
      await once(this.#socket, 'data');
    }
  }

  /** The code in the server's close frame; anything before it is skipped. */
  async closeCode(): Promise<number> {
    for (;;) {
      const { opcode, payload } = await this.next();
      if (opcode === 8) return payload.readUInt16BE();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; rest: Buffer } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return null;
  const payload = bytes.subarray(start, start + length);
  return { opcode: bytes.readUInt8(0) & 15, payload, rest: bytes.subarray(start + length) };
}

export interface FrameParts {
  opcode: number;
  payload?: Buffer | string;
  fin?: boolean;
  masked?: boolean;
  /** RSV1 to RSV3 in the low bits. */
  reserved?: number;
  /** The length in the header; by default the payload's. */
  announced?: bigint;
}

/** A client's frame, right or wrong (RFC 6455, 5.2). */
export function frame({
  opcode,
  payload = '',
  fin = true,
  masked = true,
  reserved = 0,
  announced,
}: FrameParts): Buffer {
  const data = Buffer.from(payload);
  const length = announced ?? BigInt(data.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126n
      ? Buffer.of(first, mask | Number(length))
      : length < 65_536n
        ? Buffer.of(first, mask | 126, Number(length) >> 8, Number(length) & 255)
        : Buffer.concat([Buffer.of(first, mask | 127), bigEndian(length)]);
  if (!masked) return Buffer.concat([head, data]);
  const key = Buffer.of(1, 2, 3, 4);
  return Buffer.concat([head, key, data.map((byte, index) => byte ^ (key[index % 4] ?? 0))]);
}

function bigEndian(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
