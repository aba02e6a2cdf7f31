/** One panel of the timeline as an SVG, coloured by the page's CSS variables. Made when the report is built: the page has no chart library. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { approx } from '../analysis/numbers.ts';
import type { Panel, Timeline } from '../analysis/timeline.ts';
import { panelSentence } from '../document/timeline.ts';

/** Drawn at this size and scaled by the page; text of 12 px stays readable on a phone, where the chart is about 340 px wide. */
const width = 480;
const height = 210;
/** More points than pixels add nothing: longer runs are drawn by the largest value of each stretch. */
const maxPoints = 400;
/** A bound is drawn when it is at most this far above the data; farther, it would flatten them, and a sentence says where it is. */
const reachAboveData = 1.6;

export const lineStyles = [
  { color: 'var(--line-1)', dash: 'none' },
  { color: 'var(--line-2)', dash: '7 3' },
  { color: 'var(--line-3)', dash: '2 3' },
  { color: 'var(--line-4)', dash: '9 3 2 3' },
] as const;
const styleOf = (index: number) => lineStyles[index % lineStyles.length] ?? lineStyles[0];

export interface Chart {
  svg: string;
  /** Bounds that are too far above the data to be drawn, in sentences. */
  notes: string[];
  /** What the chart shows, for a reader who can't see it. */
  description: string;
}

export function drawPanel(panel: Panel, timeline: Pick<Timeline, 'lastSecond' | 'steady'>): Chart {
  const values = panel.lines.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  const top = values.reduce((max, value) => Math.max(max, value), 0);
  const inRange = panel.bounds.filter(({ value }) => top > 0 && value <= top * reachAboveData);
  const notes = panel.bounds
    .filter((bound) => !inRange.includes(bound))
    .map(({ name, value }) =>
      top > 0
        ? `${name}: ${approx(value)} ${panel.unit}, ${approx(value / top)}× the highest value here.`
        : `${name}: ${approx(value)} ${panel.unit}.`,
    );
  const yMax = Math.max(top, ...inRange.map(({ value }) => value)) * 1.08 || 1;
  return { svg: svgOf(panel, timeline, inRange, yMax), notes, description: [panelSentence(panel), ...notes].join(' ') };
}

function svgOf(
  panel: Panel,
  { lastSecond, steady }: Pick<Timeline, 'lastSecond' | 'steady'>,
  bounds: Panel['bounds'],
  yMax: number,
): string {
  const { document } = parseHTML('<html><body></body></html>');
  const marks = [
    ...(steady ? [Plot.rect([steady], { x1: 'from', x2: 'to', y1: 0, y2: yMax, fill: 'var(--steady)' })] : []),
    Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: 'var(--axis)' }),
    ...panel.lines.map(({ points }, i) =>
      Plot.line(thinned(points), {
        x: '0',
        y: '1',
        stroke: styleOf(i).color,
        strokeDasharray: styleOf(i).dash,
        strokeWidth: 1.8,
      }),
    ),
    // A point between two gaps makes no line.
    ...panel.lines.map(({ points }, i) =>
      Plot.dot(isolated(points), { x: '0', y: '1', r: 2, fill: styleOf(i).color, stroke: 'none' }),
    ),
    ...bounds.flatMap(({ name, value }) => [
      Plot.ruleY([value], { stroke: 'var(--bound)', strokeWidth: 1.4, strokeDasharray: '4 3' }),
      Plot.text([{ name, value }], {
        text: 'name',
        y: 'value',
        frameAnchor: 'right',
        dy: -6,
        fill: 'var(--bound)',
        textAnchor: 'end',
      }),
    ]),
  ];
  const figure = Plot.plot({
    document,
    width,
    height,
    marginLeft: 52,
    marginBottom: 34,
    style: { fontSize: '12px', background: 'none', color: 'var(--muted)' },
    x: { domain: [0, Math.max(1, lastSecond)], label: 'seconds', ticks: 6 },
    y: { domain: [0, yMax], label: null, ticks: 4, tickFormat: (value: number) => approx(value) },
    marks,
  });
  figure.removeAttribute('class');
  figure.setAttribute('viewBox', `0 0 ${width} ${height}`);
  // Plot's own <style> repeats in each chart and names a class that is not needed here.
  for (const style of figure.querySelectorAll('style')) style.remove();
  figure.setAttribute('aria-hidden', 'true');
  figure.setAttribute('focusable', 'false');
  return figure.outerHTML
    .replaceAll(' xmlns="http://www.w3.org/2000/svg"', '')
    .replaceAll(' xmlns:xlink="http://www.w3.org/1999/xlink"', '');
}

function thinned(points: readonly [number, number | null][]): [number, number | null][] {
  const stride = Math.ceil(points.length / maxPoints);
  if (stride <= 1) return [...points];
  return binned(points, stride);
}

const isolated = (points: readonly [number, number | null][]): [number, number | null][] =>
  points.filter(
    ([, value], i) => value !== null && (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null,
  );

/** The largest value of each stretch of `stride` points, at its first second. */
export function binned(points: readonly [number, number | null][], stride: number): [number, number | null][] {
  const bins: [number, number | null][] = [];
  for (let i = 0; i < points.length; i += stride) {
    const stretch = points.slice(i, i + stride);
    const values = stretch.flatMap(([, value]) => (value === null ? [] : [value]));
    bins.push([stretch[0]?.[0] ?? 0, values.length > 0 ? Math.max(...values) : null]);
  }
  return bins;
}
