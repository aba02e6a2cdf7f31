/**
 * Apache Otava (https://otava.apache.org, read 2026-11): its JSON and its CSV, a file for each entry of the suite. It takes columns without gaps, so only nights are
 * in it in which all of the entry's series have a value.
 */
import type { JudgedHistory, JudgedSeries } from '../../../history/judged-history.ts';
import { entryOf, type SeriesPoint } from '../../../history/series.ts';

interface OtavaTable {
  entry: string;
  metrics: string[];
  rows: { atSeconds: number; commit: string; values: number[] }[];
}

export function otavaTables({ series }: JudgedHistory): OtavaTable[] {
  const byEntry = Map.groupBy(
    series.filter(({ isCurrent, points }) => isCurrent && points.length > 0),
    ({ name }) => entryOf(name),
  );
  return [...byEntry].map(([entry, some]) => tableOf(entry, some));
}

/** The n-th value of one run: the night's own, or its repeat. */
const keyOf = ({ run, isRepeat }: SeriesPoint): string => `${run} ${isRepeat}`;

function tableOf(entry: string, some: readonly JudgedSeries[]): OtavaTable {
  const columns = some.map(({ points }) => new Map(points.map((point) => [keyOf(point), point])));
  const rows = (some[0]?.points ?? []).flatMap((point) => {
    const values = columns.flatMap((column) => column.get(keyOf(point))?.value ?? []);
    if (values.length < columns.length) return [];
    return [{ atSeconds: Math.floor(Date.parse(point.at) / 1_000), commit: point.commit ?? '', values }];
  });
  return { entry, metrics: some.map(({ name }) => name.slice(entry.length + 1)), rows };
}

export const otavaJson = ({ metrics, rows }: OtavaTable): object[] =>
  rows.map(({ atSeconds, commit, values }) => ({
    timestamp: atSeconds,
    metrics: metrics.map((name, index) => ({ name, value: values[index] })),
    attributes: { commit },
  }));

export function otavaCsv({ metrics, rows }: OtavaTable): string {
  const lines = [
    ['time', 'commit', ...metrics],
    ...rows.map(({ atSeconds, commit, values }) => [
      new Date(atSeconds * 1_000).toISOString(),
      commit,
      ...values.map(String),
    ]),
  ];
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('');
}

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
