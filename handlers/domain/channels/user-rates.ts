/**
 * A token bucket for each user, in the memory of one Lambda environment. Nothing is written for a message, so the cap is approximate:
 * an environment knows only what it has answered itself, and a user whose messages are spread over n environments gets up to n times the rate.
 * n is bounded by the function's concurrency. An exact cap would cost a table write for every message.
 */

/** Users remembered by one environment: 10,000 are about a megabyte. The one unseen for longest is forgotten, and begins with a full bucket. */
const maxUsers = 10_000;

export interface RateCap {
  messagesPerSecond: number;
  /** A full bucket, in seconds of the rate. */
  burstSeconds: number;
}

export class UserRates {
  readonly #users = new Map<string, { tokens: number; atMs: number }>();

  /** Whether the user may send one more message now. `nowMs` is monotonic. */
  take(userId: string, { messagesPerSecond, burstSeconds }: RateCap, nowMs: number): boolean {
    const full = Math.max(1, messagesPerSecond * burstSeconds);
    const { tokens, atMs } = this.#users.get(userId) ?? { tokens: full, atMs: nowMs };
    const filled = Math.min(full, tokens + (Math.max(0, nowMs - atMs) / 1_000) * messagesPerSecond);
    const taken = filled >= 1;
    // Deleted first, so that the map stays in order of use.
    this.#users.delete(userId);
    this.#users.set(userId, { tokens: taken ? filled - 1 : filled, atMs: nowMs });
    if (this.#users.size > maxUsers) {
      const [unseenForLongest] = this.#users.keys();
      if (unseenForLongest !== undefined) this.#users.delete(unseenForLongest);
    }
    return taken;
  }
}
