/** The timeline as CSV (RFC 4180), a row a second: for a spreadsheet, or whoever wants to draw it another way. */
import type { LatencyOverTime } from '../analysis/over-time/latency-over-time.ts';
import type { Timeline } from '../analysis/over-time/timeline.ts';
import { inOneLine } from './printable.ts';

type Value = number | null;

export function renderTimelineCsv(timeline: Timeline | null, latency: readonly LatencyOverTime[]): string {
  const columns = timeline === null ? [] : [...panelColumns(timeline), ...latencyColumns(latency)];
  const startMs = timeline === null ? 0 : Date.parse(timeline.startsAt);
  const seconds = timeline === null ? [] : Array.from({ length: timeline.lastSecond + 1 }, (_, second) => second);
  const rows = seconds.map((second) => [
    `${second}`,
    new Date(startMs + 1_000 * second).toISOString(),
    ...columns.map(({ values }) => fieldOf(values.get(second) ?? null)),
  ]);
  const head = ['second', 'time', ...columns.map(({ name }) => textOf(name))];
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

interface Column {
  name: string;
  values: Map<number, Value>;
}

/** Latency has columns of its own. */
const panelColumns = ({ panels }: Timeline): Column[] =>
  panels
    .filter(({ id }) => id !== 'latency')
    .flatMap(({ title, unit, lines }) =>
      lines.map(({ name, from, points }) => ({
        name: `${title}: ${name} (${unit}, ${from})`,
        values: new Map(points),
      })),
    );

const latencyColumns = (latency: readonly LatencyOverTime[]): Column[] =>
  latency.flatMap(({ name, seconds }) =>
    (['p50', 'p90', 'p99'] as const).map((percentile, i) => ({
      name: `${name} ${percentile} (ms, client)`,
      values: new Map(seconds.map((second) => [second[0], second[i + 1] ?? null])),
    })),
  );

/** What is not known is empty, and not 0. */
const fieldOf = (value: Value): string => (value === null ? '' : `${Number(value.toPrecision(6))}`);

/** A text that a spreadsheet would take for a formula begins with an apostrophe, which it shows as text. */
const textOf = (text: string): string => {
  const line = inOneLine(text);
  return `"${(/^\s*[=+\-@]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`;
};
