/** The ends of a chart's axes, and what is written along them. Pure. */
import { approx, count, dollars, percent } from '../../analysis/numbers.ts';
import type { Axis, LineChart } from '../../document/charts/chart.ts';

export interface Ends {
  from: number;
  to: number;
}

/** A bound is drawn when it is at most this far above the values; farther, it would flatten them, and is named below the chart. */
const reachAboveValues = 1.6;
/** Of the axis above what is drawn. */
const airAbove = 1.08;

/** Values that the axis has a place for. */
export const isPlaceable = (value: number | null, { scale }: Pick<Axis, 'scale'>): value is number =>
  value !== null && Number.isFinite(value) && (isLog(scale) ? value > 0 : true);

export const isLog = (scale: Axis['scale']): boolean =>
  scale === 'log' || scale === 'logShare' || scale === 'percentile';

/** Both axes, and the bounds within them. Every value, and every bound that is drawn, lies between the ends. */
export function endsOf(chart: LineChart): { x: Ends; y: Ends; bounds: LineChart['bounds'] } {
  const points = chart.lines.flatMap((line) => line.points);
  const xs = points.flatMap(([x]) => (isPlaceable(x, chart.x) ? [x] : []));
  const values = heightsOf(chart).filter((value) => isPlaceable(value, chart.y));
  const top = values.reduce((max, value) => Math.max(max, value), 0);
  const log = isLog(chart.y.scale);
  const bounds = chart.bounds.filter(({ value }) =>
    isPlaceable(value, chart.y) ? (log ? value <= top * 30 : value <= top * reachAboveValues) : false,
  );
  const tops = [top, ...bounds.map(({ value }) => value)];
  const lowest = [...values, ...bounds.map(({ value }) => value)].reduce(
    (min, value) => Math.min(min, value),
    top || 1,
  );
  const y = log
    ? { from: lowest / 1.25, to: Math.max(...tops) * 1.25 || 10 }
    : { from: 0, to: chart.y.to ?? (Math.max(...tops) * airAbove || 1) };
  return { x: xEnds(chart, xs), y, bounds };
}

function xEnds({ x }: LineChart, xs: readonly number[]): Ends {
  const [least, most] = xs.reduce(
    ([a, b], each) => [Math.min(a, each), Math.max(b, each)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const from = x.from ?? (Number.isFinite(least) ? least : 0);
  const to = x.to ?? (Number.isFinite(most) ? most : 1);
  if (to > from) return { from, to };
  return isLog(x.scale) ? { from: from / 2, to: from * 2 } : { from, to: from + 1 };
}

/** Without what lies beyond the ends that the axis has: CloudWatch's last periods end after the client's. */
export function withinAxis(chart: LineChart): LineChart {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = chart.x;
  const isWithin = ([x]: [number, unknown]) => x >= from && x <= to;
  return { ...chart, lines: chart.lines.map((line) => ({ ...line, points: line.points.filter(isWithin) })) };
}

/** What has to fit below the top: of areas their sums. */
function heightsOf({ lines }: LineChart): (number | null)[] {
  const plain = lines.filter(({ draw }) => draw !== 'area').flatMap(({ points }) => points.map(([, value]) => value));
  const sums: number[] = [];
  for (const { points } of lines.filter(({ draw }) => draw === 'area'))
    for (const [i, [, value]] of points.entries()) sums[i] = (sums[i] ?? 0) + (value ?? 0);
  return [...plain, ...sums];
}

/** Where the axis is labelled; null: wherever the drawing library likes. */
export function ticksOf({ scale }: Axis, { from, to }: Ends): number[] | null {
  if (scale === 'percentile') return [2, 10, 100, 1_000].filter((tick) => tick >= from * 0.99 && tick <= to * 1.01);
  if (scale !== 'log' && scale !== 'logShare') return null;
  const decades = range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)));
  const within = (steps: readonly number[]) =>
    decades
      .flatMap((exponent) => steps.map((step) => step * 10 ** exponent))
      .filter((tick) => tick >= from && tick <= to);
  const tens = within([1]);
  if (tens.length >= 3) return tens;
  const more = within([1, 2, 5]);
  return more.length > 0 ? more : [from, to];
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** Along an axis there is room for a few characters. */
export function tickInWords(value: number, scale: Axis['scale']): string {
  if (Math.abs(value) < 10_000 || scale === 'date' || scale === 'share' || scale === 'logShare')
    return valueInWords(value, scale);
  return `${scale === 'dollars' ? '$' : ''}${compact.format(value)}`;
}

/** A value of an axis as it is written in the data table and in sentences. */
export function valueInWords(value: number, scale: Axis['scale']): string {
  switch (scale) {
    case 'share':
    case 'logShare':
      return percent(value);
    case 'percentile':
      return `p${Number((100 * (1 - 1 / value)).toFixed(3))}`;
    case 'date':
      return new Date(value).toISOString().slice(0, 10);
    case 'dollars':
      return dollars(value);
    case 'linear':
    case 'log':
      return Number.isInteger(value) && Math.abs(value) < 100_000 ? count(value) : approx(value);
  }
}
