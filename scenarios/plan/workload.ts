import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Workload } from '../../record/run.ts';
import type { Benchmark } from './plan.ts';

const secondsPerDay = 86_400;
const secondsPerMinute = 60;

/** What flags may set: each takes the place of the plan's number, and nothing else follows from it. */
export type WorkloadOverrides = {
  [Key in keyof Omit<Workload, 'burst'>]?: Workload[Key] | undefined;
} & {
  burstStartsAtSeconds?: number | undefined;
  burstLastsSeconds?: number | undefined;
  /** 0: no burst. */
  burstRatePerSecond?: number | undefined;
};

/**
 * The plan at its daily peak, today, in absolute numbers:
 * online users = users × peakConcurrency; connections = online users × tabsPerUser; messages/s = online users × messages a minute / 60;
 * webhooks/s = users × webhooks a day / 86,400, and in the burst that times the burst factor.
 * A burst that would end after the steady state is moved forward, and cut when it is longer than that.
 */
export function planWorkload(plan: UsagePlan, benchmark: Benchmark, overrides: WorkloadOverrides = {}): Workload {
  const online = plan.users * plan.peakConcurrency;
  const webhookRatePerSecond = (plan.users * plan.webhooksPerUserPerDay) / secondsPerDay;
  const numbers = {
    connections: Math.max(1, Math.round(online * plan.tabsPerUser)),
    tabsPerUser: plan.tabsPerUser,
    connectRatePerSecond: benchmark.connectRatePerSecond,
    steadySeconds: benchmark.steadySeconds,
    drainSeconds: benchmark.drainSeconds,
    messageRatePerSecond: (online * plan.messagesPerUserPerMinute) / secondsPerMinute,
    messageBytes: plan.messageBytes,
    webhookRatePerSecond,
    webhookBytes: plan.webhookBytes,
    burstStartsAtSeconds: benchmark.burstStartsAtSeconds,
    burstLastsSeconds: plan.webhookBurstSeconds,
    burstRatePerSecond: plan.webhookBurstFactor > 1 ? webhookRatePerSecond * plan.webhookBurstFactor : 0,
    replayShare: benchmark.replayShare,
    offlineOwnerShare: benchmark.offlineOwnerShare,
    timeoutSeconds: benchmark.timeoutSeconds,
    seed: benchmark.seed,
    ...given(overrides),
  };
  const { burstStartsAtSeconds, burstLastsSeconds, burstRatePerSecond, ...rest } = numbers;
  const lastsSeconds = Math.min(burstLastsSeconds, rest.steadySeconds);
  const hasBurst = burstRatePerSecond > 0 && lastsSeconds > 0;
  const startsAtSeconds = Math.min(burstStartsAtSeconds, rest.steadySeconds - lastsSeconds);
  return { ...rest, burst: hasBurst ? { startsAtSeconds, lastsSeconds, ratePerSecond: burstRatePerSecond } : null };
}

function given(overrides: WorkloadOverrides): Partial<Record<keyof WorkloadOverrides, number>> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** Names of the variables that {@link scenarioVariables} sets and that a scenario may use without declaring them. */
export const scenarioVariableNames = [
  'connections',
  'tabsPerUser',
  'connectRatePerSecond',
  'steadySeconds',
  'drainSeconds',
  'messageRatePerSecond',
  'messageBytes',
  'webhookRatePerSecond',
  'webhookBytes',
  'burstStartsAtSeconds',
  'burstLastsSeconds',
  'burstRatePerSecond',
  'replayShare',
  'offlineOwnerShare',
  'timeoutSeconds',
  'seed',
] as const;

/** The workload as Artillery's `--variables`. (`webhookUrl` and `fleets` are the caller's to add.) No burst is a rate of 0. */
export function scenarioVariables(workload: Workload): Record<string, string | number> {
  const { burst, ...numbers } = workload;
  return {
    ...numbers,
    burstStartsAtSeconds: burst?.startsAtSeconds ?? 0,
    burstLastsSeconds: burst?.lastsSeconds ?? 0,
    burstRatePerSecond: burst?.ratePerSecond ?? 0,
  };
}
