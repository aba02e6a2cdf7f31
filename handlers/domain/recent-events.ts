/** Events that are kept for a while, so that a client that was away can fetch them. */
import type { PushEvent } from './push-event.ts';

export interface RecentPage {
  /** JSON of each event's frame, oldest first, and when each was kept, in ms since the epoch. */
  frames: readonly string[];
  keptAtMs: readonly number[];
  /** When the last of them was kept, in ms since the epoch, where there are more; null: these are all. */
  continuesAtMs: number | null;
}

export interface RecentEvents {
  keep(event: PushEvent, nowMs: number): Promise<void>;
  /** Those of the user that were kept at this time or later. */
  since(userId: string, fromMs: number): Promise<RecentPage>;
}

/** Says when something may have been kept for a user. */
export interface EventNews {
  /** From now on. `within` settles once something may have been kept since, or after so many ms; `end` once nobody waits any longer. */
  watch(userId: string): { within(milliseconds: number): Promise<void>; end(): void };
}

/**
 * Reads begin this much before the last that a client has: environments' clocks differ, and an event that was given an earlier time may be written later, by
 * as long as a write can take with its retries. What is read twice for it, a client drops.
 */
export const overlapMs = 60_000;

/** API Gateway meters a WebSocket message by 32 KB. Pricing page, read November 2026. */
const meteredMessageBytes = 32_768;

/**
 * The frame with the time from which its receiver reads when it has to fetch what it missed. One that would be metered as another message with it
 * stays as it is: an earlier time does as well.
 */
export function withResumeFrom(frame: string, nowMs: number): string {
  const longer = `${frame.slice(0, -1)},"resumeFrom":${nowMs - overlapMs}}`;
  const crosses =
    Math.ceil(Buffer.byteLength(longer) / meteredMessageBytes) >
    Math.ceil(Buffer.byteLength(frame) / meteredMessageBytes);
  return crosses ? frame : longer;
}
