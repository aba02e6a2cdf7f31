/** The part of an invocation's time in which pushes go out: an invocation after the other, and what is left of each is for saving and answering. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TimeBudget } from '../domain/pushing/time-budget.ts';
import type { InvocationTime } from './call-time.ts';

export class WorkTime implements TimeBudget {
  readonly #time: Pick<InvocationTime, 'remainingMs'>;
  readonly #keptMs: number;
  #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** @param keptMs how much of the time that calls have is kept for those that save what was done. */
  constructor(time: Pick<InvocationTime, 'remainingMs'>, keptMs: number) {
    this.#time = time;
    this.#keptMs = keptMs;
  }

  /** Called in each invocation, after the time has begun. */
  begin(): void {
    this.end();
    const abort = new AbortController();
    // Every call that is under way listens.
    setMaxListeners(0, abort.signal);
    this.#abort = abort;
    this.#timer = setTimeout(() => abort.abort(), Math.max(0, this.leftMs()));
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  leftMs(): number {
    return this.#time.remainingMs - this.#keptMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }
}

/** Waits, and ends early without an error when the signal is aborted. */
export const sleepMs = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});
