import type { EventNews } from '../domain/recent-events.ts';
import type { Bus } from './bus.ts';

/** All tasks listen to it. */
const channel = 'kept';
const separator = ' ';

/**
 * Tells the requests of a user that wait, in whichever task they do, that an event was kept: their owner's id goes over the bus. What the bus loses is found when the
 * time of the request is over, as nothing on it is the only word of an event.
 */
export class KeptNews implements EventNews {
  readonly #taskId: string;
  readonly #bus: Bus;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(options: { taskId: string; bus: Bus; onError: (error: unknown) => void }) {
    this.#taskId = options.taskId;
    this.#bus = options.bus;
    this.#onError = options.onError;
  }

  async start(): Promise<void> {
    await this.#bus.subscribe(channel, (message) => {
      const end = message.indexOf(separator);
      if (message.slice(0, end) !== this.#taskId) this.#wake(message.slice(end + 1));
    });
  }

  /** Requests that wait. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** An event of this owner has been kept. */
  tell(owner: string): void {
    this.#wake(owner);
    this.#bus.publish(channel, `${this.#taskId}${separator}${owner}`).catch(this.#onError);
  }

  /** Whoever waits looks again now: the task ends. */
  releaseAll(): void {
    for (const owner of [...this.#waiting.keys()]) this.#wake(owner);
  }

  watch(userId: string): ReturnType<EventNews['watch']> {
    let hasChanged = false;
    let settle = () => {};
    const changed = () => {
      hasChanged = true;
      settle();
    };
    const all = this.#waiting.get(userId) ?? new Set();
    this.#waiting.set(userId, all.add(changed));
    return {
      within: (milliseconds) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => settle(), milliseconds);
          settle = () => {
            clearTimeout(timer);
            hasChanged = false;
            resolve();
          };
          if (hasChanged) settle();
        }),
      end: () => {
        all.delete(changed);
        if (all.size === 0 && this.#waiting.get(userId) === all) this.#waiting.delete(userId);
      },
    };
  }

  #wake(owner: string): void {
    for (const changed of [...(this.#waiting.get(owner) ?? [])]) changed();
  }
}
