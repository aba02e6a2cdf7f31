/**
 * Change points of a nightly series, found in the order in which the nights came: what is said of a night depends on no later one. Pure.
 *
 * Each night, every split of the current stretch into a baseline and the nights after it is a candidate; its statistic is the shift between the two,
 * over the deviation that the mean of that many nights has under the noise of the series, correlation included. The largest is a change point if it
 * is beyond what noise alone would reach so rarely as is asked for. The stretch then begins anew at the change.
 */
import { median, type Noise, noiseOf, varianceOfMean } from './noise.ts';

export interface ChangePoint {
  /** Index of the first night after the change. */
  at: number;
  /** Index of the night on which it was found. */
  foundAt: number;
  /** Mean before, and after, in the series' own unit or logarithm. */
  before: number;
  after: number;
  /** Standard deviations of normal noise that the change is worth. */
  strength: number;
}

export interface DetectOptions {
  /** False alarms that are accepted, a series and year of independent noise. Default: 0.03. */
  falseAlarmsPerYear?: number;
}

/** Nights before a series is judged. */
export const minBaseline = 10;
/** One bad night is an outlier: a change lasts for two. */
const minAfter = 2;
/** The slowest changes are seen over this many nights. */
const maxAfter = 45;
const maxBaseline = 60;
/** Nights from which the noise is estimated, earlier stretches included. */
const noiseNights = 90;
/** A night counts as at most this many deviations. */
const clip = 4;
/** Up to this many nights after a change, their median stands for them; from there on the mean, clipped. */
const mostForMedian = 5;

/** Of one series that is watched alone. */
const falseAlarmsPerYear = 0.03;
/** Splits of one night, in independent tests: simulated, so that the stated rate holds (bench/regression). */
const testsPerNight = 40;
const nightsPerYear = 365;

/**
 * Values oldest first, one a night, without gaps; on a logarithmic scale if changes are ratios. An exact series, whose baseline has no noise at all,
 * changes with the first night that differs.
 */
export function detectChanges(values: readonly number[], options: DetectOptions = {}): ChangePoint[] {
  const threshold = strengthOf(options.falseAlarmsPerYear ?? falseAlarmsPerYear);
  const changes: ChangePoint[] = [];
  let start = 0;
  let pooled: number[] = [];
  let noises: Noises = new Map();
  for (let night = minBaseline; night < values.length; night++) {
    const found = strongest({ values, start, pooled, night, noises });
    if (found === null || Math.abs(found.strength) < threshold) continue;
    const change = { ...found, at: likeliestStart(values, start, found) };
    changes.push(change);
    pooled = [...pooled, ...residualsOf(values, start, change.at)].slice(-noiseNights);
    start = change.at;
    noises = new Map();
  }
  return changes;
}

/** The split at which two means, before and after, fit best: what was found says that there was a change, not on which of its first nights. */
function likeliestStart(values: readonly number[], start: number, { at, foundAt, before, after }: ChangePoint): number {
  const nearer = (index: number) => Math.abs((values[index] ?? 0) - after) < Math.abs((values[index] ?? 0) - before);
  let best = { at, misfits: Number.POSITIVE_INFINITY };
  const first = Math.max(start + minBaseline, at - minBaseline);
  for (let candidate = foundAt; candidate >= first; candidate--) {
    let misfits = 0;
    for (let index = first; index <= foundAt; index++) if (nearer(index) !== index >= candidate) misfits++;
    if (misfits < best.misfits) best = { at: candidate, misfits };
  }
  return best.at;
}

interface Stretch {
  values: readonly number[];
  /** First night of the current stretch. */
  start: number;
  /** Residuals of earlier stretches. */
  pooled: readonly number[];
  /** The last night that is known. */
  night: number;
  /** Those already known of this stretch, by the night before which they end. */
  noises: Noises;
}

type CentredNoise = Noise & { centre: number };
type Noises = Map<number, CentredNoise>;

function strongest(stretch: Stretch): ChangePoint | null {
  const { values, start, night, noises } = stretch;
  const end = night + 1;
  if (end - start <= minBaseline) return null;
  let best: ChangePoint | null = null;
  // An exact series: its first night that differs.
  if (isConstant(values, start, night) && values[night] !== values[start] && stretch.pooled.every((r) => r === 0)) {
    const [before, after] = [values[start] ?? Number.NaN, values[night] ?? Number.NaN];
    return { at: night, foundAt: night, before, after, strength: after > before ? Infinity : -Infinity };
  }
  const most = Math.min(maxAfter, end - start - minBaseline);
  let sums: ClampedSums | null = null;
  for (let after = minAfter; after <= most; after++) {
    const at = end - after;
    const from = Math.max(start, at - maxBaseline);
    // The noise is that of nights before any split of this size.
    const quiet = end - Math.min(noiseCutOf(after), most);
    const noise = noises.get(quiet) ?? noiseUntil(stretch, quiet);
    noises.set(quiet, noise);
    if (noise.deviation === 0) continue;
    const limit = clip * noise.deviation;
    if (sums?.noise !== noise) sums = clampedSums(values, { first: from, end, noise, limit });
    const before = sums.mean(from, at);
    const shift = shiftOf(values, { at, end, before, limit });
    const { deviation, correlation, degreesOfFreedom } = noise;
    const variance = varianceOfMean(after, correlation) + varianceOfMean(at - from, correlation);
    const strength = asNormal(shift / (deviation * Math.sqrt(variance)), degreesOfFreedom);
    if (best === null || Math.abs(strength) > Math.abs(best.strength))
      best = { at, foundAt: night, before, after: before + shift, strength };
  }
  return best;
}

const noiseCuts = [5, 15, maxAfter];
const noiseCutOf = (after: number): number => noiseCuts.find((cut) => after <= cut) ?? maxAfter;

function noiseUntil({ values, start, pooled }: Stretch, end: number): CentredNoise {
  const from = Math.max(start, end - noiseNights);
  const own = residualsOf(values, from, end);
  const earlier = pooled.slice(Math.max(0, pooled.length + own.length - noiseNights));
  return { ...noiseOf([...earlier, ...own]), centre: median(values.slice(from, end)) };
}

function residualsOf(values: readonly number[], from: number, end: number): number[] {
  const stretch = values.slice(from, end);
  const centre = median(stretch);
  return stretch.map((value) => value - centre);
}

interface ClampedSums {
  noise: CentredNoise;
  /** Mean of the values from `from` to `to`, none of which counts as further from the centre than the limit. */
  mean: (from: number, to: number) => number;
}

/** Baselines that overlap are added up once. Those of larger splits begin earlier than `first`, by at most {@link maxAfter} nights. */
function clampedSums(
  values: readonly number[],
  { first, end, noise, limit }: { first: number; end: number; noise: CentredNoise; limit: number },
): ClampedSums {
  const { centre } = noise;
  const lowest = Math.max(0, first - maxAfter);
  const sums = new Float64Array(end - lowest + 1);
  for (let index = lowest; index < end; index++)
    sums[index - lowest + 1] = (sums[index - lowest] ?? 0) + clamp((values[index] ?? centre) - centre, limit);
  return {
    noise,
    mean: (from, to) => centre + ((sums[to - lowest] ?? 0) - (sums[from - lowest] ?? 0)) / (to - from),
  };
}
const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/** Of two nights the smaller shift, of a few their median, of many the clipped mean: one night alone never makes a change. */
function shiftOf(
  values: readonly number[],
  { at, end, before, limit }: { at: number; end: number; before: number; limit: number },
): number {
  const shifts = values.slice(at, end).map((value) => value - before);
  if (shifts.length === minAfter) {
    const [first = 0, second = 0] = shifts;
    if (first * second <= 0) return 0;
    return Math.abs(first) < Math.abs(second) ? first : second;
  }
  if (shifts.length <= mostForMedian) return median(shifts);
  let sum = 0;
  for (const shift of shifts) sum += clamp(shift, limit);
  return sum / shifts.length;
}

function isConstant(values: readonly number[], from: number, end: number): boolean {
  for (let index = from + 1; index < end; index++) if (values[index] !== values[from]) return false;
  return true;
}

/** Student's t → the normal deviate of the same probability (Wallace, Annals of Mathematical Statistics 30, 1959), which no tail is too thin for. */
function asNormal(t: number, degreesOfFreedom: number): number {
  const scale = (8 * degreesOfFreedom + 1) / (8 * degreesOfFreedom + 3);
  return Math.sign(t) * scale * Math.sqrt(degreesOfFreedom * Math.log1p((t * t) / degreesOfFreedom));
}

/** Normal deviate that noise exceeds this often a year, to either side. */
function strengthOf(alarmsPerYear: number): number {
  const tail = alarmsPerYear / (nightsPerYear * testsPerNight);
  // Upper tail of the normal distribution, inverted by two steps of Newton from its asymptotic form.
  let z = Math.sqrt(-2 * Math.log(tail));
  for (let step = 0; step < 20; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z += (upperTail(z) - tail) / density;
  }
  return z;
}

/** Two-sided tail halves: P(Z > z), by the continued fraction of Laplace, exact to 10 digits from z = 2 on. */
function upperTail(z: number): number {
  let fraction = z;
  for (let step = 60; step > 0; step--) fraction = z + step / fraction;
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / fraction;
}
