import type { Clock } from '../schedule/clock.ts';
import type { Task } from '../schedule/loop.ts';
import type { Tally } from './tally.ts';

const probeIntervalMicros = 20_000;

/**
 * Event-loop delay, by probes due every 20 ms. After the loop was blocked, each probe that was due in that time is recorded with its
 * wait, so the histogram says how long a send at a random moment would have waited.
 */
export class LoopDelayProbe implements Task {
  readonly #tally: Tally;
  #dueMicros: number;
  constructor(tally: Tally, startMicros: number) {
    this.#tally = tally;
    this.#dueMicros = startMicros + probeIntervalMicros;
  }
  nextDueMicros(): number {
    return this.#dueMicros;
  }
  run(nowMicros: number): void {
    for (; this.#dueMicros <= nowMicros; this.#dueMicros += probeIntervalMicros)
      this.#tally.recordMicros('loopDelayMicros', nowMicros - this.#dueMicros);
  }
}

/** CPU time of the calling thread so far, in microseconds. */
type ThreadCpu = () => number;

/** `process.threadCpuUsage` was added in Node 23.9; before that the event loop's active time is used (it includes time waiting for a core). */
const threadCpu: ThreadCpu =
  typeof process.threadCpuUsage === 'function'
    ? () => {
        const { user, system } = process.threadCpuUsage();
        return user + system;
      }
    : () => performance.eventLoopUtilization().active * 1_000;

/** Counts CPU time and elapsed time since the last call. */
export class CpuMeter {
  readonly #clock: Clock;
  readonly #cpu: ThreadCpu;
  #cpuMicros: number;
  #atMicros: number;
  constructor(clock: Clock, cpu: ThreadCpu = threadCpu) {
    this.#clock = clock;
    this.#cpu = cpu;
    this.#cpuMicros = cpu();
    this.#atMicros = clock.nowMicros();
  }
  countInto(tally: Tally): void {
    const cpuMicros = this.#cpu();
    const atMicros = this.#clock.nowMicros();
    tally.count('threadCpuMicros', Math.round(cpuMicros - this.#cpuMicros));
    tally.count('threadElapsedMicros', Math.round(atMicros - this.#atMicros));
    this.#cpuMicros = cpuMicros;
    this.#atMicros = atMicros;
  }
}
