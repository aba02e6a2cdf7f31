/**
 * The part of CBOR (RFC 8949) that Smithy RPC v2 uses: integers, floats, texts, arrays, maps, booleans, null, timestamps (tag 1).
 * What is decoded never takes more memory than its bytes justify: a length that promises more than came is refused first.
 */

/** Seconds since the epoch; encoded with tag 1 as a float. */
export class CborTimestamp {
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }
}

/** Deeper than any input of CloudWatch; keeps hostile nesting off the stack. */
const maxDepth = 32;
const indefinite = 31;

const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;

/** A tag's content is the value: a timestamp is its seconds. Throws a SyntaxError. */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (!reader.ended) throw new SyntaxError('CBOR: there is more after the value.');
  return value;
}

const stop: unique symbol = Symbol('break');

class Reader {
  #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  item(depth: number): unknown {
    const value = this.#itemOrStop(depth);
    if (value === stop) throw new SyntaxError('CBOR: a break without a beginning.');
    return value;
  }

  #itemOrStop(depth: number): unknown {
    if (depth > maxDepth) throw new SyntaxError(`CBOR: nested deeper than ${maxDepth}.`);
    const initial = this.#take(1)[0] ?? 0;
    const minor = initial & 31;
    switch (initial >> 5) {
      case major.unsigned:
        return this.#argument(minor);
      case major.negative:
        return -1 - this.#argument(minor);
      case major.bytes:
        return minor === indefinite ? Buffer.concat(this.#chunks(major.bytes)) : this.#take(this.#argument(minor));
      case major.text:
        return (
          minor === indefinite ? Buffer.concat(this.#chunks(major.text)) : this.#take(this.#argument(minor))
        ).toString();
      case major.array:
        return this.#items(minor, depth + 1);
      case major.map:
        return this.#entries(minor, depth + 1);
      case major.tag:
        this.#argument(minor);
        return this.item(depth + 1);
      default:
        return this.#simple(minor);
    }
  }

  #items(minor: number, depth: number): unknown[] {
    const items: unknown[] = [];
    const count = minor === indefinite ? Number.POSITIVE_INFINITY : this.#argument(minor);
    while (items.length < count) {
      const item = minor === indefinite ? this.#itemOrStop(depth) : this.item(depth);
      if (item === stop) break;
      items.push(item);
    }
    return items;
  }

  #entries(minor: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const count = minor === indefinite ? Number.POSITIVE_INFINITY : this.#argument(minor);
    while (entries.length < count) {
      const key = minor === indefinite ? this.#itemOrStop(depth) : this.item(depth);
      if (key === stop) break;
      if (typeof key !== 'string') throw new SyntaxError('CBOR: the key of a map must be a text.');
      entries.push([key, this.item(depth)]);
    }
    // Own properties, whatever their names: `__proto__` included.
    return Object.fromEntries(entries);
  }

  /** The parts of a byte or text string of unknown length. */
  #chunks(kind: number): Buffer[] {
    const chunks: Buffer[] = [];
    for (let initial = this.#take(1)[0]; initial !== 0xff; initial = this.#take(1)[0]) {
      if (initial === undefined || initial >> 5 !== kind || (initial & 31) === indefinite) {
        throw new SyntaxError('CBOR: a string of parts holds something else.');
      }
      chunks.push(this.#take(this.#argument(initial & 31)));
    }
    return chunks;
  }

  #simple(minor: number): unknown {
    switch (minor) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return halfFloat(this.#take(2).readUInt16BE());
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      case indefinite:
        return stop;
      default:
        throw new SyntaxError(`CBOR: the simple value ${minor} is not known.`);
    }
  }

  #argument(minor: number): number {
    if (minor < 24) return minor;
    if (minor === 24) return this.#take(1).readUInt8();
    if (minor === 25) return this.#take(2).readUInt16BE();
    if (minor === 26) return this.#take(4).readUInt32BE();
    if (minor === 27) return Number(this.#take(8).readBigUInt64BE());
    throw new SyntaxError(`CBOR: the length ${minor} is not allowed here.`);
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new SyntaxError('CBOR: it ends too early.');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** RFC 8949, appendix D. */
function halfFloat(half: number): number {
  const exponent = (half >> 10) & 31;
  const mantissa = half & 1_023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * 2 ** -24 * mantissa;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 25) * (mantissa + 1_024);
}

/** Properties that are undefined are left out. Throws a TypeError for what has no place in an answer. */
export function encodeCbor(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Buffer[]): void {
  if (value === null) parts.push(Buffer.of(0xf6));
  else if (value === true) parts.push(Buffer.of(0xf5));
  else if (value === false) parts.push(Buffer.of(0xf4));
  else if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'string') {
    const text = Buffer.from(value);
    parts.push(head(major.text, text.length), text);
  } else if (value instanceof CborTimestamp) {
    parts.push(Buffer.of(0xc1), double(value.seconds));
  } else if (Array.isArray(value)) {
    parts.push(head(major.array, value.length));
    for (const item of value) write(item, parts);
  } else if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    parts.push(head(major.map, entries.length));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  } else throw new TypeError(`CBOR: a ${typeof value} cannot be encoded.`);
}

function number(value: number): Buffer {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return double(value);
  return value < 0 ? head(major.negative, -1 - value) : head(major.unsigned, value);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(kind: number, argument: number): Buffer {
  const top = kind << 5;
  if (argument < 24) return Buffer.of(top | argument);
  if (argument < 0x100) return Buffer.of(top | 24, argument);
  const bytes = Buffer.alloc(argument < 0x10000 ? 3 : argument < 0x1_0000_0000 ? 5 : 9);
  if (bytes.length === 3) bytes.writeUInt16BE(argument, 1);
  else if (bytes.length === 5) bytes.writeUInt32BE(argument, 1);
  else bytes.writeBigUInt64BE(BigInt(argument), 1);
  bytes[0] = top | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27);
  return bytes;
}
