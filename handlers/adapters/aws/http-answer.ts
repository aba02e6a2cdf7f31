/** Answers of HTTP/1.1, read from what a connection receives. Source: RFC 9112. */

export interface HttpAnswer {
  status: number;
  /** By names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

interface Head {
  status: number;
  headers: Record<string, string>;
  /** How its body ends. */
  body: { kind: 'length'; bytes: number } | { kind: 'chunked' } | { kind: 'close' };
  /** The connection may carry another request. */
  keepsAlive: boolean;
}

/** As Node.js's own limit. */
const maxHeadBytes = 16_384;
/** Of the size of a chunk, with extensions. */
const maxLineBytes = 1_024;
const lineEnd = '\r\n';
const headEnd = '\r\n\r\n';

/** What came is no answer. With a code, as the errors of a connection have, so that it counts as one. */
class HttpParseError extends Error {
  readonly code = 'ERR_HTTP_ANSWER';
}

/** Of one answer; interim ones (1xx) before it are left out. */
export class AnswerReader {
  #head: Head | null = null;
  /** Received, and not yet understood: the beginning of a head or of a chunk. */
  #held: Buffer | null = null;
  #body: Buffer[] = [];
  /** Of the body, or of its current chunk with the line end after it. */
  #missing = 0;
  #isLastChunk = false;
  /** Something follows the answer, though nothing was asked. */
  #hasSurplus = false;

  /** null: it goes on. @throws {HttpParseError} */
  push(received: Buffer): HttpAnswer | null {
    let bytes = this.#held === null ? received : Buffer.concat([this.#held, received]);
    this.#held = null;
    while (this.#head === null) {
      const end = bytes.indexOf(headEnd);
      if (end === -1) {
        if (bytes.length > maxHeadBytes) throw new HttpParseError('The head of the answer is too long.');
        this.#held = bytes;
        return null;
      }
      const head = readHead(bytes.toString('latin1', 0, end));
      bytes = bytes.subarray(end + headEnd.length);
      if (head.status < 200) continue;
      this.#head = head;
      if (head.body.kind === 'length') this.#missing = head.body.bytes;
    }
    switch (this.#head.body.kind) {
      case 'length':
        return this.#take(bytes, this.#head);
      case 'chunked':
        return this.#takeChunks(bytes, this.#head);
      case 'close':
        this.#body.push(bytes);
        return null;
    }
  }

  /** The connection has ended. null: before the answer has. */
  end(): HttpAnswer | null {
    return this.#head?.body.kind === 'close' ? this.#whole(this.#head) : null;
  }

  /** Whether the connection may carry another request, now that the answer is whole. */
  get isReusable(): boolean {
    return this.#head?.keepsAlive === true && !this.#hasSurplus;
  }

  #take(bytes: Buffer, head: Head): HttpAnswer | null {
    this.#hasSurplus = bytes.length > this.#missing;
    this.#body.push(this.#hasSurplus ? bytes.subarray(0, this.#missing) : bytes);
    this.#missing -= bytes.length;
    return this.#missing > 0 ? null : this.#whole(head);
  }

  #takeChunks(received: Buffer, head: Head): HttpAnswer | null {
    let bytes = received;
    for (;;) {
      if (this.#missing > 0) {
        const content = Math.max(0, this.#missing - lineEnd.length);
        if (content > 0) this.#body.push(bytes.subarray(0, content));
        const taken = Math.min(this.#missing, bytes.length);
        this.#missing -= taken;
        bytes = bytes.subarray(taken);
        if (this.#missing > 0) return null;
      }
      const end = bytes.indexOf(lineEnd);
      if (end === -1) {
        if (bytes.length > maxLineBytes) throw new HttpParseError('A chunk of the answer has no size.');
        this.#held = bytes;
        return null;
      }
      const line = bytes.toString('latin1', 0, end);
      bytes = bytes.subarray(end + lineEnd.length);
      if (this.#isLastChunk) {
        // Trailers, and the empty line after them.
        if (line !== '') continue;
        this.#hasSurplus = bytes.length > 0;
        return this.#whole(head);
      }
      const [, size = ''] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line) ?? [];
      if (size === '') throw new HttpParseError('A chunk of the answer has no size.');
      const content = Number.parseInt(size, 16);
      this.#isLastChunk = content === 0;
      this.#missing = content === 0 ? 0 : content + lineEnd.length;
    }
  }

  #whole({ status, headers }: Head): HttpAnswer {
    const [only] = this.#body;
    const body = this.#body.length === 1 && only ? only : Buffer.concat(this.#body);
    return { status, headers, body: body.toString() };
  }
}

function readHead(text: string): Head {
  const lines = text.split(lineEnd);
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(lines[0] ?? '') ?? [];
  if (code === undefined) throw new HttpParseError('The answer is not of HTTP/1.1.');
  const headers: Record<string, string> = {};
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    if (colon < 1) throw new HttpParseError('A header of the answer has no name.');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  const status = Number(code);
  const connection = headers.connection?.toLowerCase() ?? '';
  const keepsAlive = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  const body = bodyOf(status, headers);
  return { status, headers, body, keepsAlive: keepsAlive && body.kind !== 'close' };
}

function bodyOf(status: number, headers: Readonly<Record<string, string>>): Head['body'] {
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked') throw new HttpParseError(`The answer is ${encoding}.`);
    return { kind: 'chunked' };
  }
  const length = headers['content-length'];
  if (length === undefined) return { kind: 'close' };
  if (!/^\d{1,12}$/.test(length)) throw new HttpParseError('The length of the answer is no number.');
  return { kind: 'length', bytes: Number(length) };
}
