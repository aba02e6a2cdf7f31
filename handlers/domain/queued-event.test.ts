import { describe, expect, it } from 'vitest';
import { readQueuedEvent, writeQueuedEvent } from './queued-event.ts';

const event = { eventId: 'e1', owner: 'ann', frame: '{"type":"event"}' };

describe('queue message', () => {
  it('round-trips', () => {
    expect(readQueuedEvent(writeQueuedEvent(event))).toEqual({ kind: 'event', event });
  });

  it('fits a queue of 1 MiB with the largest possible frame, including escapes', () => {
    const message = writeQueuedEvent({ ...event, frame: '"'.repeat(131_072) });
    expect(Buffer.byteLength(message)).toBeLessThan(1_048_576);
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
