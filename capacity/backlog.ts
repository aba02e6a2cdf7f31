/** What a burst leaves in a queue, as a fluid: rates only, no randomness. */

export interface QueueBurst {
  /** λb: arrivals in 1/s while the burst lasts, from t = 0. */
  burstRatePerSecond: number;
  /** Tb. */
  burstSeconds: number;
  /** λ0: arrivals in 1/s after the burst. */
  restRatePerSecond: number;
  /** μ(t) = min(max, start + ramp · t), in messages/s: what the consumers take when they always have work. */
  service: { startPerSecond: number; rampPerSecond2: number; maxPerSecond: number };
}

export type Backlog =
  | {
      kind: 'drains';
      /** Largest number of waiting messages, and when. */
      peakMessages: number;
      peakAtSeconds: number;
      /** When the queue is empty again, from the start of the burst. */
      emptyAtSeconds: number;
      /** From the end of the burst. 0 when it was empty before. */
      drainSeconds: number;
      /** Longest time that a message waited. */
      oldestAgeSeconds: number;
    }
  | { kind: 'neverDrains'; reason: string };

/**
 * Backlog of a burst: B(t) = ∫ (λ − μ) dt, from an empty queue. With a constant μ: B = (λb − μ)·Tb, drain = B / (μ − λ0), oldest age = B / μ.
 * Fluid approximation: right for thousands of messages, blind to the few that wait by chance. The ramp is taken to begin with the burst;
 * the age is the longest of 2,001 messages spread over the arrivals, the last of the burst among them.
 */
export function backlog(burst: QueueBurst): Backlog {
  const { burstRatePerSecond, burstSeconds, restRatePerSecond, service } = burst;
  const { startPerSecond, rampPerSecond2, maxPerSecond } = service;
  if (restRatePerSecond >= maxPerSecond)
    return {
      kind: 'neverDrains',
      reason: `After the burst ${restRatePerSecond} messages/s arrive and at most ${maxPerSecond} messages/s are taken: the queue grows without end.`,
    };
  const capAt = secondsToFullRate(service);
  if (!Number.isFinite(capAt) && restRatePerSecond >= startPerSecond)
    return { kind: 'neverDrains', reason: `The consumers stay at ${startPerSecond} messages/s: too few to drain.` };
  const { start, arrived, takeable } = flowsOf(burst);
  const waiting = (t: number) => arrived(t) - takeable(t);
  // The peak is where μ(t) reaches λb, or at the end of the burst when it does not get there.
  const overtakes = burstRatePerSecond <= start ? 0 : (burstRatePerSecond - start) / rampPerSecond2;
  const afterBurst = restRatePerSecond <= start ? 0 : (restRatePerSecond - start) / rampPerSecond2;
  const peakAtSeconds = overtakes < burstSeconds ? overtakes : Math.max(burstSeconds, afterBurst);
  const peakMessages = Math.max(0, waiting(peakAtSeconds));
  if (peakMessages === 0)
    return {
      kind: 'drains',
      peakMessages: 0,
      peakAtSeconds: 0,
      emptyAtSeconds: 0,
      drainSeconds: 0,
      oldestAgeSeconds: 0,
    };
  const emptyAtSeconds = firstZero(waiting, peakAtSeconds);
  const oldestAgeSeconds = Array.from({ length: 2_001 }, (_, i) => {
    const at = Math.min((emptyAtSeconds * i) / 1_999, emptyAtSeconds);
    const arrivedAt = i === 2_000 ? Math.min(burstSeconds, emptyAtSeconds) : at;
    return firstZero((t) => arrived(arrivedAt) - takeable(t), arrivedAt) - arrivedAt;
  }).reduce((oldest, age) => Math.max(oldest, age), 0);
  const drainSeconds = Math.max(0, emptyAtSeconds - burstSeconds);
  return { kind: 'drains', peakMessages, peakAtSeconds, emptyAtSeconds, drainSeconds, oldestAgeSeconds };
}

/**
 * Messages waiting t seconds after the burst's begin: B(t) = ∫ (λ − μ) dt, never below 0. Right until the queue is empty for the first time.
 */
export function waitingMessages(burst: QueueBurst, seconds: number): number {
  const { arrived, takeable } = flowsOf(burst);
  return Math.max(0, arrived(seconds) - takeable(seconds));
}

/** Arrivals and what the consumers could have taken, both since t = 0. */
function flowsOf({ burstRatePerSecond, burstSeconds, restRatePerSecond, service }: QueueBurst) {
  const { startPerSecond, rampPerSecond2, maxPerSecond } = service;
  const capAt = secondsToFullRate(service);
  const start = Math.min(startPerSecond, maxPerSecond);
  const arrived = (t: number) =>
    burstRatePerSecond * Math.min(t, burstSeconds) + restRatePerSecond * Math.max(0, t - burstSeconds);
  const takeable = (t: number) => {
    const ramp = Math.min(t, capAt);
    return start * t + (rampPerSecond2 * ramp ** 2) / 2 + (t > capAt ? rampPerSecond2 * capAt * (t - capAt) : 0);
  };
  return { start, arrived, takeable };
}

function secondsToFullRate({ startPerSecond, rampPerSecond2, maxPerSecond }: QueueBurst['service']): number {
  if (startPerSecond >= maxPerSecond) return 0;
  return rampPerSecond2 > 0 ? (maxPerSecond - startPerSecond) / rampPerSecond2 : Number.POSITIVE_INFINITY;
}

/** Where a function that ends below zero first crosses it, from `from` on, by doubling and bisection. */
function firstZero(of: (t: number) => number, from: number): number {
  if (of(from) <= 0) return from;
  let low = from;
  let step = 1;
  while (of(from + step) > 0) {
    low = from + step;
    step *= 2;
  }
  let high = from + step;
  for (let i = 0; i < 100 && high - low > 1e-9 * Math.max(1, high); i += 1) {
    const middle = (low + high) / 2;
    if (of(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
