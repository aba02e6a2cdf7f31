import type { Clock } from '../schedule/clock.ts';
import { type Exchange, PostSocket } from '../wire/post-socket.ts';
import type { PostOutcome } from './post-outcome.ts';
import { retryAfterSecondsOf } from './webhook-retries.ts';

/** An idle connection is dropped before the target's own limit (Node's servers: 5 s), so that no post meets a closing one. */
const idleMicros = 4_000_000;

interface Post {
  socket: PostSocket;
  sentAtMicros: number;
  end(outcome: PostOutcome): void;
}

/** Posts JSON bodies over kept-alive connections, one post at a time on each; as many connections as it takes. */
export class Poster {
  readonly #clock: Clock;
  readonly #timeoutMicros: number;
  readonly #url: URL;
  readonly #head: string;
  /** The one that was used last is used next, so that those which are not needed grow old. */
  readonly #idle: { socket: PostSocket; sinceMicros: number }[] = [];
  /** In the order in which they were sent. */
  readonly #underWay = new Set<Post>();

  constructor(options: { clock: Clock; url: string; timeoutSeconds: number }) {
    this.#clock = options.clock;
    this.#url = new URL(options.url);
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
    const { pathname, search, host } = this.#url;
    this.#head = `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n`;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Posts a body; `onEnd` is called exactly once, never before this returns. Returns when it was sent. */
  post(body: Buffer, headers: Record<string, string>, onEnd: (outcome: PostOutcome, atMicros: number) => void): number {
    const sentAtMicros = this.#clock.nowMicros();
    const post: Post = {
      socket: this.#takeIdle(sentAtMicros) ?? new PostSocket(this.#url, (socket) => this.#keep(socket)),
      sentAtMicros,
      end: (outcome) => {
        if (this.#underWay.delete(post)) onEnd(outcome, this.#clock.nowMicros());
      },
    };
    this.#underWay.add(post);
    const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `${this.#head}Content-Length: ${body.length}\r\n${own.join('')}\r\n`;
    post.socket.send(head, body, (exchange) => post.end(outcomeOf(exchange)));
    return sentAtMicros;
  }

  /** Ends posts that have taken longer than the timeout, and connections that have been idle for long. Called each second. */
  sweep(nowMicros: number): void {
    while (nowMicros - (this.#idle[0]?.sinceMicros ?? nowMicros) > idleMicros) this.#idle.shift()?.socket.destroy();
    for (const post of this.#underWay) {
      if (nowMicros - post.sentAtMicros <= this.#timeoutMicros) return;
      post.socket.destroy();
      post.end({ kind: 'timedOut' });
    }
  }

  close(): void {
    for (const post of this.#underWay) post.socket.destroy();
    for (const { socket } of this.#idle) socket.destroy();
    this.#underWay.clear();
    this.#idle.length = 0;
  }

  #takeIdle(nowMicros: number): PostSocket | undefined {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.socket.isUsable && nowMicros - last.sinceMicros <= idleMicros) return last.socket;
      last.socket.destroy();
    }
    return undefined;
  }

  #keep(socket: PostSocket): void {
    this.#idle.push({ socket, sinceMicros: this.#clock.nowMicros() });
  }
}

function outcomeOf(exchange: Exchange): PostOutcome {
  if (exchange.kind === 'failed') return exchange;
  const { status } = exchange;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const retryAfterSeconds = retryAfterSecondsOf(exchange.retryAfter ?? undefined);
  if (status === 429) return { kind: 'throttled', retryAfterSeconds };
  return { kind: 'rejected', status, retryAfterSeconds };
}
