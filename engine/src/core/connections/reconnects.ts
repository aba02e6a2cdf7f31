import type { Tally } from '../measure/tally.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import type { Task } from '../schedule/loop.ts';
import { microsPerSecond } from '../schedule/pacer.ts';
import { type BackOff, backOffMicros } from './back-off.ts';
import type { Device } from './device.ts';

/** Connects per tick; then the sockets are served before the next tick. */
const maxConnectsPerTick = 64;

/** Devices waiting to reconnect, each with its own back-off, as real clients would: only jitter spreads them out. */
export class Reconnects implements Task {
  readonly #policy: BackOff;
  readonly #timeoutMicros: number;
  readonly #random: () => number;
  readonly #tally: Tally;
  readonly #connect: (device: Device, dueMicros: number) => void;
  readonly #waiting = new DueHeap<Device>();
  #neverOpened = 0;
  #stopped = false;

  constructor(options: {
    policy: BackOff;
    /** A device that has had no connection for longer than this when the load ends is counted as abandoned. */
    timeoutSeconds: number;
    random: () => number;
    tally: Tally;
    connect: (device: Device, dueMicros: number) => void;
  }) {
    this.#policy = options.policy;
    this.#timeoutMicros = options.timeoutSeconds * microsPerSecond;
    this.#random = options.random;
    this.#tally = options.tally;
    this.#connect = options.connect;
  }

  get waiting(): number {
    return this.#waiting.size;
  }
  /** How many of them have never been open. */
  get waitingForFirst(): number {
    return this.#neverOpened;
  }

  /** A device failed to connect, or lost its connection: it waits for its next attempt, or is abandoned after its last one. */
  lost(device: Device, nowMicros: number): void {
    if (this.#stopped || this.#policy.attempts === 0 || device.isOutside) return;
    if (device.failedAttempts >= this.#policy.attempts) {
      this.#tally.count('connectionsAbandoned');
      device.lostAtMicros = null;
      return;
    }
    device.state = 'waiting';
    if (!device.hasOpened) this.#neverOpened++;
    this.#waiting.push(nowMicros + backOffMicros(this.#policy, device.failedAttempts++, this.#random), device);
  }

  /** From now on no device reconnects. Those without a connection for longer than the timeout are abandoned; those lost more recently are not counted. */
  stop(nowMicros: number): void {
    this.#stopped = true;
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const { lostAtMicros } = next.item;
      if (lostAtMicros !== null && nowMicros - lostAtMicros > this.#timeoutMicros)
        this.#tally.count('connectionsAbandoned');
    }
    this.#neverOpened = 0;
  }

  nextDueMicros(): number {
    return this.#waiting.nextDueMicros;
  }

  run(nowMicros: number): void {
    for (let n = 0; n < maxConnectsPerTick && this.#waiting.nextDueMicros <= nowMicros; n++) {
      const due = this.#waiting.pop();
      if (due === undefined) return;
      if (!due.item.hasOpened) this.#neverOpened--;
      // The stage was rolled back meanwhile.
      if (due.item.isOutside) {
        due.item.state = 'ended';
        continue;
      }
      this.#tally.count('reconnectsAttempted');
      this.#connect(due.item, due.dueMicros);
    }
  }
}
