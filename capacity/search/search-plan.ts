/** Which load to try next: the decisions of a capacity search, without its trials. */

export interface SearchSettings {
  /** First load. */
  start: number;
  /** Largest load to try. */
  max: number;
  /** Relative width of the bracket to stop at: 0.05 for upper = 1.05 × lower. */
  width: number;
  /** Loads are multiples of this, 1 for connections. Default: any. */
  resolution?: number | undefined;
  /** Of less than this a trial has nothing: a failing start is not halved any further. Default: 0. */
  smallest?: number | undefined;
}

export interface PlannedTrial {
  load: number;
  purpose: 'ramp' | 'bisection' | 'vote' | 'verification';
}

type Steps<Result> = Generator<PlannedTrial, Result, boolean>;
interface Ends {
  lower: number;
  upper: number | null;
}

const rampFactor = 2;
/** Votes of one side that decide a majority of three. */
const majority = 2;
/** Steps down are at least this, however narrow the width: each of many small ones would be another chance to pass by luck. */
const smallestStepDown = 0.04;
/**
 * Passes in a row that verify a lower bound: its own trial and three clean re-runs. Twice three for the load that bisection arrived at: it is
 * where it is because it passed, so that pass does not count.
 */
const passesAfterStepDown = 4;
const passesAfterBisection = 6;
/** How often a failing start is halved before the answer is that nothing is carried. */
const maxHalvings = 20;

export function problemOfSettings({ start, max, width, resolution }: SearchSettings): string | null {
  if (!(start > 0 && Number.isFinite(start))) return `The search starts at ${start}; a load above 0 is needed.`;
  if (!(max >= start && Number.isFinite(max))) return `The largest load, ${max}, is below the start, ${start}.`;
  if (!(width > 0 && width < 1)) return `A width of ${width} is not between 0 and 1: 0.05 is 5% of the load.`;
  if (resolution !== undefined && !(resolution > 0 && resolution <= start))
    return `A resolution of ${resolution} is not above 0 and at most the start, ${start}.`;
  return null;
}

/** Yields the next trial, takes whether it passed, and returns the bracket at last. */
export function* planSearch(settings: SearchSettings): Steps<Ends> {
  let ends = yield* ramp(settings, { lower: 0, upper: null });
  // The ramp's failure may be chance; were it, the answer would be far too low.
  while (ends.lower > 0 && ends.upper !== null && (yield* wins(ends.upper, { passes: 0, failures: 1 }))) {
    const above = { lower: ends.upper, upper: null };
    ends = ends.upper < settings.max ? yield* ramp(settings, above) : above;
  }
  return yield* verify(settings, yield* bisect(settings, ends));
}

/** Doubles from the lower end, or from the start, to the first failure or the maximum; halves when the start fails. */
function* ramp(settings: SearchSettings, from: Ends): Steps<Ends> {
  const { start, max } = settings;
  let { lower } = from;
  let load = lower === 0 ? start : Math.min(max, rounded(lower * rampFactor, settings));
  while (yield { load, purpose: 'ramp' }) {
    lower = load;
    if (load >= max) return { lower, upper: null };
    load = Math.min(max, rounded(load * rampFactor, settings));
  }
  let upper = load;
  for (let i = 0; lower === 0 && i < maxHalvings; i += 1) {
    load = rounded(upper / rampFactor, settings);
    if (load <= 0 || load >= upper || load < (settings.smallest ?? 0)) break;
    if (yield { load, purpose: 'ramp' }) lower = load;
    else upper = load;
  }
  return { lower, upper };
}

function* bisect(settings: SearchSettings, { lower, upper }: Ends): Steps<Ends> {
  if (lower === 0 || upper === null) return { lower, upper };
  while (upper / lower - 1 > settings.width * (1 + 1e-9)) {
    const load = rounded(Math.sqrt(lower * upper), settings);
    if (load <= lower || load >= upper) break;
    if (yield { load, purpose: 'bisection' }) lower = load;
    else upper = load;
  }
  return { lower, upper };
}

/** The lower end once it has passed often enough without a failure, else the next one a step down. */
function* verify(settings: SearchSettings, { lower, upper }: Ends): Steps<Ends> {
  const step = 1 + Math.max(settings.width, smallestStepDown);
  let passes = passesAfterBisection;
  while (lower > 0) {
    if (yield* holds(lower, passes)) return { lower, upper };
    upper = lower;
    passes = passesAfterStepDown;
    const next = rounded(lower / step, settings);
    lower = next < lower ? next : lower - (settings.resolution ?? 0);
    if (lower < settings.start / rampFactor ** maxHalvings) lower = 0;
  }
  return { lower: 0, upper };
}

function* holds(load: number, passes: number): Steps<boolean> {
  for (let i = 0; i < passes; i += 1) if (!(yield { load, purpose: 'verification' })) return false;
  return true;
}

/** Whether passes reach a majority of three before failures do. */
function* wins(load: number, { passes, failures }: { passes: number; failures: number }): Steps<boolean> {
  let [won, lost] = [passes, failures];
  while (won < majority && lost < majority) {
    if (yield { load, purpose: 'vote' }) won += 1;
    else lost += 1;
  }
  return won >= majority;
}

function rounded(load: number, { resolution, max }: SearchSettings): number {
  return resolution === undefined ? load : Math.min(max, Math.floor(load / resolution + 1e-9) * resolution);
}
