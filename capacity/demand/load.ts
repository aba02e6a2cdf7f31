/** A load: how much of everything arrives, in absolute numbers. What a plan means on a date, or what a run offered. */

import { quotaFact } from '../../aws/quotas/table.ts';
import { fractionOfUsers } from '../projection/rollout.ts';
import type { UsagePlan } from './plan.ts';

export interface Load {
  users: number;
  /** Open connections at the daily peak. */
  peakConnections: number;
  tabsPerUser: number;
  /** New connections a second: a sustained rate, and a burst where there is one (a ramp, a reconnect storm). */
  connectRatePerSecond: number;
  connectBurst: RateBurst | null;
  messageRatePerSecond: number;
  /** Mean over the day. */
  webhookRatePerSecond: number;
  webhookBurst: RateBurst | null;
  /** Share (0 to 1) of webhooks whose owner has an open connection at the peak. */
  ownersOnlineShare: number;
  messageBytes: number;
  webhookBytes: number;
  /** Mean of connections and messages over the day, as a share of the peak. Absent: constant all day. */
  meanToPeak?: number | undefined;
}

/**
 * The day's mean of a load that is given at its peak: connections, messages, reconnects and the share of owners online times m, the mean over
 * the peak of the day's curve. Webhooks are at their mean already and assumed to arrive evenly, so fewer of them meet an open
 * connection than at the peak. Where webhooks follow the day as well, pushes are underestimated: set m nearer 1.
 */
export function dailyMean(load: Load): Load {
  const m = load.meanToPeak ?? 1;
  return {
    ...load,
    peakConnections: load.peakConnections * m,
    messageRatePerSecond: load.messageRatePerSecond * m,
    connectRatePerSecond: load.connectRatePerSecond * m,
    ownersOnlineShare: load.ownersOnlineShare * m,
    meanToPeak: 1,
  };
}

interface RateBurst {
  ratePerSecond: number;
  lastsSeconds: number;
}

/** Maximum lifetime of a connection, and its idle timeout. */
export const connectionLifetimeSeconds = quotaFact('webSocketLifetime').default;
export const connectionIdleSeconds = quotaFact('webSocketIdle').default;

/** Seconds between two client messages on one connection; infinite when there are none. */
export function messageIntervalSeconds(load: Pick<Load, 'peakConnections' | 'messageRatePerSecond'>): number {
  return load.messageRatePerSecond > 0 ? load.peakConnections / load.messageRatePerSecond : Number.POSITIVE_INFINITY;
}

/**
 * New connections a second that keep N connections open: each is closed after 2 h, so N / 7,200 s; or after 10 min of silence, N / 600 s,
 * when client messages are further apart than that (pushes are not relied on: a quiet night has none). Holds for connections opened
 * evenly over time: those opened together come back together, 2 h later.
 */
export function reconnectRatePerSecond(load: Pick<Load, 'peakConnections' | 'messageRatePerSecond'>): number {
  const silent = messageIntervalSeconds(load) >= connectionIdleSeconds;
  return load.peakConnections / (silent ? connectionIdleSeconds : connectionLifetimeSeconds);
}

/**
 * The plan's load t months after its date: usage(t) = U_now · (1+g)^t · r(t) / r(now), users multiplied, usage per user unchanged.
 * Connections = users · peak concurrency · tabs; messages/s = users online · messages a minute / 60; webhooks/s = users · webhooks a day / 86,400.
 * Deterministic: growth and rollout are given by the plan, not estimated.
 */
export function loadOfPlan(plan: UsagePlan, months = 0): Load {
  const users = plan.users * fractionOfUsers(plan, months);
  const online = users * plan.peakConcurrency;
  const peakConnections = online * plan.tabsPerUser;
  const messageRatePerSecond = (online * plan.messagesPerUserPerMinute) / 60;
  const webhookRatePerSecond = (users * plan.webhooksPerUserPerDay) / 86_400;
  return {
    users,
    peakConnections,
    tabsPerUser: plan.tabsPerUser,
    connectRatePerSecond: reconnectRatePerSecond({ peakConnections, messageRatePerSecond }),
    connectBurst: null,
    messageRatePerSecond,
    webhookRatePerSecond,
    webhookBurst:
      plan.webhookBurstFactor > 1 && plan.webhookBurstSeconds > 0
        ? { ratePerSecond: webhookRatePerSecond * plan.webhookBurstFactor, lastsSeconds: plan.webhookBurstSeconds }
        : null,
    ownersOnlineShare: plan.peakConcurrency,
    messageBytes: plan.messageBytes,
    webhookBytes: plan.webhookBytes,
    meanToPeak: plan.meanToPeak,
  };
}
