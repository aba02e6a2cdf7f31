/** One series as a small chart: its nights, the noise around each level, and where it changed. Drawn without a library, since a page has forty of them. */
import type { JudgedSeries } from '../../history/judged-history.ts';
import type { SeriesPoint } from '../../history/series.ts';
import { type Markup, markup } from '../render/markup.ts';
import { shortCommit, valueWords } from './words.ts';

const width = 320;
const height = 96;
const margin = { top: 8, right: 6, bottom: 8, left: 6 };
/** More nights than pixels: the newest are shown. */
const maxPoints = 400;
/** Relative: levels are means of logarithms, and that of 100, 100, 100 is not 100 to the last digit. */
const roundingError = 1e-9;

/** As a chart's cursor names it: its night and its commit. The page has a list of them, and each chart numbers of it. */
export const nameOf = ({ night, commit }: Pick<SeriesPoint, 'night' | 'commit'>): string =>
  commit === null ? night : `${night}, ${shortCommit(commit)}`;

/** Null where there is nothing to draw. `nights`: the place of each {@link nameOf} in the page's list. */
export function smallChart(series: JudgedSeries, nights: ReadonlyMap<string, number>): Markup | null {
  const skipped = Math.max(0, series.points.length - maxPoints);
  const points = series.points.slice(skipped);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const unjudged = series.unjudged.filter(({ value, after }) => value !== null && (skipped === 0 || after >= skipped));
  const stretches = series.judgement.stretches.filter(({ to }) => to >= skipped);
  const values = [
    ...points.map(({ value }) => value),
    ...stretches.flatMap(({ low, high }) => [low, high]),
    ...unjudged.flatMap(({ value }) => value ?? []),
  ];
  const [low, high] = extent(values);
  const isFlat = high - low <= roundingError * Math.abs(high);
  const span = isFlat ? Math.abs(high) * 0.2 || 1 : high - low;
  const x = (index: number) =>
    figure(margin.left + ((width - margin.left - margin.right) * (index - skipped + 0.5)) / points.length);
  const y = (value: number) =>
    figure(
      height - margin.bottom - ((height - margin.top - margin.bottom) * (value - low + (isFlat ? span / 2 : 0))) / span,
    );
  const line = points.map(({ value }, index) => `${index === 0 ? 'M' : 'L'}${x(index + skipped)} ${y(value)}`).join('');
  const bands = stretches.map(({ from, to, low: lowest, high: highest, centre }) => {
    const [left, right] = [Number(x(Math.max(from, skipped))), Number(x(to))];
    const [top, bottom] = [Number(y(highest)), Number(y(lowest))];
    return markup`<rect x="${left}" y="${top}" width="${figure(Math.max(1, right - left))}" height="${figure(Math.max(0.5, bottom - top))}" class="band"/><path d="M${left} ${y(centre)}H${right}" class="level"/>`;
  });
  const changes = series.changes
    .filter(({ at }) => at >= skipped)
    .map(({ at, kind, state, acknowledged }) => {
      const tone = kind === 'improvement' ? 'better' : acknowledged || state !== 'confirmed' ? 'accepted' : 'worse';
      return markup`<path d="M${figure(Number(x(at)) - 2)} ${margin.top}V${height - margin.bottom}" class="change ${tone}"/>`;
    });
  const marks = unjudged.map(
    ({ value, after }) =>
      markup`<circle cx="${x(Math.max(after, skipped))}" cy="${y(value ?? 0)}" r="1.8" class="unjudged"/>`,
  );
  const data = markup` data-nights="${rangesOf(points.map((point) => nights.get(nameOf(point)) ?? 0))}" data-values="${points.map(({ value }) => Number(value.toPrecision(5))).join(' ')}" data-unit="${series.unit}" data-plot="${margin.left} ${width - margin.right} ${width}" data-name="${series.name}"`;
  const svg = markup`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${bands}${changes}<path d="${line}" class="nights"/>${marks}<circle cx="${x(series.points.length - 1)}" cy="${y(last.value)}" r="2.2" class="newest"/></svg>`;
  return markup`<div class="small"${data}>${svg}</div><small class="reach">${first.night} to ${last.night}; drawn from ${valueWords(low, '')} to ${valueWords(high, series.unit)}</small>`;
}

/** 0 1 2 5 → "0-2 5". */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const each of numbers) {
    const newest = ranges.at(-1);
    if (newest && each === newest[1] + 1) newest[1] = each;
    else ranges.push([each, each]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(' ');
}

const figure = (value: number): string => String(Math.round(value * 10) / 10);

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
