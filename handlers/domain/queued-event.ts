/** The queue message between ingest and deliver (variant `lambda`): the event as it will be pushed, already verified and truncated. */
import type { ParsedEvent, PushEvent } from './push-event.ts';

/** Version of the layout: deliver refuses one it does not know, and the message ends among the dead letters instead of being misread. */
const version = 1;

export const writeQueuedEvent = (event: PushEvent): string => JSON.stringify({ version, ...event });

/** Reads a queue message. `malformed` states the problem. */
export function readQueuedEvent(body: string): ParsedEvent {
  let message: { version?: unknown; eventId?: unknown; owner?: unknown; frame?: unknown } | null;
  try {
    message = JSON.parse(body);
  } catch {
    return { kind: 'malformed', reason: 'The queue message is not JSON.' };
  }
  if (message?.version !== version) {
    return { kind: 'malformed', reason: `The queue message does not have version ${version}.` };
  }
  const { eventId, owner, frame } = message;
  if (typeof eventId !== 'string' || typeof owner !== 'string' || typeof frame !== 'string') {
    return { kind: 'malformed', reason: 'The queue message lacks eventId, owner or frame.' };
  }
  return { kind: 'event', event: { eventId, owner, frame } };
}
