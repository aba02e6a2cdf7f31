import type { ClientRecord, FleetPhase } from '../../records.ts';
import { machineGauges } from '../machine/machine.ts';
import type { Clock, SecondLabels } from '../schedule/clock.ts';
import type { Task } from '../schedule/loop.ts';
import { CpuMeter } from './health.ts';
import type { Tally } from './tally.ts';

/** A fleet, or the fleets of a crew, as the report sees them. */
export interface Reported {
  readonly phase: FleetPhase;
  /** Connections that hold a socket. */
  readonly socketCount: number;
  /** Ends everything that has timed out, before the second is closed. */
  sweep(nowMicros: number): void;
  /** Called after each second. */
  judge(nowMicros: number): void;
}

/** Writes a line of what was counted at the end of each second. */
export class SecondReport implements Task {
  readonly #options: {
    fleet: string;
    clock: Clock;
    labels: SecondLabels;
    tally: Tally;
    onRecord: (record: ClientRecord) => void;
  };
  readonly #of: Reported;
  readonly #cpu: CpuMeter;
  /** The second being measured, and the phase in which it began. */
  #second: number;
  #phase: FleetPhase;
  /** It is due, and the sockets are served first. */
  #hasServed = false;

  constructor(
    options: {
      fleet: string;
      clock: Clock;
      labels: SecondLabels;
      tally: Tally;
      onRecord: (record: ClientRecord) => void;
    },
    of: Reported,
  ) {
    this.#options = options;
    this.#of = of;
    this.#cpu = new CpuMeter(options.clock);
    this.#second = options.labels.labelOf(options.clock.nowMicros());
    this.#phase = of.phase;
  }

  nextDueMicros(): number {
    return this.#options.labels.startOf(this.#second + 1);
  }

  run(nowMicros: number): void {
    // The loop serves the sockets before it comes again: after a standstill of this process what has arrived meanwhile is read before it is said what timed out.
    this.#hasServed = !this.#hasServed;
    if (this.#hasServed) return;
    this.#of.sweep(nowMicros);
    this.#write({});
    this.#second = this.#options.labels.labelOf(nowMicros);
    this.#of.judge(nowMicros);
  }

  /** Writes the last line; marked as the last if the fleet is complete. */
  finish(isComplete: boolean): void {
    this.#write(isComplete ? { last: true } : {});
  }

  #write(last: { last?: true }): void {
    const { tally, fleet, onRecord } = this.#options;
    this.#cpu.countInto(tally);
    const line = {
      second: this.#second,
      fleet,
      phase: last.last ? ('done' as const) : this.#phase,
      openConnections: this.#of.socketCount,
      machine: machineGauges(),
    };
    onRecord({ ...tally.take(line), ...last });
    this.#phase = this.#of.phase;
  }
}
