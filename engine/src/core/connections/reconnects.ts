import type { Tally } from '../measure/tally.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import type { Task } from '../schedule/loop.ts';
import { microsPerSecond } from '../schedule/pacer.ts';
import { type BackOff, backOffMicros } from './back-off.ts';
import type { Device } from './device.ts';

/** Connects of one tick: after these the sockets are served before the next. */
const maxConnectsPerTick = 64;

/** Devices that wait to connect again, each by its own back-off, as clients of a product would: nobody spreads them out but the jitter. */
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
    /** Who has been without a connection for longer than this when the load ends is given up. */
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
  /** Of those that wait: how many have never been open. */
  get waitingForFirst(): number {
    return this.#neverOpened;
  }

  /** A device has failed to connect, or has lost its connection. It waits, or is given up. */
  lost(device: Device, nowMicros: number): void {
    if (this.#stopped || this.#policy.attempts === 0) return;
    if (device.failedAttempts >= this.#policy.attempts) {
      this.#tally.count('connectionsAbandoned');
      device.lostAtMicros = null;
      return;
    }
    device.state = 'waiting';
    if (!device.hasOpened) this.#neverOpened++;
    this.#waiting.push(nowMicros + backOffMicros(this.#policy, device.failedAttempts++, this.#random), device);
  }

  /** From now on nobody comes back. Those who have tried in vain for long are given up; of those lost a moment ago nothing is known. */
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
      this.#tally.count('reconnectsAttempted');
      this.#connect(due.item, due.dueMicros);
    }
  }
}
