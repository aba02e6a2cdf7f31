/** RFC 6455, section 5: messages → masked frames of a client. */
import { seededRandom } from '../schedule/random.ts';
import { opcodes } from './frame-parser.ts';

const slabBytes = 64 * 1_024;

/**
 * Writes frames into slabs, so that a frame needs no separate allocation; a slab is collected when its last frame has been written out.
 * The masking key is random but not secret: it protects proxies from an attacker's scripts (RFC 6455, 10.3), and a load generator runs no
 * such scripts. Drawing it from the operating system would cost as much as the rest of the frame.
 */
export class FrameWriter {
  #slab = Buffer.allocUnsafeSlow(slabBytes);
  #used = 0;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A close frame; `code` null: without one. */
  close(code: number | null): Buffer {
    const payload = Buffer.alloc(code === null ? 0 : 2);
    if (code !== null) payload.writeUInt16BE(code);
    return this.frame(opcodes.close, payload);
  }

  /** One frame with FIN. The payload is copied, never changed. */
  frame(opcode: number, payload: Uint8Array): Buffer {
    const { length } = payload;
    const head = length < 126 ? 6 : length < 65_536 ? 8 : 14;
    const target = this.#take(head + length);
    target[0] = 0x80 | opcode;
    if (head === 6) target[1] = 0x80 | length;
    else if (head === 8) {
      target[1] = 0x80 | 126;
      target[2] = length >>> 8;
      target[3] = length;
    } else {
      target[1] = 0x80 | 127;
      target.writeBigUInt64BE(BigInt(length), 2);
    }
    const key = Math.floor(this.#random() * 4_294_967_296);
    const k0 = key & 0xff;
    const k1 = (key >>> 8) & 0xff;
    const k2 = (key >>> 16) & 0xff;
    const k3 = key >>> 24;
    target[head - 4] = k0;
    target[head - 3] = k1;
    target[head - 2] = k2;
    target[head - 1] = k3;
    const whole = length & ~3;
    let at = 0;
    for (; at < whole; at += 4) {
      target[head + at] = (payload[at] ?? 0) ^ k0;
      target[head + at + 1] = (payload[at + 1] ?? 0) ^ k1;
      target[head + at + 2] = (payload[at + 2] ?? 0) ^ k2;
      target[head + at + 3] = (payload[at + 3] ?? 0) ^ k3;
    }
    if (at < length) target[head + at] = (payload[at] ?? 0) ^ k0;
    if (at + 1 < length) target[head + at + 1] = (payload[at + 1] ?? 0) ^ k1;
    if (at + 2 < length) target[head + at + 2] = (payload[at + 2] ?? 0) ^ k2;
    return target;
  }

  #take(bytes: number): Buffer {
    if (bytes > slabBytes / 4) return Buffer.allocUnsafeSlow(bytes);
    if (this.#used + bytes > slabBytes) {
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    return this.#slab.subarray(start, start + bytes);
  }
}
