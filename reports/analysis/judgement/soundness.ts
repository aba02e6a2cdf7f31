/**
 * Which objectives the generator's own delays leave undecided. Pure.
 *
 * A generator that stands still adds to what it measures: what was due meanwhile is sent late, answers that had arrived are read late, and
 * timeouts pass. So an objective that is met in spite of that is met. One that is broken counts only if it is broken by what arose in moments in
 * which the generator was awake.
 */
import { highestValueOf } from '../../../engine/src/buckets.ts';
import type { BucketCounts } from '../../../engine/src/records.ts';
import type { ClientSecond, Observation } from '../../../record/observation.ts';
import { generatorLimits, phaseOf, type RunPhase, runPhases } from '../generator.ts';
import { busyStretches } from './busy-seconds.ts';

/** An objective's share of samples that the generator may have delayed, above which a p99 may be the generator's: 1% of the samples decide a p99. */
const delayedShareLimit = 0.01;

/** Why an objective was not judged. */
export interface GeneratorDoubt {
  kind: 'generator';
  /** The objective's own samples, or its whole phase. */
  of: 'samples' | 'phase';
  /** Where most of what was delayed arose. */
  phase: RunPhase;
  /** Share of the objective's samples that arose while the generator was late, 0 to 1. */
  delayedShare: number;
  /** The longest that the generator's event loop stood still in that phase; null: not measured. */
  longestStallMs: number | null;
}

/** What an objective is about: units that ended in each second, and the lag with which they began. */
type UnitsOf = (second: ClientSecond) => number;
type LagHistogram = 'sendLagMicros' | 'connectLagMicros';

export interface Delays {
  /** Of each second: the share (0 to 1) of its moments, or of what began in it, that the generator delayed. */
  shares: number[];
  seconds: readonly ClientSecond[];
}

/**
 * The share of each second that the generator delayed: its event loop stood still, its thread was busy, or it began what was due late.
 * @param unitsOf what the delays are of: then seconds count in which some of what began late was still under way.
 */
export function delaysOf(
  { client: { seconds } }: Pick<Observation, 'client'>,
  lag: LagHistogram,
  unitsOf: UnitsOf | null = null,
): Delays {
  const stalled = stalledShares(seconds);
  const busy = busySeconds(seconds);
  const late = seconds.map(({ histograms }) => shareAbove(histograms[lag], generatorLimits.sendLagP99Ms * 1_000));
  const behind = unitsOf === null ? [] : behindShares(seconds, late, unitsOf);
  const shares = seconds.map((_, n) => Math.max(stalled[n] ?? 0, busy[n] ? 1 : 0, behind[n] ?? 0, late[n]?.share ?? 0));
  return { seconds, shares };
}

/**
 * The share of what ended in each second that the generator had begun late, or that had to wait behind this. After a stall it begins at once what was due
 * meanwhile: a load that nobody had asked for. Others wait behind it until it has ended, but no longer than the time in which as much is usually due:
 * what a target that stands still does to all that follows is its own, however little had begun late before. Where a lag is of several kinds of
 * work, each is taken to have its part of what was late.
 */
function behindShares(seconds: readonly ClientSecond[], late: readonly LateStarts[], unitsOf: UnitsOf): number[] {
  const started = late.reduce((sum, { total }) => sum + total, 0);
  const perStart = started === 0 ? 0 : seconds.reduce((sum, second) => sum + unitsOf(second), 0) / started;
  const usual = usualRate(late);
  let underWay = 0;
  let waitSeconds = 0;
  return seconds.map((second, n) => {
    const ended = unitsOf(second);
    const { share = 0, total = 0 } = late[n] ?? {};
    const waited = underWay >= 1 ? Math.min(1, waitSeconds) : 0;
    const begunLate = ended === 0 ? 0 : Math.min(1, underWay / ended);
    underWay = Math.max(0, underWay + share * total * perStart - ended);
    waitSeconds = Math.max(0, waitSeconds - 1) + (share > 0 ? (share * total) / usual : 0);
    return Math.max(waited, begunLate);
  });
}

/** What begins on time in a second (1/s), as what begins sees it: seconds count by what began in them, so that idle ones do not. 0: nothing was on time. */
function usualRate(late: readonly LateStarts[]): number {
  const onTime = late.map(({ share, total }) => (1 - share) * total);
  const all = onTime.reduce((sum, each) => sum + each, 0);
  return all === 0 ? 0 : onTime.reduce((sum, each) => sum + each * each, 0) / all;
}

/** Null where the generator delayed at most 1% of the units. */
export function doubtOf(
  { client, clock }: Pick<Observation, 'client' | 'clock'>,
  { shares, seconds }: Delays,
  unitsOf: UnitsOf,
): GeneratorDoubt | null {
  const units = seconds.reduce((sum, second) => sum + unitsOf(second), 0);
  const delayed = seconds.map((second, n) => ({ second, units: unitsOf(second) * (shares[n] ?? 0) }));
  const delayedShare = delayed.reduce((sum, each) => sum + each.units, 0) / units;
  if (!(units > 0) || delayedShare <= delayedShareLimit) return null;
  const inPhase = (phase: RunPhase) => delayed.filter(({ second }) => phaseOf(second, clock) === phase);
  const [phase] = runPhases
    .map((name) => ({ name, units: inPhase(name).reduce((sum, each) => sum + each.units, 0) }))
    .toSorted((a, b) => b.units - a.units);
  const name = phase?.name ?? 'steady';
  const stalls = client.seconds
    .filter((second) => phaseOf(second, clock) === name)
    .map(({ histograms }) => shareAbove(histograms.loopDelayMicros, 0).longestMicros);
  const longest = Math.max(0, ...stalls);
  const longestStallMs = longest > 0 ? longest / 1_000 : null;
  return { kind: 'generator', of: 'samples', phase: name, delayedShare, longestStallMs };
}

/** A target may close clients that have been silent for this long: shorter than any usual keep-alive (Socket.IO 20 s, ws's example 30 s; read 2026-11). */
const silenceMs = 5_000;

/** Doubts closes, and all that failed for want of a connection afterwards, if most of them came in a stall that a target may take for a dead client. */
export function closeDoubt(observation: Pick<Observation, 'client' | 'clock'>, delays: Delays): GeneratorDoubt | null {
  const { seconds, shares } = delays;
  const closes = seconds.reduce((sum, { counters }) => sum + counters.closesUnexpected, 0);
  const delayed = seconds.reduce((sum, { counters }, n) => sum + counters.closesUnexpected * (shares[n] ?? 0), 0);
  if (closes === 0 || delayed < closes / 2) return null;
  const doubt = doubtOf(observation, delays, ({ counters }) => counters.closesUnexpected);
  return (doubt?.longestStallMs ?? 0) >= silenceMs ? doubt : null;
}

/** A second's values without its slowest, as many as the generator may have delayed. */
export function withoutDelayed(counts: BucketCounts | undefined, share: number): BucketCounts {
  const ascending = Object.entries(counts ?? {}).toSorted(([a], [b]) => Number(a) - Number(b));
  const total = ascending.reduce((sum, [, n]) => sum + n, 0);
  let kept = Math.floor(total * (1 - share) + 1e-9);
  const rest: BucketCounts = {};
  for (const [bucket, n] of ascending) {
    const taken = Math.min(kept, n);
    if (taken > 0) rest[bucket] = taken;
    kept -= taken;
  }
  return rest;
}

/**
 * A stall is written down in the second in which it began, by the probes that had been due in it; what it delayed is counted in the second in which
 * it ended. So the seconds that it reaches into count like the one in which it began; one of less than a second counts by its length.
 * A second without probes (the lines of distant workers have them once in ten seconds) takes those of the next that has some.
 */
function stalledShares(seconds: readonly ClientSecond[]): number[] {
  const own = seconds.map(({ histograms }) =>
    shareAbove(histograms.loopDelayMicros, generatorLimits.loopDelayP99Ms * 1_000),
  );
  for (let n = own.length - 2; n >= 0; n--) {
    const next = own[n + 1];
    if (own[n]?.total === 0 && next) own[n] = next;
  }
  const shares = own.map(({ share }) => share);
  own.forEach(({ share, longestMicros }, n) => {
    const from = seconds[n]?.second ?? 0;
    const stallSeconds = longestMicros / 1_000_000;
    // Less the width of a bucket: 3.001 s reach into no more seconds than 3 s.
    const until = from + Math.ceil(stallSeconds * 0.99);
    for (let at = n + 1; at < seconds.length && (seconds[at]?.second ?? 0) <= until; at++)
      shares[at] = Math.max(shares[at] ?? 0, share * Math.min(1, stallSeconds));
  });
  return shares;
}

/** Whether each second is part of a stretch that is too long above the CPU limit. */
function busySeconds(seconds: readonly ClientSecond[]): boolean[] {
  const stretches = busyStretches(seconds, generatorLimits.cpuShare);
  const busy = stretches.map(() => false);
  stretches.forEach((length, n) => {
    if (length >= generatorLimits.busySeconds) busy.fill(true, n - length + 1, n + 1);
  });
  return busy;
}

interface LateStarts {
  share: number;
  total: number;
}

function shareAbove(counts: BucketCounts = {}, micros: number): LateStarts & { longestMicros: number } {
  let [above, total, longestMicros] = [0, 0, 0];
  for (const [bucket, n] of Object.entries(counts)) {
    const value = highestValueOf(Number(bucket));
    total += n;
    if (value > micros) above += n;
    longestMicros = Math.max(longestMicros, value);
  }
  return { share: total === 0 ? 0 : above / total, total, longestMicros };
}
