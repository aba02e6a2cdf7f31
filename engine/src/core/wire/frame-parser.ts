/** RFC 6455, section 5: bytes from the server → messages and control frames. No I/O; one parser per connection. */
import { isUtf8 } from 'node:buffer';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Codes with which a client fails a connection (RFC 6455, 7.4.1). */
export type ProtocolFault =
  | { code: 1002; problem: string }
  | { code: 1007; problem: string }
  | { code: 1009; problem: string };

/** Where frames go. The bytes are valid only during the call: the buffer is reused for the next read. */
export interface FrameSink {
  /** A whole message, of one frame or of many. */
  message(isText: boolean, bytes: Buffer, start: number, end: number): void;
  control(opcode: 8 | 9 | 10, bytes: Buffer, start: number, end: number): void;
  /** The connection must be failed; nothing more is parsed. */
  fault(fault: ProtocolFault): void;
}

const finBit = 0x80;
const reservedBits = 0x70;
const maskBit = 0x80;
const maxControlBytes = 125;

/** Parses complete frames in place and copies only incomplete ones: a typical read holds complete frames. */
export class FrameParser {
  readonly #sink: FrameSink;
  readonly #maxMessageBytes: number;
  /** The start of a frame that has not fully arrived. */
  #held: Buffer | null = null;
  #heldBytes = 0;
  /** Payloads of a fragmented message so far. */
  #fragments: Buffer[] | null = null;
  #fragmentBytes = 0;
  #fragmentsAreText = false;
  #stopped = false;

  constructor(sink: FrameSink, maxMessageBytes: number) {
    this.#sink = sink;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** From now on all bytes are ignored. */
  stop(): void {
    this.#stopped = true;
    this.#held = null;
    this.#fragments = null;
  }

  /** Takes bytes[from, to). */
  push(bytes: Buffer, from: number, to: number): void {
    if (this.#stopped) return;
    let at = from;
    let end = to;
    let source = bytes;
    if (this.#held !== null) {
      source = this.#hold(this.#held, bytes, from, to);
      at = 0;
      end = this.#heldBytes;
    }
    while (!this.#stopped && end - at >= 2) {
      const first = source[at] ?? 0;
      const second = source[at + 1] ?? 0;
      let length = second & 0x7f;
      let head = 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = source.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (end - at < 10) break;
        length = source.readUInt32BE(at + 2) * 2 ** 32 + source.readUInt32BE(at + 6);
        head = 10;
      }
      if (!this.#isAcceptable(first, second, length)) return;
      const next = at + head + length;
      if (next > end) break;
      this.#frame(first, source, at + head, next);
      at = next;
    }
    this.#keep(source, at, end);
  }

  /** The held bytes followed by bytes[from, to). Capacity doubles, so that a frame that arrives byte by byte is not copied for each byte. */
  #hold(held: Buffer, bytes: Buffer, from: number, to: number): Buffer {
    const needed = this.#heldBytes + to - from;
    let room = held;
    if (needed > held.length) {
      room = Buffer.allocUnsafeSlow(Math.max(needed, held.length * 2));
      held.copy(room, 0, 0, this.#heldBytes);
    }
    bytes.copy(room, this.#heldBytes, from, to);
    this.#heldBytes = needed;
    this.#held = room;
    return room;
  }

  #keep(source: Buffer, at: number, end: number): void {
    // Nothing held has become complete: it stays where it is.
    if (source === this.#held && at === 0) return;
    const isAll = this.#stopped || at === end;
    this.#held = isAll ? null : Buffer.from(source.subarray(at, end));
    this.#heldBytes = isAll ? 0 : end - at;
  }

  /** Judged by its head, before waiting for the payload. */
  #isAcceptable(first: number, second: number, length: number): boolean {
    const opcode = first & 0x0f;
    if ((first & reservedBits) !== 0) return this.#fail({ code: 1002, problem: 'a reserved bit is set' });
    if ((second & maskBit) !== 0) return this.#fail({ code: 1002, problem: 'a server frame is masked' });
    if (opcode >= 8) {
      if (opcode > 10) return this.#fail({ code: 1002, problem: `opcode ${opcode} is unknown` });
      if ((first & finBit) === 0 || length > maxControlBytes)
        return this.#fail({ code: 1002, problem: 'a control frame is fragmented or over 125 bytes' });
      return true;
    }
    if (opcode > 2) return this.#fail({ code: 1002, problem: `opcode ${opcode} is unknown` });
    if ((opcode === opcodes.continuation) !== (this.#fragments !== null))
      return this.#fail({ code: 1002, problem: 'a message begins within another, or a continuation has no message' });
    if (this.#fragmentBytes + length > this.#maxMessageBytes)
      return this.#fail({ code: 1009, problem: `a message exceeds ${this.#maxMessageBytes} bytes` });
    return true;
  }

  #frame(first: number, source: Buffer, start: number, end: number): void {
    const opcode = first & 0x0f;
    if (opcode >= 8) {
      if (opcode === opcodes.close && !this.#isClose(source, start, end)) return;
      this.#sink.control(opcode as 8 | 9 | 10, source, start, end);
      return;
    }
    if (this.#fragments === null && (first & finBit) !== 0) {
      this.#message(opcode === opcodes.text, source, start, end);
      return;
    }
    if (this.#fragments === null) {
      this.#fragments = [];
      this.#fragmentsAreText = opcode === opcodes.text;
    }
    this.#fragments.push(Buffer.from(source.subarray(start, end)));
    this.#fragmentBytes += end - start;
    if ((first & finBit) === 0) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = null;
    this.#fragmentBytes = 0;
    this.#message(this.#fragmentsAreText, whole, 0, whole.length);
  }

  /** A close frame is empty, or has a code that may be sent and a reason in UTF-8 (RFC 6455, 7.4). */
  #isClose(source: Buffer, start: number, end: number): boolean {
    if (start === end) return true;
    if (end - start === 1 || !isSendableCode(source.readUInt16BE(start)))
      return this.#fail({ code: 1002, problem: 'a close frame has no valid code' });
    if (!isUtf8(source.subarray(start + 2, end)))
      return this.#fail({ code: 1007, problem: 'the reason of a close is not UTF-8' });
    return true;
  }

  #message(isText: boolean, source: Buffer, start: number, end: number): void {
    if (isText && !isText7(source, start, end) && !isUtf8(source.subarray(start, end))) {
      this.#fail({ code: 1007, problem: 'a text message is not UTF-8' });
      return;
    }
    this.#sink.message(isText, source, start, end);
  }

  #fail(fault: ProtocolFault): false {
    this.stop();
    this.#sink.fault(fault);
    return false;
  }
}

/** RFC 6455, 7.4, and IANA's registry of close codes (2026-11): 1004 to 1006 and 1015 are never sent. */
function isSendableCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
}

/** Short messages are nearly always ASCII: checking costs less than a call into the runtime. */
const shortBytes = 64;
function isText7(source: Buffer, start: number, end: number): boolean {
  if (end - start > shortBytes) return false;
  let bits = 0;
  for (let at = start; at < end; at++) bits |= source[at] ?? 0;
  return bits < 0x80;
}
