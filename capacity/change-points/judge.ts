/**
 * What changed in a nightly series, and whether it did harm: change points with their direction, confirmed or not by what came next. Pure.
 *
 * Points are ratios where all are above zero: a change is then a factor. Changes for the better are found as well, since later nights are compared with the
 * new level, but only those that do harm are alarms.
 */
import { type ChangePoint, detectChanges, minBaseline } from './detect.ts';
import { median, noiseOf } from './noise.ts';

/** Where a series gets worse. */
export type Harm = 'higher' | 'lower';

export interface Point {
  value: number;
  /** A run that was made again to confirm what the night's own showed. */
  isRepeat: boolean;
}

/**
 * `confirmed`: the next point agrees, or the one on which it was found was a repeated run. `refuted`: the next point lies nearer to what was before. `suspected`: there is no
 * next point yet.
 */
type ChangeState = 'confirmed' | 'refuted' | 'suspected';

export interface Change {
  kind: 'regression' | 'improvement';
  state: ChangeState;
  /** Index of the first point after it, and of the one on which it was found. */
  at: number;
  foundAt: number;
  /** Typical value before and after, in the series' unit. */
  before: number;
  after: number;
  /** How sure: standard deviations of normal noise; infinite where a series without noise changed. */
  strength: number;
  /** The newest points are as before again. */
  hasRecovered: boolean;
}

/** Points between two changes: what the series was then. */
interface Stretch {
  from: number;
  /** Index of the last point. */
  to: number;
  centre: number;
  /** Two standard deviations to both sides; both equal the centre where there is no noise. */
  low: number;
  high: number;
}

export type Judgement =
  /** A series is judged from one more point than this on. */
  | { kind: 'notEnoughHistory'; points: number; needed: number; stretches: Stretch[] }
  | {
      kind: 'judged';
      changes: Change[];
      stretches: Stretch[];
      /** Standard deviation from night to night, as a share of the value (or in its unit, where values reach zero); 0: exact. */
      noise: number;
      /** Points of the current level that are still missing until it is watched again; 0: it is watched. */
      watchedIn: number;
    };

/** False alarms that are accepted a year, of one series and of all that are watched together. */
const falseAlarmsPerYear = { series: 0.03, suite: 0.3 } as const;

/** With many series, each has its share of the false alarms of all. */
export const alarmsOfEach = (series: number): number =>
  Math.min(falseAlarmsPerYear.series, falseAlarmsPerYear.suite / Math.max(1, series));

/** Newest points that have to be as before until a change counts as undone. */
const recoveredAfter = 2;

interface JudgeOptions {
  harm: Harm;
  /** Series of the same history that are watched as well, this one included. */
  watched: number;
}

/** Points oldest first. */
export function judge(points: readonly Point[], { harm, watched }: JudgeOptions): Judgement {
  const raw = points.map(({ value }) => value);
  const scale = scaleOf(raw);
  const values = raw.map(scale.to);
  const found = detectChanges(values, { falseAlarmsPerYear: alarmsOfEach(watched) });
  const stretches = stretchesOf(values, found, scale);
  if (points.length <= minBaseline)
    return { kind: 'notEnoughHistory', points: points.length, needed: minBaseline + 1, stretches };
  const changes = found.map((change, index) =>
    described(change, { points, values, next: found[index + 1], harm, scale }),
  );
  const [start, end] = [found.at(-1)?.at ?? 0, values.length];
  return {
    kind: 'judged',
    changes,
    stretches,
    noise: deviationOf(values.slice(start, end)),
    watchedIn: Math.max(0, minBaseline + 1 - (end - start)),
  };
}

/**
 * Whether the newest point, had it come twice, would be a regression: the question that is answered by running it again. False where there is one on the newest point already, or too
 * little history.
 */
export function isSuspicious(points: readonly Point[], options: JudgeOptions): boolean {
  const last = points.at(-1);
  if (last === undefined) return false;
  const again = judge([...points, { ...last, isRepeat: true }], options);
  if (again.kind === 'notEnoughHistory') return false;
  const newest = points.length - 1;
  return again.changes.some(
    ({ kind, foundAt, hasRecovered }) => kind === 'regression' && foundAt >= newest && !hasRecovered,
  );
}

interface Scale {
  to: (value: number) => number;
  from: (value: number) => number;
}
/** A value that reaches zero later is an outlier, and not the end of the ratios. */
const least = 1e-12;
const ratios: Scale = { to: (value) => Math.log(Math.max(value, least)), from: Math.exp };
const differences: Scale = { to: (value) => value, from: (value) => value };
/** By the first baseline: what was said of a night must not depend on a later one. */
const scaleOf = (values: readonly number[]): Scale =>
  values.slice(0, minBaseline).every((value) => value > 0) ? ratios : differences;

function described(
  { at, foundAt, strength }: ChangePoint,
  {
    points,
    values,
    next,
    harm,
    scale,
  }: {
    points: readonly Point[];
    values: readonly number[];
    next: ChangePoint | undefined;
    harm: Harm;
    scale: Scale;
  },
): Change {
  const before = median(values.slice(Math.max(0, at - minBaseline), at));
  const after = median(values.slice(at, next?.at ?? values.length));
  const isNear = (value: number | undefined) =>
    value !== undefined && Math.abs(value - after) <= Math.abs(value - before);
  const following = points[foundAt + 1];
  const state: ChangeState =
    points[foundAt]?.isRepeat === true
      ? 'confirmed'
      : following === undefined
        ? 'suspected'
        : isNear(values[foundAt + 1])
          ? 'confirmed'
          : 'refuted';
  const newest = values.slice(foundAt + 1).slice(-recoveredAfter);
  return {
    kind: strength > 0 === (harm === 'higher') ? 'regression' : 'improvement',
    state,
    ...{
      at,
      foundAt,
      before: exactly(scale, before, values, points),
      after: exactly(scale, after, values, points),
      strength,
    },
    hasRecovered: newest.length === recoveredAfter && !newest.some(isNear),
  };
}

/** The value itself where it is one of the points: a logarithm there and back would make 5 of it 5.000000000000001. */
function exactly(scale: Scale, value: number, values: readonly number[], points: readonly Point[]): number {
  const index = values.indexOf(value);
  return points[index]?.value ?? scale.from(value);
}

function stretchesOf(values: readonly number[], changes: readonly ChangePoint[], scale: Scale): Stretch[] {
  const starts = [0, ...changes.map(({ at }) => at)];
  return starts.flatMap((from, index) => {
    const to = (starts[index + 1] ?? values.length) - 1;
    if (to < from) return [];
    const own = values.slice(from, to + 1);
    const centre = median(own);
    const width = 2 * deviationOf(own);
    return [
      { from, to, centre: scale.from(centre), low: scale.from(centre - width), high: scale.from(centre + width) },
    ];
  });
}

/** Robust, as the detection has it; too few points have none. */
function deviationOf(values: readonly number[]): number {
  if (values.length < 3) return 0;
  const centre = median(values);
  return noiseOf(values.map((value) => value - centre)).deviation;
}
