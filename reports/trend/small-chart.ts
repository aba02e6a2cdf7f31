/** One series as a small chart: its nights, the noise around each level, and where it changed. Drawn without a library, since a page has forty of them. */
import type { JudgedSeries } from '../../history/judged-history.ts';
import { type Markup, markup } from '../render/markup.ts';

const width = 320;
const height = 96;
const margin = { top: 8, right: 6, bottom: 8, left: 6 };
/** More nights than pixels: the newest are shown. */
const maxPoints = 400;

/** Null where there is nothing to draw. */
export function smallChart(series: JudgedSeries): Markup | null {
  const skipped = Math.max(0, series.points.length - maxPoints);
  const points = series.points.slice(skipped);
  if (points.length === 0) return null;
  const unjudged = series.unjudged.filter(({ value, after }) => value !== null && (skipped === 0 || after >= skipped));
  const stretches = series.judgement.stretches.filter(({ to }) => to >= skipped);
  const values = [
    ...points.map(({ value }) => value),
    ...stretches.flatMap(({ low, high }) => [low, high]),
    ...unjudged.flatMap(({ value }) => value ?? []),
  ];
  const [low, high] = extent(values);
  const span = high - low || Math.abs(high) * 0.2 || 1;
  const x = (index: number) =>
    figure(margin.left + ((width - margin.left - margin.right) * (index - skipped + 0.5)) / points.length);
  const y = (value: number) =>
    figure(
      height -
        margin.bottom -
        ((height - margin.top - margin.bottom) * (value - low + (high === low ? span / 2 : 0))) / span,
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
  const last = points.at(-1);
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-hidden="true" focusable="false">${bands}${changes}<path d="${line}" class="nights"/>${marks}<circle cx="${x(series.points.length - 1)}" cy="${y(last?.value ?? 0)}" r="2.2" class="newest"/></svg>`;
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
