/** Identifiers in the shape of API Gateway's: 11 bytes in base64url, 15 characters and one `=`. */
import { randomBytes } from 'node:crypto';

const idBytes = 11;
const pattern = /^[A-Za-z0-9_-]{15}=$/;

/** The id of 11 bytes, such as `R0oXAdfD0kwCH6w=`. */
export function formatId(bytes: Uint8Array): string {
  return `${Buffer.from(bytes).toString('base64url')}=`;
}

// Drawing random bytes for every message costs 1 µs and more; one call serves many ids.
const poolBytes = 8_192;
const pool = { bytes: Buffer.alloc(0), offset: 0 };

function newBytes(count: number): Buffer {
  if (pool.offset + count > pool.bytes.length) {
    pool.bytes = randomBytes(poolBytes);
    pool.offset = 0;
  }
  const bytes = pool.bytes.subarray(pool.offset, pool.offset + count);
  pool.offset += count;
  return bytes;
}

export const newId = (): string => formatId(newBytes(idBytes));

/** An X-Ray root in the form of X-Amzn-Trace-Id: `Root=1-` the seconds since the epoch in hex, and 96 random bits. */
export function newTraceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${newBytes(12).toString('hex')}`;
}

/** Whether a connection could have had this id. A well-formed unknown id is 410, any other 400. */
export function isConnectionId(text: string): boolean {
  return pattern.test(text);
}
