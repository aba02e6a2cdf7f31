/**
 * How many batches of one SQS event source may run at once.
 * Standard queue: 5 at the start, up to 300 more a minute while the queue has messages, at most 1,250, or MaximumConcurrency.
 * Source: Lambda developer guide, "Configuring scaling behavior for SQS event source mappings", read November 2026.
 */
export const initialConcurrency = 5;
const growthPerMinute = 300;
const pollerLimit = 1_250;

/** @param backlogMs for how long the pollers have all been busy */
export function pollerConcurrency(backlogMs: number, maximumConcurrency: number | null): number {
  const limit = maximumConcurrency ?? pollerLimit;
  const grown = initialConcurrency + Math.floor((Math.max(0, backlogMs) / 60_000) * growthPerMinute);
  return Math.min(limit, grown);
}
