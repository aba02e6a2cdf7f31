/**
 * One HTTP request over a kept connection: everything about it, its connect and the body of its answer included, in a time limit. By the sockets themselves:
 * Node's HTTP client takes three times the CPU time (docs/adr/0028-handlers-sign-their-own-calls.md).
 */
import { connect, isIP, type Socket } from 'node:net';
import { TimeoutError } from './aws-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import { HttpConnection } from './http-connection.ts';

export interface HttpRequest {
  path: string;
  /** `host` among them. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface AttemptLimits {
  /** For a connection to be made; ends only attempts that need a new one. */
  connectMs: number;
  totalMs: number;
  /** Ends the attempt with an AbortError. */
  signal?: AbortSignal | undefined;
}

export class HttpConnections {
  readonly #open: () => Socket;
  readonly #maxSockets: number;
  /** The one that was used last is last. */
  readonly #idle: HttpConnection[] = [];
  /** Requests that wait for a connection, in the order of their arrival. */
  readonly #waiting = new Set<(connection: HttpConnection) => void>();
  #connections = 0;

  /** @param maxSockets more requests than these at a time wait for each other. */
  constructor(endpoint: URL, maxSockets: number) {
    this.#open = socketsOf(endpoint);
    this.#maxSockets = maxSockets;
  }

  /** @throws {TimeoutError}, AbortError, and Node's errors of a connection. */
  post(request: HttpRequest, { connectMs, totalMs, signal }: AttemptLimits): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError());
        return;
      }
      const text = textOf(request);
      let connection: HttpConnection | null = null;
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (error: Error) => {
        settle();
        this.#waiting.delete(send);
        connection?.destroy();
        reject(error);
      };
      const onAbort = () => fail(abortError());
      const onTimeout = () =>
        fail(new TimeoutError(`No answer came within ${totalMs} ms.`, connection?.isConnected ?? false));
      const timer = setTimeout(onTimeout, totalMs);
      signal?.addEventListener('abort', onAbort);
      const send = (on: HttpConnection) => {
        connection = on;
        on.limitConnect(connectMs, () =>
          fail(new TimeoutError(`No connection was made within ${connectMs} ms.`, false)),
        );
        on.send(text, {
          resolve(answer) {
            settle();
            resolve(answer);
          },
          reject: fail,
        });
      };
      this.#give(send);
    });
  }

  #give(send: (connection: HttpConnection) => void): void {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) {
        send(idle);
        return;
      }
      idle.destroy();
    }
    if (this.#connections >= this.#maxSockets) this.#waiting.add(send);
    else send(this.#connect());
  }

  #connect(): HttpConnection {
    this.#connections += 1;
    return new HttpConnection(this.#open(), {
      free: (connection) => {
        const [next] = this.#waiting;
        if (next === undefined) this.#idle.push(connection);
        else {
          this.#waiting.delete(next);
          next(connection);
        }
      },
      ended: (connection) => {
        this.#connections -= 1;
        const at = this.#idle.indexOf(connection);
        if (at !== -1) this.#idle.splice(at, 1);
        const [next] = this.#waiting;
        if (next === undefined) return;
        this.#waiting.delete(next);
        next(this.#connect());
      },
    });
  }
}

/** Makes connections to the endpoint. A TLS session is resumed, which saves a round trip and most of the handshake's CPU time. */
function socketsOf({ protocol, hostname, port }: URL): () => Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol !== 'https:') {
    return () => connect({ host, port: Number(port || 80), noDelay: true });
  }
  // Only when it is used, and by no `import`: loading TLS takes milliseconds of a cold start.
  const tls = process.getBuiltinModule('node:tls');
  let session: Buffer | undefined;
  return () => {
    const socket = tls.connect({
      ...{ host, port: Number(port || 443), ALPNProtocols: ['http/1.1'] },
      // An address has no name to be told.
      ...(isIP(host) === 0 && { servername: host }),
      ...(session && { session }),
    });
    socket.setNoDelay(true);
    socket.on('session', (made: Buffer) => {
      session = made;
    });
    // One that is refused must not be tried for ever.
    socket.on('error', () => {
      session = undefined;
    });
    return socket;
  };
}

/** In a header or a path; a line end in it would begin another header, or another request. */
const unsendable = /[^\t -~]/;

function textOf({ path, headers, body }: HttpRequest): string {
  let head = `POST ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (unsendable.test(value)) throw new TypeError(`The header ${name} has a character that HTTP does not allow.`);
    head += `${name}: ${value}\r\n`;
  }
  if (unsendable.test(path)) throw new TypeError('The path has a character that HTTP does not allow.');
  return `${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`;
}

const abortError = () =>
  Object.assign(new Error('The request was aborted.'), { name: 'AbortError', code: 'ABORT_ERR' });
