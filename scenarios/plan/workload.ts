import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { connectable } from '../../capacity/fallback/sync-client.ts';
import { recordOf } from '../../engine/src/step/keyed.ts';
import { type LoadOptionName, loadOptionNames } from '../../engine/src/step/load-fields.ts';
import type { Workload } from '../../record/workload.ts';
import type { Benchmark, PlannedName } from './benchmark.ts';

const secondsPerDay = 86_400;
const secondsPerMinute = 60;

/** Numbers of the load that a caller sets: each replaces the plan's, and nothing else follows from it. */
export type LoadOverrides = { [Name in LoadOptionName]?: number | undefined };

/**
 * The plan at its daily peak, today, in absolute numbers. A burst that would end after the steady state is moved forward, and cut when it
 * is longer than that; a rate of 0 means no burst.
 */
export function planWorkload(plan: UsagePlan, benchmark: Benchmark, overrides: LoadOverrides = {}): Workload {
  const planned = { ...benchmark, ...peakOf(plan) };
  const load = recordOf(loadOptionNames, (name) => overrides[name] ?? planned[name]);
  const burstSeconds = Math.min(load.burstSeconds, load.steadySeconds);
  const burstStartSeconds = Math.min(load.burstStartSeconds, load.steadySeconds - burstSeconds);
  return { ...load, burstSeconds, burstStartSeconds };
}

/**
 * Online users = users × peakConcurrency; connections = online users × tabsPerUser; messages/s = online users × messages a minute / 60;
 * webhooks/s = users × webhooks a day / 86,400, and in the burst that times the burst factor. Of users online those count whose network lets a WebSocket through.
 */
function peakOf(given: UsagePlan): Record<PlannedName, number> {
  const plan = connectable(given);
  const online = plan.users * plan.peakConcurrency;
  const webhookRatePerSecond = (plan.users * plan.webhooksPerUserPerDay) / secondsPerDay;
  return {
    connections: Math.max(1, Math.round(online * plan.tabsPerUser)),
    tabsPerUser: plan.tabsPerUser,
    messageRatePerSecond: (online * plan.messagesPerUserPerMinute) / secondsPerMinute,
    messageBytes: plan.messageBytes,
    webhookRatePerSecond,
    webhookBytes: plan.webhookBytes,
    burstSeconds: plan.webhookBurstSeconds,
    burstRatePerSecond: plan.webhookBurstFactor > 1 ? webhookRatePerSecond * plan.webhookBurstFactor : 0,
  };
}
