/**
 * The channel between the core process and one edge process: small frames over a socket pair, many in one write. A frame is the length of its
 * payload (4 bytes), its kind (1), the number of a connection (4) and the payload. Frames sent in one turn of the event loop leave together.
 */
import type { Duplex } from 'node:stream';

const headerBytes = 9;
const blockBytes = 65_536;
const maxFreeBlocks = 16;

/** The payload is a view of the received block: keeping it beyond the call keeps the whole block alive. */
export type ReceiveFrame = (kind: number, number: number, payload: Buffer) => void;

export class EdgeChannel {
  #stream: Duplex;
  #block: Buffer = Buffer.allocUnsafeSlow(blockBytes);
  #used = 0;
  #free: Buffer[] = [];
  #scheduled = false;
  /** Bytes of an incomplete frame, and how many are needed before it is worth checking again. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #neededBytes = headerBytes;

  /** Frames that arrived earlier are received now: a stream without a listener waits. */
  constructor(stream: Duplex, receive: ReceiveFrame) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#read(chunk, receive));
    // The end of the other process is noticed and reported by the process that started it.
    stream.on('error', () => stream.destroy());
  }

  send(kind: number, number: number, payload: string | Buffer): void {
    const most = typeof payload === 'string' ? payload.length * 3 : payload.length;
    if (headerBytes + most > blockBytes) {
      this.#sendLarge(kind, number, typeof payload === 'string' ? Buffer.from(payload) : payload);
      return;
    }
    if (this.#used + headerBytes + most > blockBytes) this.#flush();
    const at = this.#used;
    const start = at + headerBytes;
    const bytes = typeof payload === 'string' ? this.#block.write(payload, start) : payload.copy(this.#block, start);
    writeHeader(this.#block, at, { bytes, kind, number });
    this.#used = start + bytes;
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After everything read in this turn of the loop has been handled.
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #sendLarge(kind: number, number: number, payload: Buffer): void {
    this.#flush();
    const header = Buffer.allocUnsafe(headerBytes);
    writeHeader(header, 0, { bytes: payload.length, kind, number });
    this.#stream.write(header);
    this.#stream.write(payload);
  }

  #flush(): void {
    if (this.#used === 0) return;
    const block = this.#block;
    const used = this.#used;
    this.#block = this.#free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
    this.#used = 0;
    this.#stream.write(block.subarray(0, used), () => {
      if (this.#free.length < maxFreeBlocks) this.#free.push(block);
    });
  }

  #read(chunk: Buffer, receive: ReceiveFrame): void {
    this.#parts.push(chunk);
    this.#partBytes += chunk.length;
    if (this.#partBytes < this.#neededBytes) return;
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#partBytes);
    let at = 0;
    this.#neededBytes = headerBytes;
    while (bytes.length - at >= headerBytes) {
      const frameBytes = headerBytes + bytes.readUInt32BE(at);
      if (at + frameBytes > bytes.length) {
        this.#neededBytes = frameBytes;
        break;
      }
      const payload = bytes.subarray(at + headerBytes, at + frameBytes);
      receive(bytes.readUInt8(at + 4), bytes.readUInt32BE(at + 5), payload);
      at += frameBytes;
    }
    this.#partBytes = bytes.length - at;
    this.#parts = this.#partBytes === 0 ? [] : [bytes.subarray(at)];
  }
}

function writeHeader(
  target: Buffer,
  at: number,
  { bytes, kind, number }: { bytes: number; kind: number; number: number },
): void {
  target.writeUInt32BE(bytes, at);
  target.writeUInt8(kind, at + 4);
  target.writeUInt32BE(number, at + 5);
}
