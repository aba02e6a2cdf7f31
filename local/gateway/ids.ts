/** Identifiers in the shape of API Gateway's: 11 bytes in base64url, 15 characters and one `=`. */
import { randomBytes } from 'node:crypto';

const idBytes = 11;
const pattern = /^[A-Za-z0-9_-]{15}=$/;

/** The id of 11 bytes, such as `R0oXAdfD0kwCH6w=`. */
export function formatId(bytes: Uint8Array): string {
  return `${Buffer.from(bytes).toString('base64url')}=`;
}

// Drawing random bytes for every message costs 1 µs and more; one call serves many ids.
const pool = { bytes: Buffer.alloc(0), offset: 0 };

export function newId(): string {
  if (pool.offset + idBytes > pool.bytes.length) {
    pool.bytes = randomBytes(idBytes * 512);
    pool.offset = 0;
  }
  const bytes = pool.bytes.subarray(pool.offset, pool.offset + idBytes);
  pool.offset += idBytes;
  return formatId(bytes);
}

/** An X-Ray root in the form of X-Amzn-Trace-Id: `Root=1-` the seconds since the epoch in hex, and 96 random bits. */
export function newTraceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** Whether a connection could have had this id. A well-formed unknown id is 410, any other 400. */
export function isConnectionId(text: string): boolean {
  return pattern.test(text);
}
