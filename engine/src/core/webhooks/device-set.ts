import type { Device } from '../connections/device.ts';

/** Bits of a number that are whole and not negative as a small integer. */
const wordBits = 30;

/**
 * Some of an owner's devices, a bit for each: with webhooks for everyone, thousands of events are remembered with every connection of the fleet each.
 * The devices of an owner follow one another by index (population.ts).
 */
export class DeviceSet {
  readonly #of: readonly Device[];
  readonly #first: number;
  readonly #words: number[];
  #size = 0;

  constructor(of: readonly Device[], isIn: (device: Device) => boolean = () => false) {
    this.#of = of;
    this.#first = of[0]?.index ?? 0;
    this.#words = Array.from({ length: Math.ceil(of.length / wordBits) }, () => 0);
    for (const device of of) if (isIn(device)) this.add(device);
  }

  get size(): number {
    return this.#size;
  }

  has(device: Device): boolean {
    const place = device.index - this.#first;
    return ((this.#words[Math.floor(place / wordBits)] ?? 0) & (1 << (place % wordBits))) !== 0;
  }

  /** Whether it was not yet in. */
  add(device: Device): boolean {
    return !this.has(device) && this.#toggle(device, 1);
  }

  /** Whether it was in. */
  delete(device: Device): boolean {
    return this.has(device) && this.#toggle(device, -1);
  }

  /** Looks at those that are in: many sets of many devices have few. */
  some(holds: (device: Device) => boolean): boolean {
    return this.#words.some((word, n) => {
      if (word === 0) return false;
      const devices = this.#of.slice(n * wordBits, (n + 1) * wordBits);
      return devices.some((device) => this.has(device) && holds(device));
    });
  }

  #toggle(device: Device, by: 1 | -1): true {
    const place = device.index - this.#first;
    const word = Math.floor(place / wordBits);
    this.#words[word] = (this.#words[word] ?? 0) ^ (1 << (place % wordBits));
    this.#size += by;
    return true;
  }
}
