/** How many batches of one queue an event source may have running: when work arrives, a minute later, and at most. */
import { quotaFact } from '../../aws/quotas/table.ts';

/** Settings of an event source. */
export interface PollerSettings {
  /** MaximumConcurrency; null: the pollers' own limit. */
  maximumConcurrency: number | null;
  /** Pollers that are kept, at least and at most; not together with MaximumConcurrency. Absent or null: none. */
  provisionedPollers?: { minimum: number; maximum: number } | null | undefined;
}

export interface PollerCapacity {
  initial: number;
  growthPerMinute: number;
  most: number;
}

/** Lambda developer guide, SQS scaling, read 2026-11: 5, 300 a minute, 1,250; or 10 for each provisioned poller, 1,000 a minute, 20,000. */
export function pollerCapacity({ maximumConcurrency, provisionedPollers }: PollerSettings): PollerCapacity {
  if (!provisionedPollers) {
    const most = maximumConcurrency ?? quotaFact('pollerMaxConcurrency').default;
    const initial = Math.min(most, quotaFact('pollerInitialConcurrency').default);
    return { initial, growthPerMinute: quotaFact('pollerGrowthPerMinute').default, most };
  }
  const each = quotaFact('provisionedPollerConcurrency').default;
  return {
    initial: each * provisionedPollers.minimum,
    growthPerMinute: quotaFact('provisionedGrowthPerMinute').default,
    most: Math.min(quotaFact('provisionedMaxConcurrency').default, each * provisionedPollers.maximum),
  };
}
