import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PingWriter, pongSequence, sequenceOf } from './ping.ts';

const sequences = fc.integer({ min: 0, max: 36 ** 6 });

describe('a ping', () => {
  test.each([64, 128, 256, 4_096])("of %i bytes has that size for any id, and is the protocol's JSON", (bytes) => {
    const writer = new PingWriter(bytes);
    for (const sequence of [0, 35, 36, 1_295, 1_296, 0, 60_466_175]) {
      const payload = writer.payload(sequence);
      expect(payload.length).toBe(bytes);
      expect(JSON.parse(payload.toString())).toMatchObject({ action: 'ping', id: sequence.toString(36) });
    }
  });
  test('is never smaller than its fixed part', () => {
    expect(new PingWriter(0).payload(7).toString()).toBe('{"action":"ping","id":"7"}');
  });
});

describe('a pong', () => {
  const read = (text: string) => {
    const bytes = Buffer.from(`..${text}..`);
    return pongSequence(bytes, 2, bytes.length - 2);
  };
  test('is parsed as the number of its ping, for every number', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        expect(read(`{"type":"pong","id":"${sequence.toString(36)}"}`)).toBe(sequence);
      }),
    );
  });
  test.each([
    '',
    '{}',
    '{"type":"pong","id":""}',
    '{"type":"pong","id":"01"}',
    '{"type":"pong","id":"A"}',
    '{"type":"pong","id":"a-1"}',
    '{"type":"pong","id":"zzzzzzzzzzzz"}',
    '{"type":"pong","id":"1","x":"2"}',
    '{"type":"pong", "id":"1"}',
    '{"type":"pang","id":"1"}',
  ])('is not %s: that is for the slow path', (text) => {
    expect(read(text)).toBe(-1);
  });
  test('parsed from arbitrary bytes is a number of ours or -1', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(pongSequence(Buffer.from(bytes), 0, bytes.length)).toBe(-1);
      }),
    );
  });
});

test('an id stands for one number, and only in the spelling in which it was sent', () => {
  fc.assert(
    fc.property(sequences, (sequence) => {
      expect(sequenceOf(sequence.toString(36))).toBe(sequence);
    }),
  );
  for (const id of ['', '01', 'A', '-1', '1 ', '1.5', 'k-1', 'zzzzzzzzzzzzz']) expect(sequenceOf(id)).toBe(-1);
});
