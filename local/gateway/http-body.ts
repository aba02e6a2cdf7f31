import type { IncomingMessage } from 'node:http';

/** How much a client may send beyond the limit before it is cut off: enough for it to read the refusal first. */
const graceBytes = 1_048_576;

/**
 * The whole body, or null if it exceeds the limit; data beyond the limit is read and discarded, up to a point.
 * Rejects if the client disconnects or sends far more than the limit.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  // A body announced as too long need not be read.
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + graceBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The socket stays open for the response, even if not everything was read.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > maxBytes + graceBytes) return null;
  }
  return bytes > maxBytes ? null : Buffer.concat(chunks);
}
