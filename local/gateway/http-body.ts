import type { IncomingMessage } from 'node:http';

/** How much a client may send beyond the limit before it is cut off: enough for it to read the refusal first. */
const graceBytes = 1_048_576;

/**
 * The whole body, or null if it exceeds the limit; data beyond the limit is read and discarded, up to a point.
 * Rejects if the client disconnects before its end.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  // A body announced as too long need not be read.
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + graceBytes) return Promise.resolve(null);
  // By its events: an iterator over a request costs several times as much.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = () => {
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('error', onBroken);
      request.off('close', onBroken);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes <= maxBytes + graceBytes) return;
      // The socket stays open for the response, though not everything was read.
      request.pause();
      settle();
      resolve(null);
    };
    const onEnd = () => {
      settle();
      const [only] = chunks;
      if (bytes > maxBytes) resolve(null);
      else resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    };
    const onBroken = (error?: Error) => {
      settle();
      reject(error ?? new Error('The client disconnected before the end of its request.'));
    };
    if (request.destroyed) {
      onBroken();
      return;
    }
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('error', onBroken);
    request.on('close', onBroken);
  });
}
