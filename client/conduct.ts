/** What every client of the stack does, in numbers: docs/reference/protocol.md, "What a client does", holds the same table. */
export interface Conduct {
  /** Between two pings. API Gateway closes a WebSocket over which nothing has come for 600 s (quotas page, read November 2026). */
  heartbeatSeconds: number;
  /** Within this time a connect opens and a request is answered; a connection that leaves a ping unanswered for as long is given up. */
  answerSeconds: number;
  /** Delay before attempt n: uniform from 0 to min(cap, base · 2^n). */
  backOffBaseSeconds: number;
  backOffCapSeconds: number;
  /** A connection is replaced at an age drawn uniformly between these two: API Gateway ends it at 7,200 s. */
  minAgeSeconds: number;
  maxAgeSeconds: number;
  /** The replaced connection stays open for so long beside the new one. */
  overlapSeconds: number;
  /** A page that has been hidden for so long gives its connection up until it is shown. */
  hiddenSeconds: number;
  /** Between two reads of stage and kill switch, at most. */
  configSeconds: number;
  /** Between two polls, on average, while there is no WebSocket. */
  pollSeconds: number;
  /** Connects in a row that do not open before a client polls beside its further attempts. */
  connectsBeforePolling: number;
  /** Event ids that are remembered, to drop what comes twice. */
  rememberedEvents: number;
}

export const standardConduct: Conduct = {
  heartbeatSeconds: 300,
  answerSeconds: 10,
  backOffBaseSeconds: 1,
  backOffCapSeconds: 30,
  minAgeSeconds: 5_400,
  maxAgeSeconds: 6_900,
  overlapSeconds: 5,
  hiddenSeconds: 300,
  configSeconds: 30,
  pollSeconds: 10,
  connectsBeforePolling: 3,
  rememberedEvents: 1_000,
};

/**
 * Wait before attempt n (0, 1, 2, …), in milliseconds, with full jitter.
 * M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015. `random` gives numbers in [0, 1).
 */
export const backOffMs = (conduct: Conduct, attempt: number, random: () => number): number =>
  Math.min(conduct.backOffCapSeconds, conduct.backOffBaseSeconds * 2 ** Math.min(attempt, 30)) * 1_000 * random();
