import type { Conduct } from './conduct.ts';
import { type Frame, parseKept, type SyncEvent } from './frames.ts';
import type { Answer } from './platform.ts';

/** Which events the application has had, and what it missed: fetched from where it stopped. */
export interface KeptReader {
  /** An event that was pushed: told once. */
  take(frame: Frame & { type: 'event' }): void;
  /**
   * Fetches what is kept since then, one call after the other. Null: it has; or else it is still owed, no sooner than after so many seconds.
   * `isAgain`: over the connection of the last call, so that nothing can have been missed between the two.
   * `waitSeconds`: for how long the stack may hold it, where there is nothing new.
   */
  catchUp(isAgain?: boolean, waitSeconds?: number): Promise<number | null>;
  /** How many events the client has had from where the next read begins: a read that waits, waits for more. Below 0: it is not known. */
  readonly had: number;
  /** Whether the last read had something new. */
  readonly hadNew: boolean;
}

/** A stack that wants to be left alone for longer is asked again all the same. */
const longestRetrySeconds = 300;

export function keptReader(options: {
  conduct: Conduct;
  /** Null: the stack keeps no events. */
  fetch: ((after: number, waitSeconds: number, had: number) => Promise<Answer>) | null;
  onEvent: (event: SyncEvent) => void;
  onGap: () => void;
}): KeptReader {
  const { conduct, fetch, onEvent, onGap } = options;
  const seen = new Set<string>();
  /** Everything until here has been told. 0: nothing was read yet. */
  let resumeFrom = 0;
  let had = -1;
  let hadNew = false;
  let hasBegun = false;
  /** Calls of `catchUp`, and the last of them that has read everything: in between, a push says nothing of what came before it. */
  let asked = 0;
  let done = 0;
  /** The first read failed; and then there may have been a while without a connection. */
  let hasFailed = false;
  let hasMissed = false;
  let last: Promise<number | null> = Promise.resolve(null);

  const beginAt = (from: number, known: number) => {
    if (from <= resumeFrom) return;
    resumeFrom = from;
    had = known;
  };
  const take: KeptReader['take'] = ({ event, resumeFrom: from }) => {
    if (done === asked) beginAt(from, -1);
    const { eventId } = event;
    if (seen.has(eventId)) return;
    seen.add(eventId);
    // The oldest first: a set keeps the order in which it was filled.
    for (const oldest of seen) {
      if (seen.size <= conduct.rememberedEvents) break;
      seen.delete(oldest);
    }
    onEvent(event);
  };
  const read = async (isAgain: boolean, waitSeconds: number): Promise<number | null> => {
    if (fetch === null) {
      if (hasBegun) onGap();
      hasBegun = true;
      return null;
    }
    if (hasFailed && !isAgain) hasMissed = true;
    for (;;) {
      // What came before the first read is in what the application has loaded itself.
      const before = resumeFrom;
      hasFailed = before === 0;
      const known = Math.max(0, had);
      const { status, body, retryAfterSeconds } = await fetch(before, had < 0 ? 0 : waitSeconds, had);
      const kept = status === 200 ? parseKept(body) : null;
      if (kept === null) return Math.min(retryAfterSeconds, longestRetrySeconds);
      hasFailed = false;
      if (kept.gap || hasMissed) onGap();
      hasMissed = false;
      for (const frame of kept.frames) take(frame);
      hadNew = kept.frames.length > known;
      beginAt(kept.resumeFrom, kept.more ? -1 : kept.seen);
      if (!kept.more) return null;
      // A page that leads to itself.
      if (kept.resumeFrom <= before) return 0;
    }
  };
  return {
    take,
    get had() {
      return had;
    },
    get hadNew() {
      return hadNew;
    },
    // One after the other: what began before a connection opened may have missed what came until then.
    catchUp: (isAgain = false, waitSeconds = 0) => {
      const mine = ++asked;
      last = last
        .then(() => read(isAgain, waitSeconds))
        .catch(() => 0)
        .then((owed) => {
          if (owed === null) done = mine;
          return owed;
        });
      return last;
    },
  };
}
