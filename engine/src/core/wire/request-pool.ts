import type { Clock } from '../schedule/clock.ts';
import type { Exchange, OpenPostConnection, PostConnection } from './post-socket.ts';

/** An idle connection is dropped before the target's own limit (Node's servers: 5 s), so that no request hits a connection that is closing. */
const idleMicros = 4_000_000;

export type RequestEnd = Exchange | { kind: 'timedOut' };

interface RequestUnderWay {
  connection: PostConnection;
  sentAtMicros: number;
  end(outcome: RequestEnd): void;
}

/** Requests to one host over kept-alive connections, one at a time on each; opens as many connections as needed. */
export class RequestPool {
  readonly #clock: Clock;
  readonly #timeoutMicros: number;
  readonly #url: URL;
  readonly #open: OpenPostConnection;
  /** The most recently used one is used next, so that connections that are not needed age out. */
  readonly #idle: { connection: PostConnection; sinceMicros: number }[] = [];
  /** In the order in which they were sent. */
  readonly #underWay = new Set<RequestUnderWay>();

  constructor(options: { clock: Clock; open: OpenPostConnection; url: URL; timeoutSeconds: number }) {
    this.#clock = options.clock;
    this.#open = options.open;
    this.#url = options.url;
    this.#timeoutMicros = options.timeoutSeconds * 1_000_000;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** `onEnd` is called exactly once, never before this returns, unless the request is given up. Returns when it was sent, and what gives it up. */
  send(
    head: string,
    body: Buffer,
    onEnd: (end: RequestEnd, atMicros: number) => void,
  ): { sentAtMicros: number; giveUp: () => void } {
    const sentAtMicros = this.#clock.nowMicros();
    const request: RequestUnderWay = {
      connection: this.#takeIdle(sentAtMicros) ?? this.#open(this.#url, this.#keep),
      sentAtMicros,
      end: (outcome) => {
        if (this.#underWay.delete(request)) onEnd(outcome, this.#clock.nowMicros());
      },
    };
    this.#underWay.add(request);
    request.connection.send(head, body, (exchange) => request.end(exchange));
    const giveUp = () => {
      if (this.#underWay.delete(request)) request.connection.destroy();
    };
    return { sentAtMicros, giveUp };
  }

  /** Ends requests that have taken longer than the timeout, and connections that have been idle for long. Called each second. */
  sweep(nowMicros: number): void {
    while (nowMicros - (this.#idle[0]?.sinceMicros ?? nowMicros) > idleMicros) this.#idle.shift()?.connection.destroy();
    for (const request of this.#underWay) {
      if (nowMicros - request.sentAtMicros <= this.#timeoutMicros) return;
      request.connection.destroy();
      request.end({ kind: 'timedOut' });
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
