/** The most frequent message and the most frequent answer (docs/reference/protocol.md), written and read as bytes: no string and no object for either. */

const radix = 36;
const pingHead = '{"action":"ping","id":"';
const padHead = '","pad":"';
const pingTail = '"}';
const pongHead = Buffer.from('{"type":"pong","id":"');
const quote = 0x22;
const closingBrace = 0x7d;

/** Writes pings of one size. The result is valid until the next call. */
export class PingWriter {
  readonly #bytes: number;
  /** By the number of digits of the id, which the padding makes up for. */
  readonly #templates: Buffer[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** The ping whose id is this sequence number in base 36. Longer than `bytes` if that is too small. */
  payload(sequence: number): Buffer {
    const digits = digitsOf(sequence);
    const template = this.#templates[digits] ?? this.#newTemplate(digits);
    let rest = sequence;
    for (let at = pingHead.length + digits - 1; at >= pingHead.length; at--) {
      const digit = rest % radix;
      template[at] = digit < 10 ? 48 + digit : 87 + digit;
      rest = (rest - digit) / radix;
    }
    return template;
  }

  #newTemplate(digits: number): Buffer {
    const fixed = pingHead.length + padHead.length + pingTail.length;
    const pad = 'x'.repeat(Math.max(0, this.#bytes - fixed - digits));
    const template = Buffer.from(`${pingHead}${'0'.repeat(digits)}${pad === '' ? '' : padHead + pad}${pingTail}`);
    this.#templates[digits] = template;
    return template;
  }
}

/** Sequence number of a pong as the stack writes it; -1 for anything else, which may be the same JSON formatted differently. */
export function pongSequence(bytes: Buffer, start: number, end: number): number {
  const idStart = start + pongHead.length;
  const idEnd = end - pingTail.length;
  if (idEnd <= idStart || bytes[idEnd] !== quote || bytes[idEnd + 1] !== closingBrace) return -1;
  for (let n = 0; n < pongHead.length; n++) if (bytes[start + n] !== pongHead[n]) return -1;
  return readSequence(bytes, idStart, idEnd);
}

/** The number that an id stands for; -1 if it is not in the writer's exact format. */
export function sequenceOf(id: string): number {
  const sequence = Number.parseInt(id, radix);
  return Number.isSafeInteger(sequence) && sequence >= 0 && sequence.toString(radix) === id ? sequence : -1;
}

/** Longest id of a safe whole number in base 36. */
const maxDigits = 11;

function readSequence(bytes: Buffer, start: number, end: number): number {
  if (end - start > maxDigits || (bytes[start] === 48 && end - start > 1)) return -1;
  let sequence = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 122 ? byte - 87 : -1;
    if (digit === -1) return -1;
    sequence = sequence * radix + digit;
  }
  return sequence <= Number.MAX_SAFE_INTEGER ? sequence : -1;
}

function digitsOf(sequence: number): number {
  let digits = 1;
  for (let rest = sequence; rest >= radix; rest = Math.floor(rest / radix)) digits++;
  return digits;
}
