/** Whether an owner had a connection while the stack worked on an event: the client's clock against the stack's. */
import type { ListedEvent } from '../../../engine/src/records.ts';

/** How far the two clocks may be apart (both follow NTP), and how long a close takes to reach the stack. */
const marginMs = 1_000;
/** The longest that the stack works on an event before it is finished: its functions' longest timeout (stack/settings/settings.ts: 30 s). */
const handlingMs = 30_000;

/**
 * True only when it is beyond doubt: one connection was open from before the stack can have looked for connections until well after it had finished, or a tab read
 * all events that were kept from before the post until well after that (an event is kept before it is finished).
 *
 * `finishedAtMs` is on the stack's wall clock; null: it does not say when, and the event counts if a connection was open from the post to the end.
 * If the wall clock was set during the run (`clockStepMs`), the stack's time is before or after that, and it must be true for both.
 */
export function hadConnectionAt(event: ListedEvent, finishedAtMs: number | null, clockStepMs: number): boolean {
  const { state, open = [], read = [], postedMs } = event;
  // Distributed workers pass no times on.
  if (finishedAtMs === null || postedMs === undefined) return state === 'unreached';
  const possible = [finishedAtMs, finishedAtMs - clockStepMs].filter((atMs) => atMs >= postedMs - marginMs);
  const times = possible.length > 0 ? possible : [finishedAtMs];
  return times.every(
    (atMs) =>
      open.some(([from, to]) => (from <= postedMs || from <= atMs - handlingMs) && to >= atMs + marginMs) ||
      read.some(([from, to]) => from <= postedMs && to >= atMs + marginMs),
  );
}
