import type { IncomingMessage } from 'node:http';

/** What a client may go on sending over the limit before it is cut off: enough for it to read the refusal first. */
const graceBytes = 1_048_576;

/**
 * The whole body, or null when it is over the limit; what comes after the limit is read and thrown away, up to a point.
 * Rejects when the client goes away, or when it goes on far beyond the limit.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  // What is announced as too long need not be read.
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + graceBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The socket stays open for the answer, also when not everything was read.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > maxBytes + graceBytes) return null;
  }
  return bytes > maxBytes ? null : Buffer.concat(chunks);
}
