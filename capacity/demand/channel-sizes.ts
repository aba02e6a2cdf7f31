/** Sizes of channels, in classes: few numbers for any number of channels. */
import type { Channels } from './plan.ts';

export interface SizeClass {
  subscribers: number;
  channels: number;
}

/** Ranks up to which each channel is a class of its own; above it, classes of ranks within 1% of each other. */
const exactRanks = 1_000;
const classWidth = 1.01;

/** `count` channels of one size, or by Zipf's law: the n-th has largest / n^exponent subscribers, at least 1. */
export function sizeClasses({ size, count }: Pick<Channels, 'size' | 'count'>): SizeClass[] {
  if (typeof size === 'number') return [{ subscribers: size, channels: count }];
  const { largest, exponent } = size;
  const classes: SizeClass[] = [];
  for (let before = 0; before < count; ) {
    const width = before < exactRanks ? 1 : Math.ceil(before * (classWidth - 1));
    const channels = Math.min(width, count - before);
    const rank = width === 1 ? before + 1 : before + (channels + 1) / 2;
    classes.push({ subscribers: Math.max(1, largest / rank ** exponent), channels });
    before += channels;
  }
  return classes;
}
