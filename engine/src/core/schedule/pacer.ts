/**
 * Open-loop arrivals as pure functions: no clock, no I/O. A schedule says when arrival i is due, counted from its start;
 * the sender compares that with the clock and never adds up waits, so nothing drifts and a late arrival stays late.
 *
 *   rate                      With H(t) = ∫ rate dt, arrival i of an even schedule is due at the first t with H(t) = i;
 *    90 |        ┌────┐       of a Poisson schedule at the first t with H(t) = E1 + … + Ei, each E exponential with mean 1
 *     5 |────────┘    └───    (time rescaling: Daley & Vere-Jones, An Introduction to the Theory of Point Processes, 7.4).
 *       +----------------- time
 *
 * After vegeta's `lib/pacer.go` and k6's arrival-rate executors.
 */
import { seededRandom } from './random.ts';

/** A stretch of time and its arrival rate. */
export type RatePhase =
  | { kind: 'constant'; ratePerSecond: number; lastsSeconds: number }
  /** The rate changes by the same amount each second. */
  | { kind: 'linear'; fromPerSecond: number; toPerSecond: number; lastsSeconds: number }
  /** The rate changes by the same factor each second; both ends are above 0. */
  | { kind: 'exponential'; fromPerSecond: number; toPerSecond: number; lastsSeconds: number }
  /** Equal steps, the first at one rate and the last at the other. */
  | { kind: 'staircase'; fromPerSecond: number; toPerSecond: number; steps: number; lastsSeconds: number }
  /** All simultaneously, at the start of the phase; then nothing. */
  | { kind: 'burst'; arrivals: number; lastsSeconds: number };

/** How arrivals are spread within the rate: evenly, or at random, as those of many independent users are. */
export type Spread = { kind: 'even' } | { kind: 'poisson'; seed: number };

type Curve = { kind: 'burst' } | { kind: 'linear' | 'exponential'; fromPerSecond: number; toPerSecond: number };

interface Segment {
  startsAtMicros: number;
  lastsMicros: number;
  curve: Curve;
  /** H at its start, and its increase. */
  arrivedBefore: number;
  arrives: number;
}

/** An arrival rate over time. Before its first segment and from `endsAtMicros` on nothing arrives. */
export interface Schedule {
  segments: readonly Segment[];
  endsAtMicros: number;
  spread: Spread;
  /** Arrivals end after this many; Infinity: with the last segment. */
  maxArrivals: number;
}

export const microsPerSecond = 1_000_000;
const even: Spread = { kind: 'even' };
/** A tiny margin before the end belongs to the next segment: 45 s × 5/s = 225 arrivals, the last of them due before 45 s. */
const hair = 1e-9;

/** Phases one after another. */
export function phasedSchedule(
  phases: readonly RatePhase[],
  { spread = even, maxArrivals = Number.POSITIVE_INFINITY }: { spread?: Spread; maxArrivals?: number } = {},
): Schedule {
  const segments: Segment[] = [];
  let startsAtMicros = 0;
  let arrivedBefore = 0;
  for (const { curve, lastsSeconds, arrives } of phases.flatMap(curvesOf)) {
    const lastsMicros = lastsSeconds * microsPerSecond;
    segments.push({ startsAtMicros, lastsMicros, curve, arrivedBefore, arrives });
    startsAtMicros += lastsMicros;
    arrivedBefore += arrives;
  }
  return { segments, endsAtMicros: startsAtMicros, spread, maxArrivals };
}

/** How many arrivals the phases bring, as a real number. */
export function arrivalsOf(phases: readonly RatePhase[]): number {
  return phases.flatMap(curvesOf).reduce((sum, { arrives }) => sum + arrives, 0);
}

export function constantSchedule(ratePerSecond: number, lastsSeconds: number, spread: Spread = even): Schedule {
  return phasedSchedule([{ kind: 'constant', ratePerSecond, lastsSeconds }], { spread });
}

/** N arrivals, evenly spaced, the first immediately. */
export function countedSchedule(arrivals: number, ratePerSecond: number): Schedule {
  // Half an interval after the last arrival: safe from rounding.
  return constantSchedule(ratePerSecond, Math.max(0, arrivals - 0.5) / ratePerSecond);
}

/** Phases of a steady rate with one window at a different rate. The window is cut off at the end. */
export function burstPhases(
  steadyRatePerSecond: number,
  lastsSeconds: number,
  burst: { burstStartSeconds: number; burstSeconds: number; burstRatePerSecond: number } | null,
): RatePhase[] {
  const constant = (ratePerSecond: number, from: number, to: number): RatePhase[] =>
    to > from ? [{ kind: 'constant', ratePerSecond, lastsSeconds: to - from }] : [];
  if (burst === null) return constant(steadyRatePerSecond, 0, lastsSeconds);
  const start = Math.min(burst.burstStartSeconds, lastsSeconds);
  const end = Math.min(start + burst.burstSeconds, lastsSeconds);
  return [
    ...constant(steadyRatePerSecond, 0, start),
    ...constant(burst.burstRatePerSecond, start, end),
    ...constant(steadyRatePerSecond, end, lastsSeconds),
  ];
}

/**
 * When the schedule has brought this much, in microseconds from its start: the first t with H(t) = arrived. Infinity when it never does.
 */
function timeOfMicros({ segments }: Schedule, arrived: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment !== undefined && arrived < segment.arrivedBefore + segment.arrives - hair) high = middle;
    else low = middle + 1;
  }
  const segment = segments[low];
  if (segment === undefined) return Number.POSITIVE_INFINITY;
  return segment.startsAtMicros + timeWithin(segment, Math.max(0, arrived - segment.arrivedBefore));
}

/** Due times of all arrivals in order, in microseconds from the schedule's start; Infinity on every call after the last one. */
export function dueTimes(schedule: Schedule): () => number {
  const { spread, maxArrivals } = schedule;
  const random = spread.kind === 'poisson' ? seededRandom(spread.seed) : null;
  let arrivals = 0;
  let arrived = 0;
  return () => {
    if (arrivals >= maxArrivals) return Number.POSITIVE_INFINITY;
    // The sum of exponential gaps: -ln(U) with U in (0, 1].
    arrived = random === null ? arrivals : arrived - Math.log(1 - random());
    arrivals++;
    return timeOfMicros(schedule, arrived);
  };
}

function curvesOf(phase: RatePhase): { curve: Curve; lastsSeconds: number; arrives: number }[] {
  const { lastsSeconds } = phase;
  switch (phase.kind) {
    case 'constant':
      return [curve('linear', phase.ratePerSecond, phase.ratePerSecond, lastsSeconds)];
    case 'linear':
    case 'exponential':
      return [curve(phase.kind, phase.fromPerSecond, phase.toPerSecond, lastsSeconds)];
    case 'staircase': {
      const { steps, fromPerSecond, toPerSecond } = phase;
      return Array.from({ length: steps }, (_, n) => {
        const rate = fromPerSecond + ((toPerSecond - fromPerSecond) * n) / Math.max(1, steps - 1);
        return curve('linear', rate, rate, lastsSeconds / steps);
      });
    }
    case 'burst':
      return [{ curve: { kind: 'burst' }, lastsSeconds, arrives: phase.arrivals }];
  }
}

function curve(kind: 'linear' | 'exponential', fromPerSecond: number, toPerSecond: number, lastsSeconds: number) {
  const isFlat = fromPerSecond === toPerSecond;
  // The integral of a e^(kt) from 0 to T with a e^(kT) = b is (b - a) T / ln(b / a).
  const mean =
    kind === 'linear' || isFlat
      ? (fromPerSecond + toPerSecond) / 2
      : (toPerSecond - fromPerSecond) / Math.log(toPerSecond / fromPerSecond);
  return { curve: { kind, fromPerSecond, toPerSecond }, lastsSeconds, arrives: mean * lastsSeconds };
}

/** The inverse of H within a segment, in microseconds from its start. */
function timeWithin({ curve, lastsMicros }: Segment, arrived: number): number {
  if (curve.kind === 'burst') return 0;
  const { fromPerSecond: a, toPerSecond: b } = curve;
  if (a === b) return (arrived / a) * microsPerSecond;
  const lasts = lastsMicros / microsPerSecond;
  if (curve.kind === 'exponential') {
    // H(t) = a (e^(kt) - 1) / k, k = ln(b / a) / T
    const k = Math.log(b / a) / lasts;
    return (Math.log1p((k * arrived) / a) / k) * microsPerSecond;
  }
  // H(t) = a t + s t² / 2, s = (b - a) / T; the root in the form without cancellation.
  const s = (b - a) / lasts;
  const root = Math.sqrt(Math.max(0, a * a + 2 * s * arrived));
  return a + root === 0 ? 0 : ((2 * arrived) / (a + root)) * microsPerSecond;
}

/**
 * Whether unit i (0, 1, 2, …) is one of the given share: spread evenly and exact, ⌊n × share⌋ of the first n.
 * A share of 0.01 picks units 99, 199, 299 …
 */
export function isInShare(unit: number, share: number): boolean {
  // The margin keeps 0.1 × 30 from being 2.9999…
  return Math.floor((unit + 1) * share + hair) > Math.floor(unit * share + hair);
}
