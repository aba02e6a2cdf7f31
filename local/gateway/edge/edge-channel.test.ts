import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { EdgeChannel } from './edge-channel.ts';
import { decodePost, decodePosted, encodePost, encodePosted } from './edge-frames.ts';

/** Keeps each write; incoming data is supplied by the test. */
class Recorded extends Duplex {
  readonly writes: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // A copy: the channel may reuse its block once the write is over.
    this.writes.push(Buffer.from(chunk));
    done();
  }
  override _read(): void {}
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
type Received = [kind: number, number: number, payload: string];

describe('the channel between core and edge', () => {
  test('frames sent in one turn leave in one write', async () => {
    const stream = new Recorded();
    const channel = new EdgeChannel(stream, () => undefined);
    for (let number = 0; number < 100; number++) channel.send(1, number, 'x');
    expect(stream.writes).toHaveLength(0);
    await turn();
    // 100 × (9 bytes of header + 1).
    expect(stream.writes.map(({ length }) => length)).toEqual([1_000]);
  });

  test.each([1, 7, 65_536])(
    'frames arrive whole and in order when the bytes arrive %d at a time',
    async (chunkBytes) => {
      const sender = new Recorded();
      const out = new EdgeChannel(sender, () => undefined);
      const sent: Received[] = [
        [1, 0, ''],
        [2, 4_294_967_295, 'ü€😀'],
        [3, 7, 'x'.repeat(30_000)],
        // Larger than a block: sent separately, after pending frames.
        [4, 8, 'é'.repeat(70_000)],
        [5, 9, 'after'],
      ];
      for (const [kind, number, payload] of sent) out.send(kind, number, kind % 2 ? payload : Buffer.from(payload));
      await turn();
      const received: Received[] = [];
      const stream = new PassThrough({ highWaterMark: 1_000_000 });
      new EdgeChannel(stream, (kind, number, payload) => received.push([kind, number, payload.toString()]));
      const bytes = Buffer.concat(sender.writes);
      for (let from = 0; from < bytes.length; from += chunkBytes) stream.write(bytes.subarray(from, from + chunkBytes));
      stream.end();
      await new Promise((resolve) => stream.on('end', resolve));
      expect(received).toEqual(sent);
    },
  );
});

test('a post and its outcome cross unchanged', () => {
  const message = Buffer.from('hello');
  expect(decodePost(encodePost(4_000_000_000, 300_000, message))).toEqual({
    sequence: 4_000_000_000,
    bufferBytes: 300_000,
    message,
  });
  // A larger value is capped at the maximum.
  expect(decodePost(encodePost(1, Number.MAX_SAFE_INTEGER, message)).bufferBytes).toBe(4_294_967_295);
  for (const outcome of ['sent', 'full', 'gone'] as const) {
    expect(decodePosted(encodePosted(9, outcome))).toEqual({ sequence: 9, outcome });
  }
});
