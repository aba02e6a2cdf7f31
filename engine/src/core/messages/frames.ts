/** Text messages of docs/reference/protocol.md that a device can receive. */

export type Frame =
  | { kind: 'pong'; id: string }
  | { kind: 'event'; eventId: string }
  | { kind: 'subscribed'; id: string }
  | { kind: 'published'; id: string }
  /** A message published to a channel; `id` is the publisher's. */
  | { kind: 'channelMessage'; id: string }
  /** The stack's error frame. `id` is present if the sent message had one. */
  | { kind: 'error'; id: string | null; code: string }
  /** API Gateway's own error frame, which names no message: `{"message":…,"connectionId":…,"requestId":…}`. */
  | { kind: 'gatewayError'; message: string }
  /** Valid, but irrelevant to a fleet. */
  | { kind: 'other'; type: string }
  | { kind: 'unreadable' };

const eventHead = '{"type":"event","eventId":"';
/** Its last field is `object`, in which nothing ends with an object of its own. */
const eventTail = '}}';
const channelMessageHead = '{"type":"message","id":"';
/** Its last field is `body`: a load publishes text. */
const channelMessageTail = '"}';

/**
 * Reads a frame. Pushes, which are most of the traffic besides pongs (ping.ts), are recognised by their first bytes, as the stack writes them, without
 * parsing JSON; the same JSON formatted differently is parsed, and means the same. An escape or a quote within an id fails the
 * quick check, and so does an end that is not the stack's: what was cut off anywhere is unreadable.
 */
export function readFrame(text: string): Frame {
  const eventId = idAfter(text, eventHead, eventTail);
  if (eventId !== null) return { kind: 'event', eventId };
  const id = idAfter(text, channelMessageHead, channelMessageTail);
  return id === null ? parseFrame(text) : { kind: 'channelMessage', id };
}

function idAfter(text: string, head: string, tail: string): string | null {
  if (!text.startsWith(head) || !text.endsWith(tail)) return null;
  const end = text.indexOf('"', head.length);
  if (end <= 0) return null;
  const id = text.slice(head.length, end);
  return id.includes('\\') ? null : id;
}

function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'unreadable' };
  const { type, id, eventId, code, message } = value as Record<string, unknown>;
  if (typeof id === 'string') {
    if (type === 'pong') return { kind: 'pong', id };
    if (type === 'subscribed' || type === 'published') return { kind: type, id };
    if (type === 'message') return { kind: 'channelMessage', id };
  }
  if (type === 'event' && typeof eventId === 'string') return { kind: 'event', eventId };
  if (type === 'error') return { kind: 'error', id: typeof id === 'string' ? id : null, code: String(code) };
  if (typeof type === 'string') return { kind: 'other', type };
  if (typeof message === 'string') return { kind: 'gatewayError', message };
  return { kind: 'unreadable' };
}
