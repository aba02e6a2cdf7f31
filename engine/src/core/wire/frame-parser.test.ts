import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FrameParser, type FrameSink } from './frame-parser.ts';

type Seen = { text: string } | { binary: string } | { control: number; payload: string } | { fault: number };

/** The parser's output for these chunks. */
function parse(chunks: readonly Buffer[], maxMessageBytes = 1_048_576): Seen[] {
  const seen: Seen[] = [];
  const sink: FrameSink = {
    message: (isText, bytes, start, end) => {
      const payload = bytes.toString(isText ? 'utf8' : 'hex', start, end);
      seen.push(isText ? { text: payload } : { binary: payload });
    },
    control: (control, bytes, start, end) => seen.push({ control, payload: bytes.toString('utf8', start, end) }),
    fault: ({ code }) => seen.push({ fault: code }),
  };
  const parser = new FrameParser(sink, maxMessageBytes);
  for (const chunk of chunks) parser.push(chunk, 0, chunk.length);
  return seen;
}

/** A server's frame, written as simply as possible. */
function frame(first: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = first;
  if (head.length === 2) head[1] = body.length;
  else if (head.length === 4) {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}
const text = (payload: string) => frame(0x81, payload);

describe('the examples of RFC 6455, 5.7', () => {
  test('an unmasked text message', () => {
    expect(parse([Buffer.from('810548656c6c6f', 'hex')])).toEqual([{ text: 'Hello' }]);
  });
  test('a fragmented one', () => {
    expect(parse([Buffer.from('010348656c', 'hex'), Buffer.from('80026c6f', 'hex')])).toEqual([{ text: 'Hello' }]);
  });
  test('a ping', () => {
    expect(parse([Buffer.from('890548656c6c6f', 'hex')])).toEqual([{ control: 9, payload: 'Hello' }]);
  });
  test('256 bytes and 64 KiB of binary', () => {
    for (const head of ['827e0100', '827f0000000000010000']) {
      const payload = Buffer.alloc(head.length === 8 ? 256 : 65_536, 7);
      expect(parse([Buffer.concat([Buffer.from(head, 'hex'), payload])])).toEqual([
        { binary: payload.toString('hex') },
      ]);
    }
  });
});

test('a ping between the fragments of a message comes first', () => {
  expect(parse([frame(0x01, 'a'), frame(0x89, 'p'), frame(0x80, 'b')])).toEqual([
    { control: 9, payload: 'p' },
    { text: 'ab' },
  ]);
});

test('any messages, fragmented and chunked in any way, are parsed as they were sent', () => {
  const message = fc.record({
    isText: fc.boolean(),
    parts: fc.array(
      fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.repeat(5)),
      { minLength: 1, maxLength: 4 },
    ),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 20 }), (messages, cuts) => {
      const frames = messages.flatMap(({ isText, parts }) =>
        parts.map((part, n) => frame((n === 0 ? (isText ? 1 : 2) : 0) | (n === parts.length - 1 ? 0x80 : 0), part)),
      );
      let rest = Buffer.concat(frames);
      const chunks: Buffer[] = [];
      for (const cut of cuts) {
        chunks.push(Buffer.from(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      const expected = messages.map(({ isText, parts }) =>
        isText ? { text: parts.join('') } : { binary: Buffer.from(parts.join('')).toString('hex') },
      );
      expect(parse([...chunks, rest])).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('the same bytes in chunks of one are the same messages: 125, 126, 65,535 and 65,536 bytes', () => {
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    const bytes = text('x'.repeat(length));
    const chunks =
      length > 1_000 ? [bytes.subarray(0, 3), bytes.subarray(3)] : [...bytes].map((byte) => Buffer.of(byte));
    expect(parse(chunks)).toEqual([{ text: 'x'.repeat(length) }]);
  }
});

describe('a protocol violation by the server fails the connection', () => {
  const good = text('after');
  test.each([
    ['a reserved bit', frame(0xc1, 'x'), 1002],
    ['an unknown data opcode', frame(0x83, 'x'), 1002],
    ['an unknown control opcode', frame(0x8b, ''), 1002],
    ['a fragmented control frame', frame(0x09, ''), 1002],
    ['a control frame of 126 bytes', frame(0x89, 'x'.repeat(126)), 1002],
    ['a continuation of nothing', frame(0x80, 'x'), 1002],
    ['a message within another', Buffer.concat([frame(0x01, 'a'), text('b')]), 1002],
    ['a masked frame', Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]), 1002],
    ['text that is not UTF-8', frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
    [
      'fragments that together are not UTF-8',
      Buffer.concat([frame(0x01, Buffer.from([0xc3])), frame(0x80, 'a')]),
      1007,
    ],
    ['a length with the highest bit', Buffer.from('817fffffffffffffffff', 'hex'), 1009],
  ])('%s', (_what, bytes, code) => {
    expect(parse([bytes, good])).toEqual([{ fault: code }]);
  });
  test('a message over the limit, before its payload has come', () => {
    expect(parse([text('x'.repeat(101)).subarray(0, 2)], 100)).toEqual([{ fault: 1009 }]);
    expect(parse([frame(0x01, 'x'.repeat(60)), frame(0x80, 'x'.repeat(60))], 100)).toEqual([{ fault: 1009 }]);
    expect(parse([text('x'.repeat(100))], 100)).toHaveLength(1);
  });
});

test('UTF-8 split across fragments is reassembled', () => {
  const bytes = Buffer.from('é');
  expect(parse([frame(0x01, bytes.subarray(0, 1)), frame(0x80, bytes.subarray(1))])).toEqual([{ text: 'é' }]);
});

test('arbitrary bytes never throw, and nothing is parsed after a fault', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
      const seen = parse(chunks.map((chunk) => Buffer.from(chunk)));
      const fault = seen.findIndex((one) => 'fault' in one);
      expect(fault === -1 || fault === seen.length - 1).toBe(true);
    }),
  );
});

describe('a message that comes byte by byte', () => {
  test('is read without being copied again for each byte', () => {
    const bytes = text('y'.repeat(40_000));
    const chunks = Array.from(bytes, (_, n) => bytes.subarray(n, n + 1));
    // Every way to allocate a buffer that could hold the bytes read so far.
    const copies = [
      vi.spyOn(Buffer, 'from'),
      vi.spyOn(Buffer, 'concat'),
      vi.spyOn(Buffer, 'alloc'),
      vi.spyOn(Buffer, 'allocUnsafe'),
      vi.spyOn(Buffer, 'allocUnsafeSlow'),
    ];
    onTestFinished(() => void vi.restoreAllMocks());
    const read = parse(chunks);
    const copied = copies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    expect(read).toEqual([{ text: 'y'.repeat(40_000) }]);
    // Room doubles: 2^16 is over 40,000. Copied for each byte it would be 40,000.
    expect(copied).toBeLessThan(20);
  });
});

describe('a close frame', () => {
  const close = (code: number, reason: Buffer | string = '') => {
    const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
    return parse([frame(0x88, payload)]);
  };
  test.each([1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999])('with code %i is valid', (code) => {
    expect(close(code)).toMatchObject([{ control: 8 }]);
  });
  test.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535])('with code %i is a fault', (code) => {
    expect(close(code)).toEqual([{ fault: 1002 }]);
  });
  test('may be empty, and is not one byte', () => {
    expect(parse([frame(0x88, '')])).toEqual([{ control: 8, payload: '' }]);
    expect(parse([frame(0x88, 'x')])).toEqual([{ fault: 1002 }]);
  });
  test('has a reason in UTF-8', () => {
    expect(close(1000, Buffer.from([0xc3, 0x28]))).toEqual([{ fault: 1007 }]);
  });
});
