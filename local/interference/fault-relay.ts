/** How a change of faults is propagated from the control endpoint to every process of the target. */
import type { SetFault } from './faults.ts';
import type { Interference } from './interference.ts';

type Send = (faults: readonly SetFault[]) => void;

export class FaultRelay {
  #interference: Interference;
  #send: Send | null;
  #waiting: (() => void)[] = [];

  /** @param send asks the supervisor to notify every process, this one last; null if this process is the only one. */
  constructor(interference: Interference, send: Send | null) {
    this.#interference = interference;
    this.#send = send;
  }

  /** Settles when every process has them. */
  async spread(faults: readonly SetFault[]): Promise<void> {
    if (this.#send === null) {
      this.#interference.setFaults(faults);
      return;
    }
    const everywhere = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#send(faults);
    await everywhere;
  }

  /** From the supervisor, after all other processes have them. */
  arrived(faults: readonly SetFault[]): void {
    this.#interference.setFaults(faults);
    this.#waiting.shift()?.();
  }
}
