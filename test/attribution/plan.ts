import type { UsagePlan } from '../../capacity/demand/plan.ts';

/** A plan whose objectives fail because of refusals, not of this machine's latency. */
export function planOf(slo: Record<string, number>): UsagePlan {
  return {
    name: 'attribution',
    asOf: '2026-11-21',
    users: 100,
    peakConcurrency: 1,
    tabsPerUser: 1,
    messagesPerUserPerMinute: 1,
    webhooksPerUserPerDay: 1,
    webhookBurstFactor: 1,
    webhookBurstSeconds: 60,
    messageBytes: 128,
    webhookBytes: 1_024,
    growthPerMonth: 0,
    meanToPeak: 0.5,
    quotaLeadDays: 14,
    rollout: [{ stage: 'all', share: 1, date: '2026-01-01' }],
    horizonMonths: 1,
    slo: { connectP99Ms: 4_000, roundTripP99Ms: 4_000, deliveryP99Ms: 4_000, errorShare: 0.001, ...slo },
    quotas: {},
  };
}
