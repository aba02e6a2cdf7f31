import type { Conduct } from './conduct.ts';
import { type Frame, parseKept, type SyncEvent } from './frames.ts';
import type { Answer } from './platform.ts';

/** Which events the application has had, and what it missed: fetched from where it stopped. */
export interface KeptReader {
  /** An event that was pushed: told once. */
  take(frame: Frame & { type: 'event' }): void;
  /** Fetches what is kept since then. False: there was no answer. One call after the other. */
  catchUp(): Promise<boolean>;
}

export function keptReader(options: {
  conduct: Conduct;
  /** Null: the stack keeps no events. */
  fetch: ((query: string) => Promise<Answer>) | null;
  onEvent: (event: SyncEvent) => void;
  onGap: () => void;
}): KeptReader {
  const { conduct, fetch, onEvent, onGap } = options;
  const seen = new Set<string>();
  let resumeFrom = 0;
  let hasBegun = false;
  let last: Promise<boolean> = Promise.resolve(true);

  const take: KeptReader['take'] = ({ event, resumeFrom: from }) => {
    resumeFrom = Math.max(resumeFrom, from);
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
  const read = async (): Promise<boolean> => {
    if (fetch === null) {
      if (hasBegun) onGap();
      hasBegun = true;
      return true;
    }
    for (;;) {
      // What came before the first read is in what the application has loaded itself.
      const before = resumeFrom;
      const answer = await fetch(before === 0 ? '' : `?after=${before}`);
      const kept = answer.status === 200 ? parseKept(answer.body) : null;
      if (kept === null) return false;
      if (kept.gap) onGap();
      for (const frame of kept.frames) take(frame);
      resumeFrom = Math.max(resumeFrom, kept.resumeFrom);
      if (!kept.more) return true;
      if (kept.resumeFrom <= before) throw new Error('A page that leads to itself.');
    }
  };
  return {
    take,
    // One after the other: what began before a connection opened may have missed what came until then.
    catchUp: () => {
      last = last.then(read).catch(() => false);
      return last;
    },
  };
}
