import type { Clock } from '../schedule/clock.ts';
import { basicOf, hasAuthorization, userInfoOf } from '../wire/basic-authorization.ts';
import type { OpenPostConnection } from '../wire/post-socket.ts';
import { RequestPool } from '../wire/request-pool.ts';
import { outcomeOf, type PostOutcome } from './post-outcome.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** Posts webhooks over kept-alive connections. */
export class Poster {
  readonly #pool: RequestPool;
  readonly #path: string;
  readonly #head: string;
  /** Of the URL's user name and password; empty: it has none. */
  readonly #authorization: string;

  /** `contentType`: default JSON; null: the headers of each request have it. */
  constructor(options: {
    clock: Clock;
    open: OpenPostConnection;
    url: string;
    timeoutSeconds: number;
    contentType?: string | null;
  }) {
    const url = new URL(options.url);
    this.#pool = new RequestPool({ ...options, url });
    const { pathname, search, host } = url;
    const { contentType = 'application/json' } = options;
    this.#path = `${pathname}${search}`;
    const type = contentType === null ? '' : `Content-Type: ${contentType}\r\n`;
    const userInfo = userInfoOf(url);
    this.#authorization = userInfo === null ? '' : `Authorization: ${basicOf(userInfo)}\r\n`;
    this.#head = ` HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n${type}`;
  }

  get underWay(): number {
    return this.#pool.underWay;
  }

  /** Posts a request; `onEnd` is called exactly once, never before this returns. Returns when it was sent. */
  post({ path, headers, body }: WebhookRequest, onEnd: (outcome: PostOutcome, atMicros: number) => void): number {
    const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const authorization = hasAuthorization(headers) ? '' : this.#authorization;
    const head = `POST ${path ?? this.#path}${this.#head}Content-Length: ${body.length}\r\n${authorization}${own.join('')}\r\n`;
    return this.#pool.send(head, body, (end, atMicros) => onEnd(outcomeOf(end), atMicros)).sentAtMicros;
  }

  /** Ends posts that have taken longer than the timeout, and connections that have been idle for long. Called each second. */
  sweep(nowMicros: number): void {
    this.#pool.sweep(nowMicros);
  }

  close(): void {
    this.#pool.close();
  }
}
