/** The fullest quota over the horizon, with its 100% line. */
import { percent } from '../../analysis/numbers.ts';
import type { PlanReport } from '../../plan-report.ts';
import { svg } from './dom.ts';

const size = { width: 360, height: 120, left: 40, right: 6, top: 8, bottom: 18 };

export function utilisationChart({ projection }: PlanReport): SVGElement {
  const { points, horizonMonths } = projection;
  const shares = points.map(({ utilisation }) => (Number.isFinite(utilisation ?? 0) ? (utilisation ?? 0) : 0));
  const most = Math.max(1, ...shares) * 1.05;
  const x = (months: number) =>
    size.left + ((size.width - size.left - size.right) * months) / Math.max(horizonMonths, 1e-9);
  const y = (share: number) => size.height - size.bottom - ((size.height - size.top - size.bottom) * share) / most;
  // A stage is a step: the day before, its load was that of the stage before.
  const line = points
    .map(({ months, stageBegins }, n) => {
      const step = stageBegins && n > 0 ? `L${x(months).toFixed(1)},${y(shares[n - 1] ?? 0).toFixed(1)}` : '';
      return `${n === 0 ? 'M' : `${step}L`}${x(months).toFixed(1)},${y(shares[n] ?? 0).toFixed(1)}`;
    })
    .join('');
  const text = (value: string, at: { x: number; y: number; anchor: string }) =>
    svg('text', { x: at.x, y: at.y, 'text-anchor': at.anchor, class: 'what-if-text' }, value);
  const description = `The fullest quota: ${percent(shares[0] ?? 0)} today, ${percent(Math.max(...shares))} at most within ${horizonMonths} months.`;
  return svg(
    'svg',
    { viewBox: `0 0 ${size.width} ${size.height}`, role: 'img', 'aria-label': description },
    svg('line', { x1: size.left, x2: size.width - size.right, y1: y(0), y2: y(0), class: 'what-if-axis' }),
    svg('line', { x1: size.left, x2: size.width - size.right, y1: y(1), y2: y(1), class: 'what-if-full' }),
    svg('path', { d: line, class: 'what-if-line' }),
    text('100%', { x: size.left - 4, y: y(1) + 4, anchor: 'end' }),
    text('0', { x: size.left - 4, y: y(0), anchor: 'end' }),
    text('today', { x: size.left, y: size.height - 4, anchor: 'start' }),
    text(`in ${horizonMonths} months`, { x: size.width - size.right, y: size.height - 4, anchor: 'end' }),
  );
}
