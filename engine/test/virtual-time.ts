import type { Clock } from '../src/core/schedule/clock.ts';
import type { Waiter } from '../src/core/schedule/loop.ts';

interface Appointment {
  atMicros: number;
  run: () => void;
}

/** Stops a run that would otherwise never end. */
const longestMs = 24 * 3_600_000;

/** Time that jumps from one timer to the next: a minute takes only as long as the work in it. */
export class VirtualTime implements Clock, Waiter {
  #nowMicros = 0;
  #hasStarted = false;
  readonly #appointments: Appointment[] = [];

  nowMicros(): number {
    return this.#nowMicros;
  }
  get nowMs(): number {
    return this.#nowMicros / 1_000;
  }

  /** Runs this after that many milliseconds, after anything else due then. Returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void {
    const appointment = { atMicros: this.#nowMicros + milliseconds * 1_000, run };
    const at = this.#appointments.findLastIndex(({ atMicros }) => atMicros <= appointment.atMicros);
    this.#appointments.splice(at + 1, 0, appointment);
    return () => {
      const index = this.#appointments.indexOf(appointment);
      if (index >= 0) this.#appointments.splice(index, 1);
    };
  }

  /** The process stands still for so long, like one that was stopped: what was due meanwhile runs afterwards, late. */
  standStill(milliseconds: number): void {
    this.#nowMicros += milliseconds * 1_000;
  }

  wait(milliseconds: number, callback: () => void): () => void {
    this.#hasStarted = true;
    return this.after(milliseconds, callback);
  }

  /** Advances to the next timer and runs it. False if there is none. */
  step(): boolean {
    const next = this.#appointments.shift();
    if (next === undefined) return false;
    this.#nowMicros = Math.max(this.#nowMicros, next.atMicros);
    next.run();
    return true;
  }

  /**
   * Lets time pass until the promise has settled. It begins with the first wait of a loop, so that anything before that which is not virtual,
   * such as signing tokens, takes no time. Rejects if it is still pending after a day.
   */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isPending = true;
    const ended = () => {
      isPending = false;
    };
    promise.then(ended, ended);
    while (isPending) {
      if (this.nowMs > longestMs) throw new Error('Still pending after a day of virtual time.');
      if (this.#hasStarted && this.step()) await null;
      else await new Promise((resolve) => setImmediate(resolve));
    }
    return await promise;
  }
}
