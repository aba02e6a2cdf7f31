import type { Random } from '../../../aws/random.ts';
import { binomial } from './binomial.ts';

/**
 * Divides a cohort among the whole milliseconds of a span of time, uniformly: each takes its binomial share of those that are left. The first and last have half
 * a millisecond. `here`: called for each that anybody falls into, in order.
 */
export function divide(
  size: number,
  { startMs, spanMs, random }: { startMs: number; spanMs: number; random: Random },
  here: (slotMs: number, size: number) => void,
): void {
  const endMs = startMs + spanMs;
  let left = size;
  for (let slot = Math.round(startMs); left > 0; slot += 1) {
    const from = Math.max(startMs, slot - 0.5);
    const share = slot + 0.5 >= endMs ? 1 : (slot + 0.5 - from) / (endMs - from);
    const found = binomial(left, share, random);
    if (found > 0) here(slot, found);
    left -= found;
  }
}
