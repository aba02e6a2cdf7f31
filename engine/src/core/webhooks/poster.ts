import type { Clock } from '../schedule/clock.ts';
import { basicOf, hasAuthorization, userInfoOf } from '../wire/basic-authorization.ts';
import type { OpenPostConnection, PostConnection } from '../wire/post-socket.ts';
import { outcomeOf, type PostOutcome } from './post-outcome.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** An idle connection is dropped before the target's own limit (Node's servers: 5 s), so that no post hits a connection that is closing. */
const idleMicros = 4_000_000;

interface PostUnderWay {
  connection: PostConnection;
  sentAtMicros: number;
  end(outcome: PostOutcome): void;
}

/** Posts over kept-alive connections, one post at a time on each; opens as many connections as needed. */
export class Poster {
  readonly #clock: Clock;
  readonly #timeoutMicros: number;
  readonly #url: URL;
  readonly #open: OpenPostConnection;
  readonly #path: string;
  readonly #head: string;
  /** Of the URL's user name and password; empty: it has none. */
  readonly #authorization: string;
  /** The most recently used one is used next, so that connections that are not needed age out. */
  readonly #idle: { connection: PostConnection; sinceMicros: number }[] = [];
  /** In the order in which they were sent. */
  readonly #underWay = new Set<PostUnderWay>();

  /** `contentType`: default JSON; null: the headers of each request have it. */
  constructor(options: {
    clock: Clock;
    open: OpenPostConnection;
    url: string;
    timeoutSeconds: number;
    contentType?: string | null;
  }) {
    this.#open = options.open;
    this.#clock = options.clock;
    this.#url = new URL(options.url);
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
    const { pathname, search, host } = this.#url;
    const { contentType = 'application/json' } = options;
    this.#path = `${pathname}${search}`;
    const type = contentType === null ? '' : `Content-Type: ${contentType}\r\n`;
    const userInfo = userInfoOf(this.#url);
    this.#authorization = userInfo === null ? '' : `Authorization: ${basicOf(userInfo)}\r\n`;
    this.#head = ` HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n${type}`;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Posts a request; `onEnd` is called exactly once, never before this returns. Returns when it was sent. */
  post({ path, headers, body }: WebhookRequest, onEnd: (outcome: PostOutcome, atMicros: number) => void): number {
    const sentAtMicros = this.#clock.nowMicros();
    const post: PostUnderWay = {
      connection: this.#takeIdle(sentAtMicros) ?? this.#open(this.#url, this.#keep),
      sentAtMicros,
      end: (outcome) => {
        if (this.#underWay.delete(post)) onEnd(outcome, this.#clock.nowMicros());
      },
    };
    this.#underWay.add(post);
    const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const authorization = hasAuthorization(headers) ? '' : this.#authorization;
    const head = `POST ${path ?? this.#path}${this.#head}Content-Length: ${body.length}\r\n${authorization}${own.join('')}\r\n`;
    post.connection.send(head, body, (exchange) => post.end(outcomeOf(exchange)));
    return sentAtMicros;
  }

  /** Ends posts that have taken longer than the timeout, and connections that have been idle for long. Called each second. */
  sweep(nowMicros: number): void {
    while (nowMicros - (this.#idle[0]?.sinceMicros ?? nowMicros) > idleMicros) this.#idle.shift()?.connection.destroy();
    for (const post of this.#underWay) {
      if (nowMicros - post.sentAtMicros <= this.#timeoutMicros) return;
      post.connection.destroy();
      post.end({ kind: 'timedOut' });
    }
  }

  close(): void {
    for (const { connection } of [...this.#underWay, ...this.#idle]) connection.destroy();
    this.#underWay.clear();
    this.#idle.length = 0;
  }

  #takeIdle(nowMicros: number): PostConnection | undefined {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.connection.isUsable && nowMicros - last.sinceMicros <= idleMicros) return last.connection;
      last.connection.destroy();
    }
    return undefined;
  }

  readonly #keep = (connection: PostConnection): void => {
    this.#idle.push({ connection, sinceMicros: this.#clock.nowMicros() });
  };
}
