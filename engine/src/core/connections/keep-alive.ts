import type { Tally } from '../measure/tally.ts';
import type { Clock } from '../schedule/clock.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import type { Task } from '../schedule/loop.ts';
import { isInShare, microsPerSecond } from '../schedule/pacer.ts';
import type { MessageSocket } from '../wire/socket.ts';
import type { Device } from './device.ts';

const idHead = 'k-';
/** Pings per tick; then the sockets are served before the next tick. */
const maxPingsPerTick = 128;

/** Application pings that keep connections from going idle: one per connection and interval, counted from its opening. Their latency is not measured. */
export class KeepAlive implements Task {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #intervalMicros: number;
  readonly #idleShare: number;
  readonly #due = new DueHeap<{ device: Device; socket: MessageSocket }>();
  #sequence = 0;

  constructor(options: { clock: Clock; tally: Tally; intervalSeconds: number; idleShare: number }) {
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#intervalMicros = options.intervalSeconds * microsPerSecond;
    this.#idleShare = options.idleShare;
  }

  opened(device: Device, nowMicros: number): void {
    const { socket } = device;
    if (isInShare(device.index, this.#idleShare)) return;
    if (this.#intervalMicros > 0 && socket !== null)
      this.#due.push(nowMicros + this.#intervalMicros, { device, socket });
  }

  /** True if the id is that of a keep-alive ping. */
  answered(id: string): boolean {
    if (!id.startsWith(idHead)) return false;
    this.#tally.count('keepAlivesAnswered');
    return true;
  }

  stop(): void {
    this.#due.clear();
  }

  nextDueMicros(): number {
    return this.#due.nextDueMicros;
  }

  run(): void {
    for (let n = 0; n < maxPingsPerTick && this.#due.nextDueMicros <= this.#clock.nowMicros(); n++) {
      const due = this.#due.pop();
      if (due === undefined) return;
      const { device, socket } = due.item;
      // The connection was lost; its replacement has its own entry.
      if (device.state !== 'open' || device.socket !== socket) continue;
      const id = `${idHead}${(this.#sequence++).toString(36)}`;
      this.#tally.count(
        socket.sendText(Buffer.from(`{"action":"ping","id":"${id}"}`)) ? 'keepAlivesSent' : 'keepAlivesDropped',
      );
      this.#due.push(due.dueMicros + this.#intervalMicros, due.item);
    }
  }
}
