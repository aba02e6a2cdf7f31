/** What a burst leaves in a queue, as a fluid model: rates only, no randomness. */

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
  | { kind: 'neverDrains'; reason: string }
  | { kind: 'refused'; reason: string };

const emptyBacklog = {
  kind: 'drains',
  peakMessages: 0,
  peakAtSeconds: 0,
  emptyAtSeconds: 0,
  drainSeconds: 0,
  oldestAgeSeconds: 0,
} as const;

/**
 * Backlog of a burst: B(t) = ∫ (λ − μ) dt, from an empty queue. With a constant μ: B = (λb − μ)·Tb, drain = B / (μ − λ0), oldest age = B / μ.
 * Fluid approximation: right for thousands of messages, blind to the few that wait by chance. The ramp is taken to begin with the burst.
 * Refused for rates that are not numbers or are negative, and for a later rate above the burst's.
 */
export function backlog(burst: QueueBurst): Backlog {
  const reason = problemOfBurst(burst);
  if (reason !== null) return { kind: 'refused', reason };
  const { burstRatePerSecond, burstSeconds, restRatePerSecond, service } = burst;
  const { startPerSecond, rampPerSecond2, maxPerSecond } = service;
  const { start, arrived, consumable } = flowsOf(burst);
  // From then on the consumers take at least this much.
  const reaches = (rate: number) => (rate <= start ? 0 : (rate - start) / rampPerSecond2);
  const overtakes = reaches(burstRatePerSecond);
  if (burstSeconds === 0 || overtakes === 0) return emptyBacklog;
  if (restRatePerSecond >= maxPerSecond)
    return {
      kind: 'neverDrains',
      reason: `After the burst, ${restRatePerSecond} messages/s arrive and at most ${maxPerSecond} messages/s are consumed: the queue never empties.`,
    };
  if (!Number.isFinite(secondsToFullRate(service)) && restRatePerSecond >= startPerSecond)
    return {
      kind: 'neverDrains',
      reason: `The consumers stay at ${startPerSecond} messages/s: too slow to drain the queue.`,
    };
  const waiting = (t: number) => arrived(t) - consumable(t);
  // The peak is where μ(t) reaches λb, or at the end of the burst when it does not get there, or later where the rest is still more than μ.
  const settles = reaches(restRatePerSecond);
  const peakAtSeconds = overtakes < burstSeconds ? overtakes : Math.max(burstSeconds, settles);
  const emptyAtSeconds = firstZero(waiting, peakAtSeconds);
  // The wait of a message taken at T grows while μ(T) is below the rate at which such messages arrive: it is longest where the two meet, or for the
  // last of the burst.
  const takenAt = (arrivedAt: number) => firstZero((t) => arrived(arrivedAt) - consumable(t), arrivedAt);
  const arrivalOf = (taken: number) => firstZero((t) => consumable(taken) - arrived(t), 0);
  const ages = [
    takenAt(burstSeconds) - burstSeconds,
    ...[overtakes, settles].filter((t) => t < emptyAtSeconds).map((t) => t - arrivalOf(t)),
  ];
  return {
    kind: 'drains',
    peakMessages: Math.max(0, waiting(peakAtSeconds)),
    peakAtSeconds,
    emptyAtSeconds,
    drainSeconds: Math.max(0, emptyAtSeconds - burstSeconds),
    oldestAgeSeconds: Math.max(0, ...ages),
  };
}

function problemOfBurst({ burstRatePerSecond, burstSeconds, restRatePerSecond, service }: QueueBurst): string | null {
  const { startPerSecond, rampPerSecond2, maxPerSecond } = service;
  const given = [burstRatePerSecond, burstSeconds, restRatePerSecond, startPerSecond, rampPerSecond2, maxPerSecond];
  if (!given.every((value) => value >= 0) || !Number.isFinite(burstRatePerSecond * burstSeconds))
    return `Rates and times must be non-negative numbers, got ${given.join(', ')}.`;
  if (restRatePerSecond > burstRatePerSecond)
    return `${restRatePerSecond} messages/s after the burst exceed its own ${burstRatePerSecond}/s: that is not a burst.`;
  return null;
}

/** Arrivals and what the consumers could have taken, both since t = 0. */
function flowsOf({ burstRatePerSecond, burstSeconds, restRatePerSecond, service }: QueueBurst) {
  const { startPerSecond, rampPerSecond2, maxPerSecond } = service;
  const capAt = secondsToFullRate(service);
  const start = Math.min(startPerSecond, maxPerSecond);
  const arrived = (t: number) =>
    burstRatePerSecond * Math.min(t, burstSeconds) + restRatePerSecond * Math.max(0, t - burstSeconds);
  const consumable = (t: number) => {
    const ramp = Math.min(t, capAt);
    return start * t + (rampPerSecond2 * ramp ** 2) / 2 + (t > capAt ? rampPerSecond2 * capAt * (t - capAt) : 0);
  };
  return { start, arrived, consumable };
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
  for (let i = 0; i < 100 && high - low > 1e-14 * high; i += 1) {
    const middle = (low + high) / 2;
    if (of(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
