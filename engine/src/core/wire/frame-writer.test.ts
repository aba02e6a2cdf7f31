import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameWriter } from './frame-writer.ts';

/** Reads a client's frame as RFC 6455, 5.2 and 5.3 have it. */
function unmask(frame: Buffer): { first: number; payload: Buffer } {
  const second = frame[1] ?? 0;
  expect(second & 0x80).toBe(0x80);
  const short = second & 0x7f;
  const [length, head] =
    short === 126 ? [frame.readUInt16BE(2), 4] : short === 127 ? [Number(frame.readBigUInt64BE(2)), 10] : [short, 2];
  const key = frame.subarray(head, head + 4);
  const payload = Buffer.from(frame.subarray(head + 4).map((byte, n) => byte ^ (key[n % 4] ?? 0)));
  expect(payload.length).toBe(length);
  return { first: frame[0] ?? 0, payload };
}

describe('a frame', () => {
  test.each([0, 1, 2, 3, 4, 125, 126, 65_535, 65_536, 100_000])('of %i bytes is masked and complete', (length) => {
    const payload = Buffer.from(Array.from({ length }, (_, n) => n % 251));
    expect(unmask(new FrameWriter(1).frame(2, payload))).toEqual({ first: 0x82, payload });
  });
  test('does not overwrite earlier frames, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 60 }), (payloads) => {
        const writer = new FrameWriter(7);
        const frames = payloads.map((payload) => writer.frame(1, payload));
        frames.forEach((frame, n) => {
          expect(unmask(frame).payload).toEqual(Buffer.from(payloads[n] ?? []));
        });
      }),
    );
  });
  test('has its own key', () => {
    const writer = new FrameWriter(1);
    const keys = Array.from({ length: 1_000 }, () => writer.frame(1, Buffer.from('x')).readUInt32LE(2));
    expect(new Set(keys).size).toBe(1_000);
  });
});

test('a close frame holds its code, or nothing', () => {
  const writer = new FrameWriter(1);
  expect(unmask(writer.close(1000))).toEqual({ first: 0x88, payload: Buffer.from([0x03, 0xe8]) });
  expect(unmask(writer.close(null))).toEqual({ first: 0x88, payload: Buffer.alloc(0) });
});
