import type { Clock } from './clock.ts';
import type { Task } from './loop.ts';
import { dueTimes, type Schedule } from './pacer.ts';

/** Sends per tick; then the sockets are served before the next tick. */
const maxSendsPerTick = 256;

/** Fires every arrival of a schedule with the time at which it was due. Late arrivals are fired late, and none is skipped. */
export class PacedTask implements Task {
  readonly #clock: Clock;
  readonly #fire: (intendedAtMicros: number, nowMicros: number, arrival: number) => void;
  #next: (() => number) | null = null;
  #startMicros = 0;
  #arrival = 0;
  #nextDueMicros = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, fire: (intendedAtMicros: number, nowMicros: number, arrival: number) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  begin(schedule: Schedule, startMicros: number): void {
    this.#next = dueTimes(schedule);
    this.#startMicros = startMicros;
    this.#arrival = 0;
    this.#nextDueMicros = startMicros + this.#next();
  }
  /** True once every arrival has been fired. */
  get exhausted(): boolean {
    return this.#nextDueMicros === Number.POSITIVE_INFINITY;
  }
  nextDueMicros(): number {
    return this.#nextDueMicros;
  }

  run(): void {
    for (let sends = 0; sends < maxSendsPerTick && this.#next !== null; sends++) {
      const now = this.#clock.nowMicros();
      const due = this.#nextDueMicros;
      if (due > now) return;
      const arrival = this.#arrival++;
      this.#nextDueMicros = this.#startMicros + this.#next();
      this.#fire(due, now, arrival);
    }
  }
}
