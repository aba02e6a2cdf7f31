import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import { outcomeOf } from '../webhooks/post-outcome.ts';
import type { OpenPostConnection } from '../wire/post-socket.ts';
import { RequestPool } from '../wire/request-pool.ts';

/** What is asked: reads of events, or of the stage. */
export type Asked = 'polls' | 'stageReads';

/** What each of them is called where it is counted. */
const nameOf = { polls: 'poll', stageReads: 'stageRead' } as const satisfies Record<Asked, string>;

export interface TabRequest<Read> {
  asked: Asked;
  path: string;
  headers: Readonly<Record<string, string>>;
  dueMicros: number;
  /** Whether the stack may hold it until there is an event: its duration is then no latency. */
  isHeld?: boolean;
  /** Null: the body is not what was asked for. */
  read: (body: Buffer) => Read | null;
  onEnd: (end: TabAnswer<Read>, atMicros: number) => void;
}

export type TabAnswer<Read> = { kind: 'answered'; value: Read } | { kind: 'failed'; retryAfterSeconds: number | null };

const nothing = Buffer.alloc(0);

/** GET requests of tabs, each counted with its one outcome. */
export class TabRequests {
  readonly #tally: Tally;
  readonly #pool: RequestPool;
  readonly #base: string;
  readonly #head: string;

  /** `url` without a slash at the end. `timeoutSeconds`: of any request. */
  constructor(options: { clock: Clock; tally: Tally; open: OpenPostConnection; url: string; timeoutSeconds: number }) {
    const url = new URL(options.url);
    this.#tally = options.tally;
    this.#pool = new RequestPool({ ...options, url });
    this.#base = url.pathname.replace(/\/$/, '');
    this.#head = ` HTTP/1.1\r\nHost: ${url.host}\r\nConnection: keep-alive\r\nAccept: */*\r\n`;
  }

  /** Returns what gives the request up: it then ends without another word. */
  get<Read>({ asked, path, headers, dueMicros, isHeld = false, read, onEnd }: TabRequest<Read>): () => void {
    const name = nameOf[asked];
    const own = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
    let isOver = false;
    this.#tally.count(`${asked}Sent`);
    const { sentAtMicros, giveUp } = this.#pool.send(
      `GET ${this.#base}${path}${this.#head}${own.join('')}\r\n`,
      nothing,
      (end, atMicros) => {
        isOver = true;
        const outcome = outcomeOf(end);
        const value = end.kind === 'answered' && end.status === 200 ? read(end.body) : null;
        if (end.kind === 'answered') this.#tally.count(`${name}Bytes`, end.body.length);
        if (value !== null) {
          this.#tally.count(`${asked}Answered`);
          if (!isHeld) this.#tally.recordMicros(`${name}Micros`, atMicros - dueMicros);
          onEnd({ kind: 'answered', value }, atMicros);
          return;
        }
        const counted = this.#countFailure(asked, outcome);
        this.#tally.countFailure(`${name} ${counted.reason}`);
        onEnd({ kind: 'failed', retryAfterSeconds: counted.retryAfterSeconds }, atMicros);
      },
    );
    this.#tally.recordMicros('sendLagMicros', sentAtMicros - dueMicros);
    return () => {
      if (isOver) return;
      isOver = true;
      giveUp();
      this.#tally.count(`${asked}GivenUp`);
    };
  }

  sweep(nowMicros: number): void {
    this.#pool.sweep(nowMicros);
  }

  close(): void {
    this.#pool.close();
  }

  #countFailure(
    asked: Asked,
    outcome: ReturnType<typeof outcomeOf>,
  ): { reason: string; retryAfterSeconds: number | null } {
    switch (outcome.kind) {
      case 'throttled':
        this.#tally.count(`${asked}Throttled`);
        return { reason: '429', retryAfterSeconds: outcome.retryAfterSeconds };
      case 'rejected':
        this.#tally.count(`${asked}Rejected`);
        return { reason: String(outcome.status), retryAfterSeconds: outcome.retryAfterSeconds };
      case 'timedOut':
        this.#tally.count(`${asked}TimedOut`);
        return { reason: 'timed out', retryAfterSeconds: null };
      case 'failed':
        this.#tally.count(`${asked}Failed`);
        return { reason: outcome.code, retryAfterSeconds: null };
      // Something answers with 200 that is not the stack, as a portal does.
      case 'accepted':
        this.#tally.count(`${asked}Rejected`);
        return { reason: 'another answer', retryAfterSeconds: null };
    }
  }
}
