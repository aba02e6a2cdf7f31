/**
 * Which tasks nobody has seen on the bus, and for how long without a break. A task that is away for a moment, because the bus moved to another node, comes
 * back within seconds; one that has ended never does. Its connections are taken for gone only after it was away at every look of the whole time: what one
 * look found and another one much later says nothing of the time between them.
 */

/** A task that was away at each look for this long has ended. A bus that moves to another node is back within seconds. */
const endedMs = 15_000;
/** Looks further apart than this are of two absences. */
const breakMs = 6_000;
const lookEveryMs = 2_000;
/** A task to which nobody pushed for this long is looked for no more: rows of its connections have been removed, or expire. Longer than a message of the queue waits to come again. */
const keptMs = 600_000;

interface Absence {
  sinceMs: number;
  lastLookMs: number;
  lastPushMs: number;
}

interface Options {
  /** How many listen for a task on the bus. */
  listenersOf: (task: string) => Promise<number>;
  monotonicMs: () => number;
}

export class TaskAbsences {
  readonly #options: Options;
  readonly #away = new Map<string, Absence>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Tasks that are away, or have ended. */
  get size(): number {
    return this.#away.size;
  }

  /** A task listens. */
  seen(task: string): void {
    this.#away.delete(task);
    if (this.#away.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** A push found nobody. Whether the task has ended. */
  missed(task: string): boolean {
    const nowMs = this.#options.monotonicMs();
    const absence = this.#note(task, nowMs);
    absence.lastPushMs = nowMs;
    // It does not keep a process that has nothing else to do.
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
    return nowMs - absence.sinceMs >= endedMs;
  }

  #note(task: string, nowMs: number): Absence {
    const known = this.#away.get(task);
    if (known !== undefined) {
      if (nowMs - known.lastLookMs > breakMs) known.sinceMs = nowMs;
      known.lastLookMs = nowMs;
      return known;
    }
    const absence = { sinceMs: nowMs, lastLookMs: nowMs, lastPushMs: nowMs };
    this.#away.set(task, absence);
    return absence;
  }

  #look(): void {
    const { listenersOf, monotonicMs } = this.#options;
    for (const [task, { lastPushMs }] of this.#away) {
      if (monotonicMs() - lastPushMs > keptMs) {
        this.seen(task);
        continue;
      }
      listenersOf(task).then(
        (listeners) => {
          if (listeners > 0) this.seen(task);
          else if (this.#away.has(task)) this.#note(task, monotonicMs());
        },
        // Without the bus nothing is known: the absence has a break.
        () => undefined,
      );
    }
  }
}
