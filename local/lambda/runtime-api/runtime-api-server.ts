/**
 * The Lambda Runtime API of one environment: an HTTP server on a port of its own, from which the runtime takes one event at a time.
 * Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes", and its OpenAPI description, read November 2026.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { quotaFact } from '../../../aws/quotas/table.ts';
import { readBody } from '../../gateway/http-body.ts';
import { listen } from '../../process/listen.ts';
import type { FunctionErrorPayload, InvokeMessage } from '../protocol.ts';
import { readRuntimeError } from './runtime-error.ts';

export interface RuntimeApiEvents {
  /** It asks for its first event: init is over. */
  ready(): void;
  initFailed(error: FunctionErrorPayload): void;
  /** Its answer to the event that it has. */
  answered(payload: string): void;
  failed(error: FunctionErrorPayload): void;
}

const base = '/2018-06-01/runtime';
/** An answer may be as large as Invoke's, and a hundred bytes more (see lambda-service.ts). */
const maxAnswerBytes = quotaFact('invocationPayloadBytes').default + 100;
const answerTooLarge: FunctionErrorPayload = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`,
};

export class RuntimeApiServer {
  #functionArn: string;
  #events: RuntimeApiEvents;
  #server: Server;
  /** An event that the runtime has not asked for yet. */
  #due: InvokeMessage | null = null;
  /** A runtime that waits for an event. */
  #waiting: ServerResponse | null = null;
  /** The event that the runtime has. */
  #running: string | null = null;
  #ready = false;

  constructor(functionArn: string, events: RuntimeApiEvents) {
    this.#functionArn = functionArn;
    this.#events = events;
    // A runtime waits for its next event as long as there is none.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true }, (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Its port. */
  async listen(): Promise<number> {
    return await listen(this.#server, 0, 'aws');
  }

  /** The event goes to the runtime as soon as it asks for one. */
  give(event: InvokeMessage): void {
    this.#due = event;
    this.#deliver();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url === `${base}/invocation/next`) return this.#next(response);
    const [, requestId, what] = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(url) ?? [];
    const init = url === `${base}/init/error`;
    if (method !== 'POST' || (!init && what === undefined))
      return answer(response, 404, { errorType: 'NotFound', errorMessage: `The Runtime API has no ${method} ${url}.` });
    const body = await readBody(request, maxAnswerBytes);
    if (init) {
      answer(response, 202, { status: 'OK' });
      this.#events.initFailed(readRuntimeError(request.headers, body));
      return;
    }
    if (requestId !== this.#running)
      return answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
    this.#running = null;
    if (what === 'response' && body === null) {
      answer(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage: answerTooLarge.errorMessage });
      this.#events.failed(answerTooLarge);
      return;
    }
    answer(response, 202, { status: 'OK' });
    if (what === 'error') this.#events.failed(readRuntimeError(request.headers, body));
    else this.#events.answered(body?.toString() ?? '');
  }

  #next(response: ServerResponse): void {
    this.#waiting = response;
    response.on('close', () => {
      if (this.#waiting === response) this.#waiting = null;
    });
    if (!this.#ready) {
      this.#ready = true;
      this.#events.ready();
    }
    this.#deliver();
  }

  #deliver(): void {
    const event = this.#due;
    const response = this.#waiting;
    if (event === null || response === null) return;
    this.#due = null;
    this.#waiting = null;
    this.#running = event.requestId;
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(event.payload),
      'lambda-runtime-aws-request-id': event.requestId,
      'lambda-runtime-deadline-ms': String(event.deadlineMs),
      'lambda-runtime-invoked-function-arn': this.#functionArn,
      'lambda-runtime-trace-id': traceId(),
    });
    response.end(event.payload);
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Nothing is traced here: not sampled. */
function traceId(): string {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
