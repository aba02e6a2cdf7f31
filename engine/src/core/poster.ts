import http from 'node:http';
import https from 'node:https';
import type { Clock } from './clock.ts';
import { retryAfterSecondsOf } from './webhook-retries.ts';

/** How a post ended. */
export type PostOutcome =
  | { kind: 'accepted' }
  | { kind: 'throttled'; retryAfterSeconds: number | null }
  | { kind: 'rejected'; status: number; retryAfterSeconds: number | null }
  | { kind: 'timedOut' }
  | { kind: 'failed'; code: string };

/** An idle connection is dropped before the target's own limit (Node's servers: 5 s), so that no post meets a closing one. */
const idleMs = 4_000;

interface Post {
  request: http.ClientRequest;
  sentAtMicros: number;
  end(outcome: PostOutcome): void;
}

/** Posts JSON bodies over kept-alive connections. */
export class Poster {
  readonly #clock: Clock;
  readonly #timeoutMicros: number;
  readonly #agent: http.Agent;
  readonly #url: URL;
  /** In the order in which they were sent. */
  readonly #underWay = new Set<Post>();

  constructor(options: { clock: Clock; url: string; timeoutSeconds: number }) {
    this.#clock = options.clock;
    this.#url = new URL(options.url);
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
    const agentOptions = { keepAlive: true, timeout: idleMs };
    this.#agent = this.#url.protocol === 'https:' ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Posts a body; `onEnd` is called exactly once, never before this returns. Returns when it was sent. */
  post(body: Buffer, headers: Record<string, string>, onEnd: (outcome: PostOutcome, atMicros: number) => void): number {
    const sentAtMicros = this.#clock.nowMicros();
    const request = (this.#url.protocol === 'https:' ? https : http).request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
    });
    const post: Post = {
      request,
      sentAtMicros,
      end: (outcome) => {
        if (this.#underWay.delete(post)) onEnd(outcome, this.#clock.nowMicros());
      },
    };
    this.#underWay.add(post);
    request.on('response', (response) => {
      response.resume();
      post.end(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']));
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      post.end({ kind: 'failed', code: error.code ?? error.message }),
    );
    request.end(body);
    return sentAtMicros;
  }

  /** Ends posts that have taken longer than the timeout. Called each second. */
  sweep(nowMicros: number): void {
    for (const post of this.#underWay) {
      if (nowMicros - post.sentAtMicros <= this.#timeoutMicros) return;
      post.end({ kind: 'timedOut' });
      post.request.destroy();
    }
  }

  close(): void {
    for (const post of this.#underWay) post.request.destroy();
    this.#underWay.clear();
    this.#agent.destroy();
  }
}

function outcomeOf(status: number, retryAfter: string | undefined): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const retryAfterSeconds = retryAfterSecondsOf(retryAfter);
  if (status === 429) return { kind: 'throttled', retryAfterSeconds };
  return { kind: 'rejected', status, retryAfterSeconds };
}
