/**
 * Whether a verified webhook is of its own time. A webhook that was recorded can be posted again at any time, its signature stays valid; its id is
 * remembered for a while only. With a window no longer than that, a replay is either a known id or too old.
 *
 * The time must be one that the signature covers. Nylas: the field `time` of the signed body, in seconds. Providers such as Stripe put one into
 * the signature header (`t=…`, seconds) and sign it with the body. A time that is not signed says nothing, and an event without one is accepted.
 */

/** How far ahead of this clock the provider's may be: an event of tomorrow could be replayed for a day longer. */
const clockLeewaySeconds = 300;

/** A sentence if the event is outside of the window, or null. Times in seconds since the epoch. */
export function outsideWindow(timeSeconds: number, receivedAtSeconds: number, windowSeconds: number): string | null {
  const ageSeconds = receivedAtSeconds - timeSeconds;
  if (ageSeconds > windowSeconds) return `The event's time is more than ${windowSeconds} s ago.`;
  if (ageSeconds < -clockLeewaySeconds) return `The event's time is more than ${clockLeewaySeconds} s in the future.`;
  return null;
}
