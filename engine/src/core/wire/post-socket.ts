import net from 'node:net';
import tls from 'node:tls';
import { type ResponseRead, ResponseReader } from './http-response.ts';
import { readInto } from './read-buffer.ts';

/** How an exchange ends. */
export type Exchange =
  /** `body`: valid during the call only. */
  { kind: 'answered'; status: number; retryAfter: string | null; body: Buffer } | { kind: 'failed'; code: string };

/** A kept-alive connection for requests, one at a time. */
export interface PostConnection {
  /** False while an exchange is under way, and once it has been closed by either side. */
  readonly isUsable: boolean;
  /** Sends a request; `onEnd` is called exactly once, never before this returns. */
  send(head: string, body: Buffer, onEnd: (exchange: Exchange) => void): void;
  /** Closes, and calls nothing. */
  destroy(): void;
}

/** Opens a connection to a URL's host. `onIdle`: an exchange is over and the connection can take another. */
export type OpenPostConnection = (url: URL, onIdle: (connection: PostConnection) => void) => PostConnection;

export class PostSocket implements PostConnection {
  readonly #socket: net.Socket;
  readonly #reader = new ResponseReader();
  readonly #onIdle: (connection: PostConnection) => void;
  #onEnd: ((exchange: Exchange) => void) | null = null;
  #isGone = false;

  constructor(url: URL, onIdle: (connection: PostConnection) => void) {
    this.#onIdle = onIdle;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isTls = url.protocol === 'https:';
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
    const target = { host, port, noDelay: true, onread: readInto((bytes) => this.#read(bytes)) };
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    this.#socket = isTls ? tls.connect({ ...target, ...servername, ALPNProtocols: ['http/1.1'] }) : net.connect(target);
    this.#socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end({ kind: 'failed', code: error.code ?? error.message }),
    );
    this.#socket.on('end', () => {
      const read = this.#reader.end();
      if (read.kind === 'complete') this.#end(answerOf(read));
    });
    this.#socket.on('close', () => {
      this.#isGone = true;
      this.#end({ kind: 'failed', code: 'ECONNRESET' });
    });
  }

  get isUsable(): boolean {
    return !this.#isGone && !this.#socket.destroyed && !this.#socket.readableEnded && this.#onEnd === null;
  }

  send(head: string, body: Buffer, onEnd: (exchange: Exchange) => void): void {
    this.#onEnd = onEnd;
    const bytes = Buffer.allocUnsafe(head.length + body.length);
    bytes.write(head, 0, 'latin1');
    body.copy(bytes, head.length);
    this.#socket.write(bytes);
  }

  destroy(): void {
    this.#isGone = true;
    this.#onEnd = null;
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    const read =
      this.#onEnd === null
        ? ({ kind: 'malformed', problem: 'nothing was requested' } as const)
        : this.#reader.push(bytes);
    if (read.kind === 'incomplete') return;
    if (read.kind === 'complete') {
      if (!read.keepsAlive) this.#close();
      this.#end(answerOf(read));
      if (read.keepsAlive) this.#onIdle(this);
      return;
    }
    this.#close();
    this.#end({ kind: 'failed', code: `answer: ${read.problem}` });
  }

  #close(): void {
    this.#isGone = true;
    this.#socket.destroy();
  }

  #end(exchange: Exchange): void {
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    onEnd?.(exchange);
  }
}

const answerOf = ({ status, retryAfter, body }: ResponseRead & { kind: 'complete' }): Exchange => ({
  kind: 'answered',
  status,
  retryAfter,
  body,
});
