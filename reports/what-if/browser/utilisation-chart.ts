/** The fullest quota over the horizon, with its 100% line. */
import type { PlanReport } from '../../plan-report.ts';
import { svg } from './dom.ts';
import { described, highestShare, pathOf } from './utilisation-line.ts';

const size = { width: 360, height: 120, left: 40, right: 6, top: 8, bottom: 18 };

export function utilisationChart({ projection }: PlanReport): SVGElement {
  const { points, horizonMonths } = projection;
  const top = highestShare(points) * 1.05;
  const x = (months: number) =>
    size.left + ((size.width - size.left - size.right) * months) / Math.max(horizonMonths, 1e-9);
  const y = (share: number) => size.height - size.bottom - ((size.height - size.top - size.bottom) * share) / top;
  const text = (value: string, at: { x: number; y: number; anchor: string }) =>
    svg('text', { x: at.x, y: at.y, 'text-anchor': at.anchor, class: 'what-if-text' }, value);
  return svg(
    'svg',
    { viewBox: `0 0 ${size.width} ${size.height}`, role: 'img', 'aria-label': described(points, horizonMonths) },
    svg('line', { x1: size.left, x2: size.width - size.right, y1: y(0), y2: y(0), class: 'what-if-axis' }),
    svg('line', { x1: size.left, x2: size.width - size.right, y1: y(1), y2: y(1), class: 'what-if-full' }),
    svg('path', { d: pathOf(points, { x, y, top }), class: 'what-if-line' }),
    text('100%', { x: size.left - 4, y: y(1) + 4, anchor: 'end' }),
    text('0', { x: size.left - 4, y: y(0), anchor: 'end' }),
    text('today', { x: size.left, y: size.height - 4, anchor: 'start' }),
    text(`in ${horizonMonths} months`, { x: size.width - size.right, y: size.height - 4, anchor: 'end' }),
  );
}
