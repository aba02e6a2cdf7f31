/**
 * How many batches of one SQS event source may run at once.
 * Standard queue: 5 at the start, up to 300 more a minute while the queue has messages, at most 1,250, or MaximumConcurrency.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read November 2026.
 */
import type { Limits } from '../quota/limits.ts';

export type PollerScaling = Pick<Limits, 'pollerInitialConcurrency' | 'pollerGrowthPerMinute' | 'pollerMaxConcurrency'>;

/** @param backlogMs for how long the pollers have all been busy */
export function pollerConcurrency(
  backlogMs: number,
  maximumConcurrency: number | null,
  scaling: PollerScaling,
): number {
  const limit = maximumConcurrency ?? scaling.pollerMaxConcurrency;
  const grownBy = Math.floor((Math.max(0, backlogMs) / 60_000) * scaling.pollerGrowthPerMinute);
  return Math.min(limit, scaling.pollerInitialConcurrency + grownBy);
}
