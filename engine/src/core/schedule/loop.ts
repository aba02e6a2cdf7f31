import type { Clock } from './clock.ts';

/** Recurring work. */
export interface Task {
  /** When it is next due; Infinity: not scheduled. */
  nextDueMicros(): number;
  /** Does what is due at this moment, or a bounded part of it. */
  run(nowMicros: number): void;
}

/** Runs tasks when they are due. */
export interface TaskList {
  add(task: Task): void;
  remove(task: Task): void;
}

/** How the loop waits: replaced with virtual time in tests. */
export interface Waiter {
  /** Calls back once after about this many milliseconds (0: as soon as the sockets have been served). Returns a function that cancels it. */
  wait(milliseconds: number, callback: () => void): () => void;
}

export const eventLoopWaiter: Waiter = {
  wait(milliseconds, callback) {
    if (milliseconds <= 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * One timer for everything that a fleet does on schedule. It sleeps until the next task is due (timers have a resolution of 1 ms, so a
 * send is up to about 1 ms late, which is measured as send lag); with work left over it yields to the sockets first, and never spins.
 */
export class Loop implements TaskList {
  readonly #clock: Clock;
  readonly #waiter: Waiter;
  readonly #tasks = new Set<Task>();
  #cancel: (() => void) | null = null;
  #running = false;

  constructor(clock: Clock, waiter: Waiter) {
    this.#clock = clock;
    this.#waiter = waiter;
  }

  add(task: Task): void {
    this.#tasks.add(task);
  }
  remove(task: Task): void {
    this.#tasks.delete(task);
  }
  start(): void {
    this.#running = true;
    this.#arm();
  }
  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  readonly #tick = (): void => {
    for (const task of this.#tasks) {
      const nowMicros = this.#clock.nowMicros();
      if (this.#running && task.nextDueMicros() <= nowMicros) task.run(nowMicros);
    }
    if (this.#running) this.#arm();
  };

  #arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const task of this.#tasks) next = Math.min(next, task.nextDueMicros());
    const waitMicros = next - this.#clock.nowMicros();
    // Never longer than a second: a phase may give an idle task work.
    const waitMs = waitMicros <= 0 ? 0 : Math.max(1, Math.min(1_000, Math.floor(waitMicros / 1_000)));
    this.#cancel = this.#waiter.wait(waitMs, this.#tick);
  }
}
