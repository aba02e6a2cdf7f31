/** A slider's positions: 0 to 1,000, whatever the value's scale. Pure. */
import type { Bounds, Slider } from './control.ts';

export const lastPosition = 1_000;

/** The value at a position: round, and within the bounds. */
export function valueAt(position: number, { from, to, scale }: Slider, bounds: Bounds): number {
  const share = Math.min(1, Math.max(0, position / lastPosition));
  if (share === 0) return from;
  if (share === 1) return to;
  const exact =
    scale === 'log' && from > 0
      ? from * (to / from) ** share
      : scale === 'log'
        ? fromZero(share, to)
        : from + (to - from) * share;
  const rounded = rounding(exact, scale === 'log' ? exact : (to - from) / 10);
  const whole = bounds.whole ? Math.round(rounded) : rounded;
  return Math.min(to, Math.max(from, whole));
}

/** The position of a value, at the nearer end when it is beyond. */
export function positionOf(value: number, { from, to, scale }: Slider): number {
  const share =
    scale === 'linear'
      ? (value - from) / (to - from)
      : from > 0
        ? Math.log(value / from) / Math.log(to / from)
        : 1 + Math.log(value / to) / Math.log(decades);
  return Number.isFinite(share) ? Math.round(Math.min(1, Math.max(0, share)) * lastPosition) : 0;
}

/** A logarithmic scale with 0 at its first position: so many times less than its end. */
const decades = 10_000;
const fromZero = (share: number, to: number): number => to * decades ** (share - 1);

/** Two significant digits of the given size. */
function rounding(value: number, size: number): number {
  const step = 10 ** (Math.floor(Math.log10(Math.abs(size) || 1)) - 1);
  // Powers below 1 are not exact in binary: 0.1 × 3.
  return Number((Math.round(value / step) * step).toPrecision(12));
}
