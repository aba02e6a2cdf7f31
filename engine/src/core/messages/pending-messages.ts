import type { Device } from '../connections/device.ts';

/** A fleet quickly grows to what it needs; a virtual user with one connection stays small. */
const firstCapacity = 16;

/**
 * Messages under way by their sequence number. They end roughly in the order in which they were sent, so a ring of typed arrays holds
 * them: no object and no hash entry per message, and the oldest is always at the tail.
 */
export class PendingMessages {
  #intendedAtMicros = new Float64Array(firstCapacity);
  #sentAtMicros = new Float64Array(firstCapacity);
  #routes = new Uint16Array(firstCapacity);
  /** Null: ended. */
  #devices: (Device | null)[] = Array.from({ length: firstCapacity }, () => null);
  #tail = 0;
  #next = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }
  /** Number of the next message. */
  get nextSequence(): number {
    return this.#next;
  }

  /** `route`: its place in the mix of messages. */
  add(device: Device, { route, ...at }: { intendedAtMicros: number; sentAtMicros: number; route: number }): void {
    if (this.#next - this.#tail === this.#devices.length) this.#grow();
    const slot = this.#next++ & (this.#devices.length - 1);
    this.#intendedAtMicros[slot] = at.intendedAtMicros;
    this.#sentAtMicros[slot] = at.sentAtMicros;
    this.#routes[slot] = route;
    this.#devices[slot] = device;
    device.outstanding++;
    this.#size++;
  }

  /** Whether this message of this device is under way. */
  has(sequence: number, device: Device): boolean {
    return sequence >= this.#tail && sequence < this.#next && this.#devices[this.#slot(sequence)] === device;
  }
  intendedAtMicros(sequence: number): number {
    return this.#intendedAtMicros[this.#slot(sequence)] ?? 0;
  }
  sentAtMicros(sequence: number): number {
    return this.#sentAtMicros[this.#slot(sequence)] ?? 0;
  }

  route(sequence: number): number {
    return this.#routes[this.#slot(sequence)] ?? 0;
  }

  /** Ends a message that is under way. */
  remove(sequence: number): void {
    const slot = this.#slot(sequence);
    const device = this.#devices[slot];
    if (!device) return;
    device.outstanding--;
    this.#devices[slot] = null;
    this.#size--;
    while (this.#tail < this.#next && this.#devices[this.#slot(this.#tail)] === null) this.#tail++;
  }

  /** The oldest message of a device; null if it has none. */
  oldestOf(device: Device): number | null {
    if (device.outstanding === 0) return null;
    for (let sequence = this.#tail; sequence < this.#next; sequence++)
      if (this.#devices[this.#slot(sequence)] === device) return sequence;
    return null;
  }

  /** The oldest message of all; null if there is none. */
  get oldest(): number | null {
    return this.#size === 0 ? null : this.#tail;
  }

  #slot(sequence: number): number {
    return sequence & (this.#devices.length - 1);
  }

  #grow(): void {
    const before = this.#devices.length;
    const after = before * 2;
    const intended = new Float64Array(after);
    const sent = new Float64Array(after);
    const routes = new Uint16Array(after);
    const devices: (Device | null)[] = Array.from({ length: after }, () => null);
    for (let sequence = this.#tail; sequence < this.#next; sequence++) {
      const from = sequence & (before - 1);
      const to = sequence & (after - 1);
      intended[to] = this.#intendedAtMicros[from] ?? 0;
      sent[to] = this.#sentAtMicros[from] ?? 0;
      routes[to] = this.#routes[from] ?? 0;
      devices[to] = this.#devices[from] ?? null;
    }
    this.#intendedAtMicros = intended;
    this.#sentAtMicros = sent;
    this.#routes = routes;
    this.#devices = devices;
  }
}
