/** Frames of docs/protocol.md: what a device sends and what it can receive. */

export type Frame =
  | { kind: 'pong'; id: string }
  | { kind: 'event'; eventId: string }
  /** The stack's error frame. `id` is there when the sent message had one. */
  | { kind: 'error'; id: string | null; code: string }
  /** API Gateway's own error frame, which names no message: `{"message":…,"connectionId":…,"requestId":…}`. */
  | { kind: 'gatewayError'; message: string }
  /** Valid, and of no interest to a fleet. */
  | { kind: 'other'; type: string }
  | { kind: 'unreadable' };

const pingHead = '{"action":"ping","id":"';
const padHead = '","pad":"';
const pingTail = '"}';

/** Sends pings of one size: the padding is made once. */
export function pingWriter(messageBytes: number): (id: string) => string {
  const fixed = pingHead.length + padHead.length + pingTail.length;
  const pad = 'x'.repeat(Math.max(0, messageBytes - fixed));
  return (id) => {
    if (pad.length <= id.length) return pingHead + id + pingTail;
    return pingHead + id + padHead + pad.slice(id.length) + pingTail;
  };
}

const pongHead = '{"type":"pong","id":"';
const pongTail = '"}';
const eventHead = '{"type":"event","eventId":"';

/**
 * Reads a frame. The two common frames are recognised by their first bytes, as the stack writes them, without parsing JSON; any other
 * spelling of the same JSON takes the slow way and means the same. An escape or a quote within an id fails the quick check.
 */
export function readFrame(text: string): Frame {
  if (text.startsWith(pongHead) && text.endsWith(pongTail)) {
    const end = text.indexOf('"', pongHead.length);
    if (end === text.length - pongTail.length) {
      const id = text.slice(pongHead.length, end);
      if (!id.includes('\\')) return { kind: 'pong', id };
    }
  }
  if (text.startsWith(eventHead) && text.endsWith('}')) {
    const end = text.indexOf('"', eventHead.length);
    const eventId = text.slice(eventHead.length, end);
    if (end > 0 && !eventId.includes('\\')) return { kind: 'event', eventId };
  }
  return parseFrame(text);
}

function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'unreadable' };
  const frame = value as Record<string, unknown>;
  const { type } = frame;
  if (type === 'pong' && typeof frame.id === 'string') return { kind: 'pong', id: frame.id };
  if (type === 'event' && typeof frame.eventId === 'string') return { kind: 'event', eventId: frame.eventId };
  if (type === 'error')
    return { kind: 'error', id: typeof frame.id === 'string' ? frame.id : null, code: String(frame.code) };
  if (typeof type === 'string') return { kind: 'other', type };
  if (typeof frame.message === 'string') return { kind: 'gatewayError', message: frame.message };
  return { kind: 'unreadable' };
}
