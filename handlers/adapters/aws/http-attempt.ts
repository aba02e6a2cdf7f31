/** One HTTP request over a kept connection: everything about it, its connect and the body of its answer included, in a time limit. */
import type { Agent, ClientRequest, request } from 'node:http';
import { TimeoutError } from './aws-error.ts';

export interface HttpRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
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
  readonly #agent: Agent;
  readonly #request: typeof request;
  readonly #hostname: string;
  readonly #port: string;

  /** @param maxSockets more requests than these at a time wait for each other. */
  constructor(endpoint: URL, maxSockets: number) {
    // Only the one that is used, and by no `import`: for that Node reads every export of the module, and so loads undici, a third of a cold start.
    const { Agent, request } = process.getBuiltinModule(endpoint.protocol === 'https:' ? 'node:https' : 'node:http');
    this.#agent = new Agent({ keepAlive: true, maxSockets });
    this.#request = request;
    this.#hostname = endpoint.hostname;
    this.#port = endpoint.port;
  }

  /** @throws {TimeoutError}, AbortError, and Node's errors of a connection. */
  post({ path, headers, body }: HttpRequest, { connectMs, totalMs, signal }: AttemptLimits): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError());
        return;
      }
      const sent = this.#request({
        hostname: this.#hostname,
        port: this.#port,
        path,
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (error: Error) => {
        settle();
        reject(error);
        sent.destroy();
      };
      const onAbort = () => fail(abortError());
      const onTimeout = () => fail(new TimeoutError(`No answer came within ${totalMs} ms.`, isConnected(sent)));
      const timer = setTimeout(onTimeout, totalMs);
      signal?.addEventListener('abort', onAbort);
      sent.on('error', fail);
      limitConnect(sent, connectMs);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', fail);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          settle();
          const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole?.toString() ?? '' });
        });
      });
      // A text, so that Node sends it with the headers in one write.
      sent.end(body);
    });
  }
}

const abortError = () =>
  Object.assign(new Error('The request was aborted.'), { name: 'AbortError', code: 'ABORT_ERR' });

const isConnected = ({ socket }: ClientRequest): boolean =>
  socket !== null && socket !== undefined && !socket.connecting;

function limitConnect(sent: ClientRequest, connectMs: number): void {
  sent.on('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      sent.destroy(new TimeoutError(`No connection was made within ${connectMs} ms.`, false));
    }, connectMs);
    const done = () => clearTimeout(timer);
    socket.once('connect', done);
    socket.once('close', done);
  });
}
