import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFrame } from './frames.ts';

describe('a frame', () => {
  test.each([
    ['{"type":"pong","id":"a1"}', { kind: 'pong', id: 'a1' }],
    // The same JSON, formatted differently.
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
    ['{"type":"message","id":"a","channel":"c","body":1}', { kind: 'channelMessage', id: 'a' }],
    ['{"type":"pong","id":"a1"', { kind: 'unreadable' }],
    ['{"type":"pong"}', { kind: 'other', type: 'pong' }],
    ['{"type":"subscribed","id":"s-1","channel":"c"}', { kind: 'subscribed', id: 's-1' }],
    ['{"type":"published","id":"p-1","channel":"c","recipients":2}', { kind: 'published', id: 'p-1' }],
    ['{"type":"hello"}', { kind: 'other', type: 'hello' }],
    ['[]', { kind: 'unreadable' }],
    ['null', { kind: 'unreadable' }],
    ['', { kind: 'unreadable' }],
  ])('%s', (text, frame) => {
    expect(readFrame(text)).toEqual(frame);
  });

  test.each([
    '{"type":"event","eventId":"e1","eventType":"t","time":1,"object":{"id":"m","folders":["INBOX"]}}',
    '{"type":"event","eventId":"e1","object":{}}',
    '{"type":"message","id":"p-1","channel":"c","body":"xxxx"}',
  ])('is unreadable when it was cut off, wherever: %s', (text) => {
    expect(readFrame(text).kind).not.toBe('unreadable');
    for (let length = 0; length < text.length; length++)
      expect(readFrame(text.slice(0, length)), text.slice(0, length)).toEqual({ kind: 'unreadable' });
  });

  test('means the same on the fast path and on the slow one', () => {
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
