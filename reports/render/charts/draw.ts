/** A chart as an SVG, coloured by the page's CSS variables. Made when the report is written: the page has no chart library. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Chart, LaneChart, LineChart, Points } from '../../document/charts/chart.ts';
import { type Ends, endsOf, isLog, isPlaceable, tickInWords, ticksOf, valueInWords, withinAxis } from './scale.ts';

/** Drawn at this size and scaled by the page; text of 12 px stays readable on a phone, where a chart is about 350 px wide. */
const size = { width: 440, height: 210, marginLeft: 50, marginRight: 20, marginTop: 14, marginBottom: 34 };
const laneHeight = 20;
/** More points than a chart on a laptop shows apart add nothing but size: longer runs are drawn by the largest value of each stretch. */
export const maxPoints = 90;

const lineStyles = [
  { color: 'var(--line-1)', dash: 'none' },
  { color: 'var(--line-2)', dash: '7 3' },
  { color: 'var(--line-3)', dash: '2 3' },
  { color: 'var(--line-4)', dash: '9 3 2 3' },
  { color: 'var(--line-5)', dash: '12 4' },
  { color: 'var(--line-6)', dash: '4 2' },
] as const;
export const styleOf = (index: number) => lineStyles[index % lineStyles.length] ?? lineStyles[0];
export const laneColors = { near: 'var(--near)', bad: 'var(--bad)', muted: 'var(--line-6)' } as const;

export interface Drawing {
  svg: string;
  /** The plot's left and right end, as shares of the drawing's width, and the values there. */
  frame: { left: number; right: number } & Ends;
  /** Those that are drawn. */
  bounds: LineChart['bounds'];
}

export function drawLines(given: LineChart): Drawing {
  const chart = withinAxis(given);
  const { x, y, bounds } = endsOf(chart);
  const cover = { x1: 'from', x2: 'to', y1: y.from, y2: y.to };
  const stacked = stack(chart);
  const marks = [
    ...spansWithin(chart, x).map((span) => Plot.rect([span], { ...cover, fill: spanColors[span.tone] })),
    Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: ticksOf(chart.y, y) ?? yTickCount }),
    ...(isLog(chart.y.scale) ? [] : [Plot.ruleY([0], { stroke: 'var(--axis)' })]),
    ...stacked.map(({ rows, index }) =>
      Plot.areaY(rows, { x: 'x', y1: 'y1', y2: 'y2', fill: styleOf(index).color, fillOpacity: 0.75 }),
    ),
    ...chart.lines.flatMap((line, index) => lineMarks(chart, line, index)),
    ...bounds.map(({ value }) =>
      Plot.ruleY([value], { stroke: 'var(--bound)', strokeWidth: 1.4, strokeDasharray: '4 3' }),
    ),
    ...momentMarks(chart, x),
  ];
  return { svg: svgOf(chart, { x, y, marks }), frame: { ...frame, ...x }, bounds };
}

export function drawLanes(chart: LaneChart): Drawing {
  const ends = { from: chart.x.from ?? 0, to: chart.x.to ?? 1 };
  const x = ends.to > ends.from ? ends : { from: ends.from, to: ends.from + 1 };
  const y = { from: 0, to: chart.lanes.length };
  // A stretch of one second in an hour is still to be seen.
  const least = (x.to - x.from) / 150;
  const marks = [
    ...spansWithin(chart, x).map((span) =>
      Plot.rect([span], { x1: 'from', x2: 'to', y1: y.from, y2: y.to, fill: spanColors[span.tone] }),
    ),
    ...chart.lanes.map(({ tone, spans }, i) =>
      Plot.rect(
        spans.map(({ from, to }) => ({
          from: Math.min(from, x.to - least),
          to: Math.min(x.to, Math.max(to, from + least)),
        })),
        { x1: 'from', x2: 'to', y1: y.to - i - 0.82, y2: y.to - i - 0.18, fill: laneColors[tone] },
      ),
    ),
    ...momentMarks(chart, x),
    Plot.text(chart.lanes, {
      ...{ x: () => x.from, y: (_, i) => y.to - i - 0.5, text: (_, i) => `${i + 1}` },
      ...{ dx: -8, textAnchor: 'end', fill: 'currentColor' },
    }),
    Plot.ruleY([0], { stroke: 'var(--axis)' }),
  ];
  const height = size.marginTop + size.marginBottom + laneHeight * chart.lanes.length;
  return { svg: svgOf(chart, { x, y, marks, height }), frame: { ...frame, ...x }, bounds: [] };
}

const frame = { left: size.marginLeft / size.width, right: 1 - size.marginRight / size.width };
const spanColors = { plain: 'var(--steady)', bad: 'var(--bar-bad)' } as const;
const yTickCount = 4;

/** What of a stretch is within the frame. */
const spansWithin = ({ spans }: Chart, { from, to }: Ends) =>
  spans
    .map((span) => ({ ...span, from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .filter((span) => span.to > span.from);

/** A line across, and its number: what it is stands in the legend. */
function momentMarks({ moments }: Chart, { from, to }: Ends) {
  const within = moments.map(({ at }, i) => ({ at, number: `${i + 1}` })).filter(({ at }) => at >= from && at <= to);
  return [
    Plot.ruleX(within, { x: 'at', stroke: 'var(--axis)', strokeDasharray: '2 3' }),
    Plot.text(within, { x: 'at', text: 'number', frameAnchor: 'top', dy: -10, fill: 'currentColor' }),
  ];
}

function lineMarks(chart: LineChart, { points: all, draw = 'line', band }: LineChart['lines'][number], index: number) {
  const { color, dash } = styleOf(index);
  const points = placed(thinned(all), chart);
  if (draw === 'area') return [];
  const below = chart.lines[index - 1];
  const between =
    band && below
      ? [
          Plot.areaY(bandOf(placed(thinned(below.points), chart), points), {
            ...{ x: 'x', y1: 'y1', y2: 'y2', fill: color, fillOpacity: 0.16 },
          }),
        ]
      : [];
  const dots = (some: Points, r: number) => Plot.dot(some, { x: '0', y: '1', r, fill: color, stroke: 'none' });
  if (draw === 'dots')
    return [
      dots(
        points.filter(([, value]) => value !== null),
        3.5,
      ),
    ];
  return [
    ...between,
    Plot.line(points, {
      ...{ x: '0', y: '1', stroke: color, strokeDasharray: dash, strokeWidth: 1.8 },
      ...(draw === 'step' && { curve: 'step-after' as const }),
    }),
    // A point between two gaps makes no line.
    dots(isolated(points), 2),
  ];
}

/** A value that the axis has no place for is a gap. */
const placed = (points: Points, { x, y }: LineChart): Points =>
  points.flatMap(([at, value]): Points => (isPlaceable(at, x) ? [[at, isPlaceable(value, y) ? value : null]] : []));

function bandOf(below: Points, above: Points) {
  const low = new Map(below);
  return above.map(([x, value]) => {
    const y1 = low.get(x) ?? null;
    return { x, y1: value === null ? null : y1, y2: y1 === null ? null : value };
  });
}

/** Each area on those before it, point by point: a step is two points at one place. */
function stack({ lines }: LineChart) {
  const sums: number[] = [];
  return lines.flatMap(({ points, draw }, index) => {
    if (draw !== 'area') return [];
    const rows = points.map(([x, value], i) => {
      const y1 = sums[i] ?? 0;
      const y2 = y1 + (value ?? 0);
      sums[i] = y2;
      return { x, y1, y2 };
    });
    return [{ rows, index }];
  });
}

function svgOf(
  chart: Chart,
  { x, y, marks, height = size.height }: { x: Ends; y: Ends; marks: Plot.Markish[]; height?: number },
): string {
  const { document } = parseHTML('<html><body></body></html>');
  const scaleOf = (scale: Chart['x']['scale']) => (isLog(scale) ? 'log' : scale === 'date' ? 'utc' : 'linear');
  const xTicks = ticksOf(chart.x, x);
  const yScale = chart.kind === 'lines' ? chart.y.scale : 'linear';
  const yTicks = chart.kind === 'lines' ? ticksOf(chart.y, y) : [];
  const drawn = Plot.plot({
    document,
    ...size,
    height,
    x: {
      type: scaleOf(chart.x.scale),
      domain: [x.from, x.to],
      // Dates say what they are.
      label: chart.x.scale === 'date' ? null : chart.x.name,
      ticks: xTicks ?? 5,
      tickSize: 0,
      tickPadding: 8,
      ...(chart.x.scale === 'date' ? {} : { tickFormat: (value: number) => valueInWords(value, chart.x.scale) }),
    },
    y: {
      type: scaleOf(yScale),
      domain: [y.from, y.to],
      label: null,
      ticks: yTicks ?? yTickCount,
      tickSize: 0,
      tickPadding: 6,
      tickFormat: (value: number) => tickInWords(value, yScale),
    },
    marks,
  });
  drawn.removeAttribute('class');
  // Sizes and colours of text are the page's.
  for (const element of [drawn, ...drawn.querySelectorAll('[style]')]) element.removeAttribute('style');
  drawn.setAttribute('viewBox', `0 0 ${size.width} ${height}`);
  // Plot's own <style> repeats in each chart and names a class that is not needed here.
  for (const style of drawn.querySelectorAll('style')) style.remove();
  for (const name of ['width', 'height', 'font-size', 'font-family']) drawn.removeAttribute(name);
  for (const hidden of drawn.querySelectorAll('[aria-hidden]')) hidden.removeAttribute('aria-hidden');
  drawn.setAttribute('aria-hidden', 'true');
  return (
    drawn.outerHTML
      .replaceAll(' xmlns="http://www.w3.org/2000/svg"', '')
      .replaceAll(' xmlns:xlink="http://www.w3.org/1999/xlink"', '')
      .replaceAll(/ aria-(?:label|description)="[^"]*"/g, '')
      .replaceAll(' font-variant="tabular-nums"', '')
      // Coordinates, and not what is written along the axes.
      .replaceAll(/<[^>]*>/g, (tag: string) => shorter(tag.replaceAll(/(\d+\.\d)\d+/g, '$1')))
      .replaceAll(/(?:<line y2="([\d.]+)" y1="\1" [^>]*>){2,}/g, (lines: string) => pathOf(lines))
  );
}

/** The same tag in fewer signs: a page has a hundred and fifty texts along axes. */
const shorter = (tag: string): string =>
  tag
    .replace(/^<text transform="translate\(([\d.]+),([\d.]+)\)" y="0(\.\d+em)"/, '<text x="$1" y="$2" dy="$3"')
    .replace(/ \/>$/, '/>');

/** Horizontal lines, as a grid has them, in one element. */
function pathOf(lines: string): string {
  const ends = [...lines.matchAll(/ y1="([\d.]+)" x2="([\d.]+)" x1="([\d.]+)"/g)];
  return `<path d="${ends.map(([, y, to, from]) => `M${from} ${y}H${to}`).join('')}"/>`;
}

const isolated = (points: Points): Points =>
  points.filter(
    ([, value], i) => value !== null && (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null,
  );

const thinned = (points: Points): Points => {
  const stride = Math.ceil(points.length / maxPoints);
  return stride <= 1 ? [...points] : binned(points, stride);
};

/** The largest value of each stretch of `stride` points, at its first x. */
export function binned(points: Readonly<Points>, stride: number): Points {
  const bins: Points = [];
  for (let i = 0; i < points.length; i += stride) {
    const stretch = points.slice(i, i + stride);
    const values = stretch.flatMap(([, value]) => (value === null ? [] : [value]));
    bins.push([stretch[0]?.[0] ?? 0, values.length > 0 ? Math.max(...values) : null]);
  }
  return bins;
}
