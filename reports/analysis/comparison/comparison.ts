/** What changed between runs beyond noise. Pure. */
import { mean, meanDifference } from '../../../capacity/statistics/mean-difference.ts';
import type { MeasureGroup } from './groups.ts';
import type { Measure } from './measures.ts';

/** All intervals of a comparison hold together with this probability (Bonferroni): of 20 comparisons of the same with itself one reports a change. */
export const confidence = 0.95;
/** A change of less is none, however exactly it was measured. */
export const leastChange = 0.01;

export interface ComparedSide {
  name: string;
  /** The measures of each of its runs. */
  runs: readonly (readonly Measure[])[];
}

interface ComparedValue {
  /** Of the runs that have a value; null: none has. */
  mean: number | null;
  /** That have a value. */
  runs: number;
  /** That have none, since what it is a percentile of failed too often. */
  failed: number;
}

type ChangeVerdict =
  /** Beyond noise, in the direction that is for the better or the worse. */
  | 'better'
  | 'worse'
  /** Whatever difference there is, noise alone makes as much. */
  | 'same'
  | 'notJudged';

export interface ComparedMeasure extends Omit<Measure, 'value'> {
  /** Null: no run of it has the measure. */
  before: ComparedValue | null;
  after: ComparedValue | null;
  /** after / before, of the (geometric) means; null where one of them is not there or is 0. */
  ratio: number | null;
  /** Of the ratio; null where nothing says how much runs of a side differ. */
  interval: { lower: number; upper: number } | null;
  verdict: ChangeVerdict;
  /** Why it is not judged; null where it is. */
  reason: 'oneRunEach' | 'missing' | 'failedInARun' | 'zero' | null;
}

export interface Comparison {
  before: string;
  after: string;
  rows: ComparedMeasure[];
}

/** Each side with the first, which is the baseline. */
export function compareSides(sides: readonly ComparedSide[]): Comparison[] {
  const [baseline, ...others] = sides;
  if (baseline === undefined) return [];
  const pairs = others.map((side) => pairsOf(baseline, side));
  const tests = pairs.flat().filter(({ before, after }) => varies(before, after)).length;
  const each = 1 - (1 - confidence) / Math.max(1, tests);
  return others.map((side, n) => ({
    before: baseline.name,
    after: side.name,
    rows: (pairs[n] ?? []).map((pair) => rowOf(pair, each)),
  }));
}

interface Pair {
  measure: Omit<Measure, 'value'>;
  before: Values;
  after: Values;
}

interface Values {
  values: number[];
  /** Runs that have the measure, but no value for it. */
  failed: number;
}

function pairsOf(baseline: ComparedSide, side: ComparedSide): Pair[] {
  const known = new Map<string, Omit<Measure, 'value'>>();
  for (const { value: _value, ...measure } of [...baseline.runs, ...side.runs].flat())
    if (!known.has(measure.id)) known.set(measure.id, measure);
  return chosenQuotas(
    [...known.values()].map((measure) => ({
      measure,
      before: valuesOf(baseline, measure.id),
      after: valuesOf(side, measure.id),
    })),
  );
}

/** Below this utilisation in every run a quota binds nothing, and its row would only make the others less sure. */
const leastUtilisation = 0.01;
/** Quotas that are compared: those with the least headroom in any run of either side, so that one that begins to bind is among them. */
const mostQuotas = 8;

function chosenQuotas(pairs: readonly Pair[]): Pair[] {
  const most = ({ before, after }: Pair): number => Math.max(0, ...before.values, ...after.values);
  const chosen = new Set(
    pairs
      .filter((pair) => pair.measure.group === 'headroom' && most(pair) >= leastUtilisation)
      .toSorted((a, b) => most(b) - most(a))
      .slice(0, mostQuotas),
  );
  return pairs.filter((pair) => pair.measure.group !== 'headroom' || chosen.has(pair));
}

function valuesOf({ runs }: ComparedSide, id: string): Values {
  const found = runs.flatMap((measures) => measures.filter((measure) => measure.id === id));
  return {
    values: found.flatMap(({ value }) => (value === null ? [] : [value])),
    failed: found.filter(({ value }) => value === null).length,
  };
}

/** What is the same in every run of both sides cannot be taken for a change, so it makes no interval wider. */
const varies = (
  { values: before, failed: failedBefore }: Values,
  { values: after, failed: failedAfter }: Values,
): boolean =>
  before.length > 0 &&
  after.length > 0 &&
  failedBefore + failedAfter === 0 &&
  [...before, ...after].some((value) => value !== before[0]);

function rowOf({ measure, before, after }: Pair, each: number): ComparedMeasure {
  const row = {
    ...measure,
    before: comparedValue(before),
    after: comparedValue(after),
  };
  const none = { ratio: null, interval: null } as const;
  // Every run of one side has failed so much that there is no percentile, and none of the other: that is no noise.
  const lost = failedOn(before, after);
  if (lost !== null) return { ...row, ...none, verdict: lost, reason: null };
  // The runs that are left are the better ones: their mean would be too good.
  if (before.failed + after.failed > 0) return { ...row, ...none, verdict: 'notJudged', reason: 'failedInARun' };
  if (before.values.length === 0 || after.values.length === 0)
    return { ...row, ...none, verdict: 'notJudged', reason: 'missing' };
  if ([...before.values, ...after.values].some((value) => value <= 0))
    return {
      ...row,
      ...none,
      verdict: same(before.values, after.values) ? 'same' : 'notJudged',
      reason: same(before.values, after.values) ? null : 'zero',
    };
  const difference = meanDifference(before.values.map(Math.log), after.values.map(Math.log), each);
  const ratio = centreOf(after.values) / centreOf(before.values);
  if (difference.kind === 'refused') {
    const isSame = Math.abs(ratio - 1) < leastChange;
    return {
      ...row,
      ratio,
      interval: null,
      verdict: isSame ? 'same' : 'notJudged',
      reason: isSame ? null : 'oneRunEach',
    };
  }
  const interval = { lower: Math.exp(difference.lower), upper: Math.exp(difference.upper) };
  const isChange = (interval.lower > 1 || interval.upper < 1) && Math.abs(ratio - 1) >= leastChange;
  const isHigher = ratio > 1;
  return {
    ...{ ...row, ratio, interval },
    verdict: isChange ? (isHigher === (measure.better === 'higher') ? 'better' : 'worse') : 'same',
    reason: null,
  };
}

function comparedValue({ values, failed }: Values): ComparedValue | null {
  if (values.length + failed === 0) return null;
  return { mean: values.length === 0 ? null : centreOf(values), runs: values.length, failed };
}

function failedOn(before: Values, after: Values): 'better' | 'worse' | null {
  if (before.failed === 0 && after.failed > 1 && after.values.length === 0 && before.values.length > 1) return 'worse';
  if (after.failed === 0 && before.failed > 1 && before.values.length === 0 && after.values.length > 1) return 'better';
  return null;
}

const same = (before: readonly number[], after: readonly number[]): boolean =>
  [...before, ...after].every((value) => value === before[0]);

/** Geometric where that is possible: ratios are compared. */
const centreOf = (values: readonly number[]): number =>
  values.every((value) => value > 0) ? Math.exp(mean(values.map(Math.log))) : mean(values);

/** Changes for the worse that are to fail a build. */
export interface FailOn {
  /** Null: any group. */
  group: MeasureGroup | null;
  /** Changes of less are let pass, as a share. */
  least: number;
}

export function regressions(comparisons: readonly Comparison[], failOn: readonly FailOn[]): ComparedMeasure[] {
  return comparisons
    .flatMap(({ rows }) => rows)
    .filter(
      ({ verdict, group, ratio }) =>
        verdict === 'worse' &&
        failOn.some(
          (each) =>
            (each.group === null || each.group === group) && (ratio === null || Math.abs(ratio - 1) >= each.least),
        ),
    );
}

/** With one run each nothing is judged, even what is alike. */
const isJudged = ({ verdict, before, after }: ComparedMeasure): boolean =>
  verdict !== 'notJudged' &&
  [before, after].reduce((runs, side) => runs + (side?.runs ?? 0) + (side?.failed ?? 0), 0) > 2;

/** What is to fail a build, and of which some comparison judged no measure: that nothing of it is worse says nothing. */
export function unjudged(
  comparisons: readonly Comparison[],
  failOn: readonly FailOn[],
): { group: MeasureGroup | null; why: 'oneRunEach' | 'noMeasure' }[] {
  return failOn.flatMap(({ group }) => {
    const rows = comparisons.map((comparison) =>
      comparison.rows.filter((row) => group === null || row.group === group),
    );
    const lacking = rows.find((some) => !some.some(isJudged));
    if (lacking === undefined) return [];
    const isOneEach =
      lacking.length > 0 && lacking.every((row) => row.reason === 'oneRunEach' || row.verdict === 'same');
    return [{ group, why: isOneEach ? 'oneRunEach' : 'noMeasure' }];
  });
}

/** Runs of a side from which on it may be said that nothing is worse: of fewer only manifold changes are seen. */
export const leastRunsToPass = 3;
