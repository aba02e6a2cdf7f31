/**
 * Open-loop arrivals as pure functions: no clock, no I/O. A schedule says when arrival i is due, counted from its start;
 * whoever sends compares that with the time and never adds up waits, so nothing drifts and a late arrival stays late.
 *
 *   rate
 *    90 |        ┌────┐
 *     5 |────────┘    └─────────
 *       +----------------------- time
 *
 * After vegeta's `lib/pacer.go` and k6's arrival-rate executors.
 */
interface Segment {
  startsAtMicros: number;
  ratePerSecond: number;
}

/** A piecewise constant arrival rate. Before its first segment and from `endsAtMicros` on nothing arrives. */
export interface Schedule {
  segments: readonly Segment[];
  endsAtMicros: number;
}

export const microsPerSecond = 1_000_000;

export function constantSchedule(ratePerSecond: number, lastsSeconds: number): Schedule {
  return { segments: [{ startsAtMicros: 0, ratePerSecond }], endsAtMicros: lastsSeconds * microsPerSecond };
}

/** N arrivals, evenly spaced, the first at once. */
export function countedSchedule(arrivals: number, ratePerSecond: number): Schedule {
  // Half an interval after the last arrival: far from any rounding.
  return constantSchedule(ratePerSecond, (arrivals - 0.5) / ratePerSecond);
}

/** Steady rate with one window in which the rate is another. The window is cut at the end. */
export function burstSchedule(
  steadyRatePerSecond: number,
  lastsSeconds: number,
  burst: { startsAtSeconds: number; lastsSeconds: number; ratePerSecond: number } | null,
): Schedule {
  const schedule = constantSchedule(steadyRatePerSecond, lastsSeconds);
  if (burst === null || burst.startsAtSeconds >= lastsSeconds) return schedule;
  const burstStart = burst.startsAtSeconds * microsPerSecond;
  const burstEnd = burstStart + burst.lastsSeconds * microsPerSecond;
  const segments = [
    { startsAtMicros: 0, ratePerSecond: steadyRatePerSecond },
    { startsAtMicros: burstStart, ratePerSecond: burst.ratePerSecond },
    { startsAtMicros: burstEnd, ratePerSecond: steadyRatePerSecond },
  ].filter((segment) => segment.startsAtMicros < schedule.endsAtMicros);
  return { segments, endsAtMicros: schedule.endsAtMicros };
}

/**
 * When arrival i (0, 1, 2, …) is due, in microseconds from the schedule's start; Infinity after the last one.
 * With H(t) = ∫ rate dt, arrival i is due at the first t with H(t) = i.
 */
export function dueAtMicros(schedule: Schedule, arrival: number): number {
  let arrivedBefore = 0;
  for (let n = 0; n < schedule.segments.length; n++) {
    const segment = schedule.segments[n];
    if (segment === undefined) break;
    const endsAt = schedule.segments[n + 1]?.startsAtMicros ?? schedule.endsAtMicros;
    const arrives = (segment.ratePerSecond * (endsAt - segment.startsAtMicros)) / microsPerSecond;
    // A hair under the end belongs to the next segment: 45 s × 5/s = 225 arrivals, the last of them due before 45 s.
    if (arrival < arrivedBefore + arrives - 1e-9)
      return segment.startsAtMicros + ((arrival - arrivedBefore) / segment.ratePerSecond) * microsPerSecond;
    arrivedBefore += arrives;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Whether unit i (0, 1, 2, …) is one of the given share: spread evenly and exact, ⌊n × share⌋ of the first n.
 * A share of 0.01 picks units 99, 199, 299 …
 */
export function isInShare(unit: number, share: number): boolean {
  // The hair keeps 0.1 × 30 from being 2.9999…
  return Math.floor((unit + 1) * share + 1e-9) > Math.floor(unit * share + 1e-9);
}
