import { describe, expect, it } from 'vitest';
import { readQueuedEvent, writeQueuedEvent } from './queued-event.ts';

const event = { eventId: 'e1', owner: 'ann', frame: '{"type":"event"}' };

describe('queue message', () => {
  it('round-trips', () => {
    expect(readQueuedEvent(writeQueuedEvent(event))).toEqual({ kind: 'event', event });
  });

  it.each([
    ['an emoji', '😀'],
    ['the noncharacters', '\ufffe\uffff\u{1fffe}\u{10ffff}'],
    ['control characters', '\u0000\u001b\u007f\u0085'],
    ['unpaired surrogates', '\ud800 \udfff'],
    ['what looks like an escape', '\\ufffe \\\\uffff'],
  ])('holds only characters that SQS takes, and comes out as sent: %s', (_name, text) => {
    const sent = { eventId: `e${text}`, owner: text, frame: JSON.stringify({ text }) };
    const message = writeQueuedEvent(sent);
    expect(message).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    expect(readQueuedEvent(message)).toEqual({ kind: 'event', event: sent });
  });

  it('fits a queue of 1 MiB with the largest possible frame, including escapes', () => {
    for (const character of ['"', '\ufffe', '\u0001']) {
      const frame = character.repeat(131_072 / Buffer.byteLength(character));
      expect(Buffer.byteLength(writeQueuedEvent({ ...event, frame }))).toBeLessThan(1_048_576);
    }
  });

  it.each([
    ['not JSON', 'x'],
    ['null', 'null'],
    ['of another version', '{"version":2,"eventId":"e","owner":"o","frame":"f"}'],
    ['without an owner', '{"version":1,"eventId":"e","frame":"f"}'],
  ])('is malformed if it is %s', (_name, body) => {
    expect(readQueuedEvent(body).kind).toBe('malformed');
  });
});
