/** What the fake stack answers over HTTP: `/config` and `/events` of docs/reference/protocol.md. */

export interface FallbackFaults {
  /** Read n over HTTP, of events or of the stage: its answer in place of the stack's own; `null`: the stack's own. Status 0 leaves it unanswered. */
  asked?: (path: 'config' | 'events', n: number) => HttpAnswer | null;
  /** How long a read of events that finds nothing new is held. */
  holdMs?: number;
}

export interface HttpAnswer {
  status: number;
  body: string;
  retryAfter?: string;
}

/** Reads begin this much before the last that a client has. */
const overlapMs = 60_000;
/** Events of one answer. */
const pageEvents = 100;

export class FakeFallback {
  /** When each was asked. */
  readonly askedMs: { config: number[]; events: number[] } = { config: [], events: [] };
  readonly #faults: FallbackFaults;
  readonly #time: { nowMs(): number; after(ms: number, run: () => void): void };
  readonly #userOf: (path: string, nowSeconds: number) => string | null;
  readonly #kept = new Map<string, { atMs: number; frame: string }[]>();
  readonly #held = new Set<() => void>();

  constructor(
    faults: FallbackFaults,
    around: {
      time: { nowMs(): number; after(ms: number, run: () => void): void };
      /** Whose token a URL has; null: it is not accepted. */
      userOf: (path: string, nowSeconds: number) => string | null;
    },
  ) {
    this.#faults = faults;
    this.#time = around.time;
    this.#userOf = around.userOf;
  }

  keep(owner: string, frame: string): void {
    this.#kept.set(owner, [...(this.#kept.get(owner) ?? []), { atMs: this.#time.nowMs(), frame }]);
    for (const look of this.#held) look();
  }

  asked(head: string, answer: (of: HttpAnswer) => void): void {
    const path = /^GET \S*\/config /.test(head) ? 'config' : 'events';
    const n = this.askedMs[path].push(this.#time.nowMs()) - 1;
    const given = this.#faults.asked?.(path, n) ?? null;
    if (given?.status === 0) return;
    const { holdMs = 0 } = this.#faults;
    const config = { share: 1, off: false, ...(holdMs > 0 && { holdSeconds: holdMs / 1_000 }) };
    if (given !== null) answer(given);
    else if (path === 'config') answer({ status: 200, body: JSON.stringify(config) });
    else this.#answerEvents(head, answer);
  }

  #answerEvents(head: string, answer: (of: HttpAnswer) => void): void {
    const header = (name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1];
    const token = header('authorization')?.replace('Bearer ', '') ?? '';
    const user = this.#userOf(`/?token=${token}`, this.#time.nowMs() / 1_000);
    if (user === null) {
      answer({ status: 401, body: '{}' });
      return;
    }
    const after = header('x-after');
    const read = () => this.#page(user, after === undefined ? null : Number(after));
    const send = () => answer({ status: 200, body: read().body });
    const { holdMs = 0 } = this.#faults;
    const isNews = () => !(read().count <= Number(header('x-seen')));
    if (header('x-wait') === undefined || holdMs === 0 || isNews()) {
      send();
      return;
    }
    const end = () => {
      if (this.#held.delete(look)) send();
    };
    const look = () => {
      if (isNews()) end();
    };
    this.#held.add(look);
    this.#time.after(holdMs, end);
  }

  /** From null: none, and how many there are already. */
  #page(user: string, fromMs: number | null): { body: string; count: number } {
    const newestFrom = this.#time.nowMs() - overlapMs;
    const all = (this.#kept.get(user) ?? []).filter(({ atMs }) => atMs >= (fromMs ?? newestFrom));
    const page = all.slice(0, pageEvents);
    const more = all.length > page.length;
    const resumeFrom = more ? (page.at(-1)?.atMs ?? 0) : newestFrom;
    const seen = page.filter(({ atMs }) => atMs >= resumeFrom).length;
    const isWhole = !more && (fromMs ?? newestFrom) <= resumeFrom;
    const rest = { resumeFrom: Math.floor(resumeFrom), more, gap: false, ...(isWhole && { seen }) };
    const frames = fromMs === null ? [] : page.map(({ frame }) => frame);
    return { body: `{"events":[${frames.join(',')}],${JSON.stringify(rest).slice(1)}`, count: all.length };
  }
}
