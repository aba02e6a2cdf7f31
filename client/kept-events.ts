import type { Conduct } from './conduct.ts';
import { type Frame, parseKept, type SyncEvent } from './frames.ts';
import type { Answer } from './platform.ts';

/** Which events the application has had, and what it missed: fetched from where it stopped. */
export interface KeptReader {
  /** An event that was pushed: told once. */
  take(frame: Frame & { type: 'event' }): void;
  /**
   * Fetches what is kept since then. False: there was no answer, and it is still owed. One call after the other.
   * `isAgain`: over the connection of the last call, so that nothing can have been missed between the two.
   */
  catchUp(isAgain?: boolean): Promise<boolean>;
}

export function keptReader(options: {
  conduct: Conduct;
  /** Null: the stack keeps no events. */
  fetch: ((after: number | null) => Promise<Answer>) | null;
  onEvent: (event: SyncEvent) => void;
  onGap: () => void;
}): KeptReader {
  const { conduct, fetch, onEvent, onGap } = options;
  const seen = new Set<string>();
  /** Everything until here has been told. 0: nothing was read yet. */
  let resumeFrom = 0;
  let hasBegun = false;
  /** Calls of `catchUp`, and the last of them that has read everything: in between, a push says nothing of what came before it. */
  let asked = 0;
  let had = 0;
  /** The first read failed; and then there may have been a while without a connection. */
  let hasFailed = false;
  let hasMissed = false;
  let last: Promise<boolean> = Promise.resolve(true);

  const take: KeptReader['take'] = ({ event, resumeFrom: from }) => {
    if (had === asked) resumeFrom = Math.max(resumeFrom, from);
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
  const read = async (isAgain: boolean): Promise<boolean> => {
    if (fetch === null) {
      if (hasBegun) onGap();
      hasBegun = true;
      return true;
    }
    if (hasFailed && !isAgain) hasMissed = true;
    for (;;) {
      // What came before the first read is in what the application has loaded itself.
      const before = resumeFrom;
      hasFailed = before === 0;
      const answer = await fetch(before || null);
      const kept = answer.status === 200 ? parseKept(answer.body) : null;
      if (kept === null) return false;
      hasFailed = false;
      if (kept.gap || hasMissed) onGap();
      hasMissed = false;
      for (const frame of kept.frames) take(frame);
      resumeFrom = Math.max(resumeFrom, kept.resumeFrom);
      if (!kept.more) return true;
      if (kept.resumeFrom <= before) throw new Error('A page that leads to itself.');
    }
  };
  return {
    take,
    // One after the other: what began before a connection opened may have missed what came until then.
    catchUp: (isAgain = false) => {
      const mine = ++asked;
      last = last
        .then(() => read(isAgain))
        .catch(() => false)
        .then((isDone) => {
          if (isDone) had = mine;
          return isDone;
        });
      return last;
    },
  };
}
