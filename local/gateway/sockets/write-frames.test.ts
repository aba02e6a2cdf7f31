import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { writeTextFrames } from './frames.ts';

/** Reads frames as RFC 6455, 5.2 draws them: `[first byte, payload]` each. */
function framesOf(bytes: Buffer): [first: number, payload: Buffer][] {
  const frames: [number, Buffer][] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    frames.push([bytes.readUInt8(at), bytes.subarray(start, start + length)]);
    at = start + length;
  }
  return frames;
}

async function written(message: string | Buffer, frameBytes: number): Promise<Buffer[]> {
  const writes: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => writes.push(chunk));
  writeTextFrames(stream, message, frameBytes);
  await new Promise((resolve) => setImmediate(resolve));
  return writes;
}

test.each([0, 1, 125, 126, 10_000, 16_384, 16_385, 32_768, 65_535, 65_536, 131_072])(
  'a message of %d bytes is one text frame if the frame limit allows, from a text and from bytes',
  async (bytes) => {
    const text = 'x'.repeat(bytes);
    for (const message of [text, Buffer.from(text)]) {
      const frames = framesOf(Buffer.concat(await written(message, 200_000)));
      expect(frames.map(([first, payload]) => [first, payload.toString()])).toEqual([[0x81, text]]);
    }
  },
);

test('a longer one is split: a text frame, continuations, and the last with FIN; a character may be split', async () => {
  // 3 bytes a character: 20,000 in all.
  const text = `${'€'.repeat(6_666)}ab`;
  const frames = framesOf(Buffer.concat(await written(text, 8_192)));
  expect(frames.map(([first, { length }]) => [first, length])).toEqual([
    [0x01, 8_192],
    [0x00, 8_192],
    [0x80, 3_616],
  ]);
  expect(Buffer.concat(frames.map(([, payload]) => payload)).toString()).toBe(text);
});

test('a short message is one write: header and payload', async () => {
  expect(await written('{"ü":1}', 32_768)).toEqual([Buffer.from([0x81, 8, ...Buffer.from('{"ü":1}')])]);
});
