/** The queue message between ingest and deliver (variant `lambda`): the event as it will be pushed, already verified and truncated. */
import type { ParsedEvent, PushEvent } from './push-event.ts';

/** Version of the layout: deliver refuses one it does not know, and the message ends among the dead letters instead of being misread. */
const version = 1;

/**
 * SQS refuses a message with any other character than U+0009, U+000A, U+000D, U+0020 to U+D7FF, U+E000 to U+FFFD and U+10000 to U+10FFFF
 * (InvalidMessageContents; SQS API, SendMessage, read November 2026). JSON.stringify escapes control characters and unpaired surrogates;
 * these two are left. Escaped, they come out of the queue as they went in.
 */
const refusedBySqs = /[\ufffe\uffff]/g;

/** The text of a queue message. */
export const writeQueuedEvent = (event: PushEvent): string =>
  JSON.stringify({ version, ...event }).replace(
    refusedBySqs,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );

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
