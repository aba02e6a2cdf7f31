/** Commands of a client of Redis: arrays of bulk strings. Source: Redis serialization protocol (RESP 2), read November 2026. */

const maxPendingBytes = 64 * 1_048_576;

export class RespCommands {
  #pending: Buffer = Buffer.alloc(0);

  /** The commands that are complete with this piece. @throws an error for anything else than commands. */
  take(piece: Buffer): string[][] {
    this.#pending = this.#pending.length === 0 ? piece : Buffer.concat([this.#pending, piece]);
    if (this.#pending.length > maxPendingBytes) throw new Error('A command is too long.');
    const commands: string[][] = [];
    let at = 0;
    for (;;) {
      const read = commandAt(this.#pending, at);
      if (read === null) break;
      commands.push(read.words);
      at = read.end;
    }
    this.#pending = this.#pending.subarray(at);
    return commands;
  }
}

/** Null: it is not complete yet. */
function commandAt(bytes: Buffer, start: number): { words: string[]; end: number } | null {
  const header = numberAt(bytes, start, '*');
  if (header === null) return null;
  const words: string[] = [];
  let at = header.end;
  for (let left = header.value; left > 0; left--) {
    const length = numberAt(bytes, at, '$');
    if (length === null || bytes.length < length.end + length.value + 2) return null;
    words.push(bytes.toString('utf8', length.end, length.end + length.value));
    at = length.end + length.value + 2;
  }
  return { words, end: at };
}

function numberAt(bytes: Buffer, start: number, type: string): { value: number; end: number } | null {
  if (start >= bytes.length) return null;
  if (bytes[start] !== type.charCodeAt(0)) throw new Error(`Expected ${type} of a command.`);
  const end = bytes.indexOf('\r\n', start);
  if (end < 0) return null;
  const value = Number(bytes.toString('latin1', start + 1, end));
  if (!Number.isInteger(value) || value < 0) throw new Error('A length is not a number.');
  return { value, end: end + 2 };
}
