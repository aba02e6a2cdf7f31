/** Answers of the stack over HTTP (docs/reference/protocol.md), as the load engine reads them. */

/** A page of events that are kept for a user. */
export interface KeptPage {
  eventIds: string[];
  /** Where the next read begins, in ms since the epoch. */
  resumeFrom: number;
  /** There are more, from there on. */
  more: boolean;
  /** Something before the first may have been dropped. */
  gap: boolean;
  /** How many of them were kept from `resumeFrom` on: a read that waits says it, and waits for more than these. Null: the stack holds no reads. */
  seen: number | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Null: it is no such answer. */
export function readKept(body: Buffer): KeptPage | null {
  const answer = objectIn(body);
  if (answer === null || !Array.isArray(answer.events) || typeof answer.resumeFrom !== 'number') return null;
  const frames: unknown[] = answer.events;
  const eventIds = frames.flatMap((frame) =>
    isObject(frame) && typeof frame.eventId === 'string' ? frame.eventId : [],
  );
  const { resumeFrom, more, gap, seen } = answer;
  return { eventIds, resumeFrom, more: more === true, gap: gap === true, seen: typeof seen === 'number' ? seen : null };
}

/** How long the stack holds a read that finds nothing, in seconds; null: it is no such answer. */
export function readHold(body: Buffer): number | null {
  const answer = objectIn(body);
  if (answer === null || typeof answer.share !== 'number') return null;
  return typeof answer.holdSeconds === 'number' ? answer.holdSeconds : 0;
}

function objectIn(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
