import type { IncomingMessage } from 'node:http';

/**
 * The body of a request as text, or null if it is longer than `maxBytes`; the rest of a longer one is read and dropped. Nothing is said of a request that
 * breaks off: nobody waits for its answer.
 */
export function receiveText(request: IncomingMessage, maxBytes: number, then: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => {
    const [only] = chunks;
    const whole = chunks.length === 1 && only ? only : Buffer.concat(chunks);
    then(bytes > maxBytes ? null : whole.toString());
  });
}
