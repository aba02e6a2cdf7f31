/** RFC 9112: bytes of a server → one response, reduced to its status, its Retry-After, its body, and whether the connection can be used again. */

export type ResponseRead =
  | { kind: 'incomplete' }
  /** `retryAfter`: the raw header; null if absent. `body`: valid until the next bytes are read. */
  | { kind: 'complete'; status: number; retryAfter: string | null; keepsAlive: boolean; body: Buffer }
  | { kind: 'malformed'; problem: string };

const incomplete: ResponseRead = { kind: 'incomplete' };
/** Lambda answers with 6 MB at most (quotas page, read November 2026). */
const maxResponseBytes = 8_388_608;
const empty = Buffer.alloc(0);

/** Reads one response after the other. Bytes beyond a response are malformed: nothing was requested. */
export class ResponseReader {
  #held: Buffer = empty;

  push(bytes: Buffer): ResponseRead {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const read = readResponse(all);
    // The buffer is reused for the next read, so bytes to keep are copied.
    this.#held = read.kind !== 'incomplete' ? empty : all === bytes ? Buffer.from(bytes) : all;
    if (this.#held.length > maxResponseBytes) return { kind: 'malformed', problem: 'response over 8 MiB' };
    return read;
  }

  /** The server has closed, which ends a body that has no length. */
  end(): ResponseRead {
    const read = readResponse(this.#held, true);
    this.#held = empty;
    return read;
  }
}

/** A server that sends more of them is not about to answer. RFC 9110, 15.2: a client has to expect one or more. */
const maxInterimResponses = 16;

function readResponse(all: Buffer, isEnded = false): ResponseRead {
  let bytes = all;
  for (let interim = 0; interim <= maxInterimResponses; interim++) {
    const read = readFirst(bytes, isEnded);
    if (read.kind !== 'interim') return read;
    // The final one follows.
    bytes = bytes.subarray(read.length);
  }
  return { kind: 'malformed', problem: `over ${maxInterimResponses} interim responses` };
}

/** `interim`: an informational response (100, 103), and how many bytes it takes. */
function readFirst(bytes: Buffer, isEnded: boolean): ResponseRead | { kind: 'interim'; length: number } {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return incomplete;
  const head = bytes.toString('latin1', 0, headEnd);
  const match = /^HTTP\/1\.([01]) (\d{3})/.exec(head);
  if (match === null) return { kind: 'malformed', problem: 'not HTTP' };
  const status = Number(match[2]);
  const bodyStart = headEnd + 4;
  if (status < 200) return { kind: 'interim', length: bodyStart };
  const header: Header = (name) => name.exec(head)?.[1]?.trim().toLowerCase();
  const connection = header(/^connection:(.*)$/im);
  const keepsAlive = connection === undefined ? match[1] === '1' : connection !== 'close';
  const retryAfter = header(/^retry-after:(.*)$/im) ?? null;
  const bodyEnd = endOfBody(bytes, bodyStart, status, header);
  if (bodyEnd === 'malformed') return { kind: 'malformed', problem: 'body length' };
  const raw = bytes.subarray(bodyStart);
  if (bodyEnd === 'byClose')
    return isEnded ? { kind: 'complete', status, retryAfter, keepsAlive: false, body: raw } : incomplete;
  if (bodyEnd > bytes.length) return incomplete;
  if (bodyEnd < bytes.length) return { kind: 'malformed', problem: 'more than one response' };
  return { kind: 'complete', status, retryAfter, keepsAlive, body: isChunked(header) ? withoutChunks(raw) : raw };
}

type Header = (name: RegExp) => string | undefined;

const isChunked = (header: Header): boolean => header(/^transfer-encoding:(.*)$/im)?.endsWith('chunked') ?? false;

function endOfBody(bytes: Buffer, start: number, status: number, header: Header): number | 'byClose' | 'malformed' {
  if (status === 204 || status === 304) return start;
  if (isChunked(header)) return endOfChunks(bytes, start);
  const length = header(/^content-length:(.*)$/im);
  if (length === undefined) return 'byClose';
  return /^\d{1,15}$/.test(length) ? start + Number(length) : 'malformed';
}

/** Infinity: the end has not arrived yet. */
function endOfChunks(bytes: Buffer, start: number): number | 'malformed' {
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return Number.POSITIVE_INFINITY;
    const size = /^([\da-f]{1,12})(?:[ ;].*)?$/i.exec(bytes.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) return 'malformed';
    at = lineEnd + 2;
    if (Number.parseInt(size, 16) === 0) break;
    at += Number.parseInt(size, 16) + 2;
    if (at > bytes.length) return Number.POSITIVE_INFINITY;
  }
  // Trailers, and the empty line that ends them.
  if (bytes.indexOf('\r\n', at) === at) return at + 2;
  const trailersEnd = bytes.indexOf('\r\n\r\n', at);
  return trailersEnd === -1 ? Number.POSITIVE_INFINITY : trailersEnd + 4;
}

/** Of a body whose chunks are complete and well formed. */
function withoutChunks(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = raw.indexOf('\r\n', at);
    const bytes = Number.parseInt(raw.toString('latin1', at, lineEnd), 16);
    if (!(bytes > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + bytes));
    at = lineEnd + 2 + bytes + 2;
  }
}
