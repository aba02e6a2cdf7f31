/** A history's series with what is said of each. Pure. */
import { type Change, type Judgement, judge } from '../capacity/change-points/judge.ts';
import type { History } from './history.ts';
import type { Acknowledgement } from './line.ts';
import { type AssembledHistory, assemble, entryOf, type Series, type SeriesPoint } from './series.ts';

/** A change with its nights, and whether somebody has accepted it. */
export interface JudgedChange extends Change {
  /** The first night after it, the last before it, and the one on which it was found. */
  first: SeriesPoint;
  lastBefore: SeriesPoint;
  found: SeriesPoint;
  acknowledged: Acknowledgement | null;
}

export interface JudgedSeries extends Series {
  judgement: Judgement;
  changes: JudgedChange[];
  /** Of the same commit on the same machine, one after the other: standard deviation as a share of the value; null where no night has repeats. */
  sameNightNoise: { share: number; pairs: number } | null;
  /** It goes on: no later night measured its entry without it. A night without the entry ends nothing, so that it hides no regression. */
  isCurrent: boolean;
}

export interface JudgedHistory extends Pick<AssembledHistory, 'oddities'>, Pick<History, 'skipped'> {
  series: JudgedSeries[];
  /** Sequence of the newest night; 0: there is none. */
  newest: number;
  /** Series that share the false alarms of all. */
  watched: number;
}

export function judgeHistory({ lines, acknowledgements, skipped }: History): JudgedHistory {
  const { series, oddities } = assemble(lines);
  const newest = series.reduce((largest, each) => Math.max(largest, each.newest), 0);
  const isCurrent = goesOn({ series, oddities });
  const watched = series.filter(isCurrent).length;
  return {
    oddities,
    skipped,
    newest,
    watched,
    series: series.map((each) => judgeSeries(each, { watched, acknowledgements, isCurrent: isCurrent(each) })),
  };
}

/** A series ends when a later night has valid values of its entry on the same target and none of it (another plan, machine or metric), or has its plan under another name. */
function goesOn({ series, oddities }: AssembledHistory): (series: Series) => boolean {
  const placeOf = ({ name, target }: Series) => `${entryOf(name)}|${target}`;
  const newest = new Map<string, number>();
  for (const each of series) newest.set(placeOf(each), Math.max(newest.get(placeOf(each)) ?? 0, each.newestValid));
  const renamed = new Set(oddities.flatMap((oddity) => (oddity.kind === 'renamed' ? [oddity.from] : [])));
  return (each) => each.newest >= (newest.get(placeOf(each)) ?? 0) && !renamed.has(entryOf(each.name));
}

function judgeSeries(
  series: Series,
  {
    watched,
    acknowledgements,
    isCurrent,
  }: { watched: number; acknowledgements: readonly Acknowledgement[]; isCurrent: boolean },
): JudgedSeries {
  const judgement = judge(series.points, { harm: series.harm, watched });
  const changes = judgement.kind === 'judged' ? judgement.changes : [];
  return {
    ...series,
    judgement,
    changes: changes.flatMap((change) => withNights(series, change, acknowledgements)),
    sameNightNoise: noiseWithin(series.points),
    isCurrent,
  };
}

function withNights(
  { name, points }: Series,
  change: Change,
  acknowledgements: readonly Acknowledgement[],
): JudgedChange[] {
  const [first, lastBefore, found] = [points[change.at], points[change.at - 1], points[change.foundAt]];
  if (!first || !lastBefore || !found) return [];
  const isOf = ({ series, night }: Acknowledgement) => series === name && night >= first.night && night <= found.night;
  return [{ ...change, first, lastBefore, found, acknowledged: acknowledgements.findLast(isOf) ?? null }];
}

/** Regressions that are confirmed, not accepted, and not undone. */
export const openRegressions = ({ changes, isCurrent }: JudgedSeries): JudgedChange[] =>
  isCurrent
    ? changes.filter(
        ({ kind, state, acknowledged, hasRecovered }) =>
          kind === 'regression' && state === 'confirmed' && acknowledged === null && !hasRecovered,
      )
    : [];

/** Pooled over the nights: Σ(x − mean)² / Σ(n − 1), of logarithms, so that it is a share of the value. */
function noiseWithin(points: readonly SeriesPoint[]): JudgedSeries['sameNightNoise'] {
  let squares = 0;
  let pairs = 0;
  for (const { repeats } of points) {
    if (repeats.length < 2 || repeats.some((value) => value <= 0)) continue;
    const logs = repeats.map(Math.log);
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    for (const value of logs) squares += (value - mean) ** 2;
    pairs += logs.length - 1;
  }
  return pairs === 0 ? null : { share: Math.sqrt(squares / pairs), pairs };
}
