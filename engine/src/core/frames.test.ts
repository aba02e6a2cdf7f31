import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pingWriter, readFrame } from './frames.ts';

describe('a frame', () => {
  test.each([
    ['{"type":"pong","id":"a1"}', { kind: 'pong', id: 'a1' }],
    // The same JSON in other spellings.
    ['{ "id": "a1", "type": "pong" }', { kind: 'pong', id: 'a1' }],
    ['{"type":"pong","id":"a1","extra":1}', { kind: 'pong', id: 'a1' }],
    ['{"type":"pong","id":"\\u0061\\"1"}', { kind: 'pong', id: 'a"1' }],
    ['{"type":"event","eventId":"e1","object":{"id":"}"}}', { kind: 'event', eventId: 'e1' }],
    ['{"object":{},"eventId":"e1","type":"event"}', { kind: 'event', eventId: 'e1' }],
    ['{"type":"event","eventId":"\\u00651"}', { kind: 'event', eventId: 'e1' }],
    [
      '{"type":"error","id":"a4","code":"unknownAction","message":"m"}',
      { kind: 'error', id: 'a4', code: 'unknownAction' },
    ],
    ['{"type":"error","code":"badRequest","message":"m"}', { kind: 'error', id: null, code: 'badRequest' }],
    [
      '{"message":"Internal server error","connectionId":"c","requestId":"r"}',
      { kind: 'gatewayError', message: 'Internal server error' },
    ],
    ['{"type":"message","id":"a","channel":"c","body":1}', { kind: 'other', type: 'message' }],
    ['{"type":"pong","id":"a1"', { kind: 'unreadable' }],
    ['{"type":"pong"}', { kind: 'other', type: 'pong' }],
    ['[]', { kind: 'unreadable' }],
    ['null', { kind: 'unreadable' }],
    ['', { kind: 'unreadable' }],
  ])('%s', (text, frame) => {
    expect(readFrame(text)).toEqual(frame);
  });

  test('means the same by the quick way and by the slow one', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (id, extra) => {
        expect(readFrame(JSON.stringify({ type: 'pong', id }))).toEqual({ kind: 'pong', id });
        expect(readFrame(JSON.stringify({ type: 'pong', id, extra }))).toEqual({ kind: 'pong', id });
        expect(readFrame(JSON.stringify({ type: 'event', eventId: id, extra }))).toEqual({
          kind: 'event',
          eventId: id,
        });
      }),
    );
  });
});

test.each([60, 128, 256, 4_096])(
  'a ping of %i bytes has that size, whatever its id, and is the JSON of the protocol',
  (bytes) => {
    const write = pingWriter(bytes);
    for (const id of ['0', 'zz', '1a2b3c']) {
      const text = write(id);
      expect(Buffer.byteLength(text)).toBe(bytes);
      expect(JSON.parse(text)).toMatchObject({ action: 'ping', id });
    }
  },
);

test('a ping that cannot be so small is as small as it can be', () => {
  expect(pingWriter(0)('7')).toBe('{"action":"ping","id":"7"}');
});
