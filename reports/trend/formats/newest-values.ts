/** The newest valid value of each series that was measured in the newest night: what formats without a history hold. */
import type { JudgedHistory, JudgedSeries } from '../../../history/judged-history.ts';
import { entryOf, type SeriesPoint } from '../../../history/series.ts';

export interface NewestValue {
  series: JudgedSeries;
  entry: string;
  metric: string;
  point: SeriesPoint;
  /** Smallest and largest of the repeats. */
  low: number;
  high: number;
}

export function newestValues({ series, newest }: JudgedHistory): NewestValue[] {
  return series.flatMap((each) => {
    const point = each.points.at(-1);
    if (each.newest !== newest || point === undefined) return [];
    const values = [point.value, ...point.repeats];
    const entry = entryOf(each.name);
    const metric = each.name.slice(entry.length + 1);
    return [{ series: each, entry, metric, point, low: Math.min(...values), high: Math.max(...values) }];
  });
}
