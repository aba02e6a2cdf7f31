/** A load: how much of everything arrives, in absolute numbers. What a plan means on a date, or what a run offered. */
import { quotaCode } from '../../aws/quotas/table.ts';
import { connectable, type SyncLoad, syncLoadOf } from '../fallback/sync-client.ts';
import { fractionOfUsers } from '../projection/rollout.ts';
import { type ConnectBurst, connectBurstsOf, heaviestBurst, loginConnections } from './arrivals.ts';
import {
  connectionIdleSeconds,
  connectionLifetimeSeconds,
  heartbeatRate,
  type Silence,
  turnoverOf,
} from './connection-turnover.ts';
import { meanToPeakOf, webhooksOverDay } from './day.ts';
import { type FanOut, fanOutOf, times } from './fan-out.ts';
import type { UsagePlan } from './plan.ts';

export interface Load {
  users: number;
  /** Open connections at the daily peak. */
  peakConnections: number;
  tabsPerUser: number;
  /** New connections a second: a sustained rate, and a burst where there is one (a ramp, a reconnect storm). */
  connectRatePerSecond: number;
  connectBurst: RateBurst | null;
  /** All bursts of new connections that the plan has; `connectBurst` is the heaviest. */
  connectBursts?: readonly ConnectBurst[] | undefined;
  /** Part of `connectRatePerSecond`: connections that have lasted their maximum lifetime. Absent: all. */
  lifetimeEndsPerSecond?: number | undefined;
  /** Logins of a day beyond the rotation. */
  loginsPerDay?: number | undefined;
  messageRatePerSecond: number;
  /** Client messages against the idle timeout, beside `messageRatePerSecond`. */
  heartbeatRatePerSecond?: number | undefined;
  /** Silence after which a client sends one. */
  heartbeatSeconds?: number | undefined;
  fanOut?: FanOut | null | undefined;
  /** Of a handshake, and how long the consumer of the queue may fail: as the plan says, or assumed. Absent: assumed. */
  tokenBytes?: number | undefined;
  headerBytes?: number | undefined;
  consumerOutageSeconds?: number | undefined;
  /** The functions run on Lambda Managed Instances. */
  managedInstances?: boolean | undefined;
  /** The user who has the most, where the plan says. */
  largestUser?: { connections: number; webhookRatePerSecond: number } | undefined;
  /** Mean over the day. */
  webhookRatePerSecond: number;
  webhookBurst: RateBurst | null;
  /** Share (0 to 1) of webhooks whose owner has an open connection at the peak. */
  ownersOnlineShare: number;
  messageBytes: number;
  webhookBytes: number;
  /** Mean of connections and messages over the day, as a share of the peak. Absent: constant all day. */
  meanToPeak?: number | undefined;
  /** Webhooks of each hour as a multiple of the day's mean. Absent: they come evenly. */
  webhooksByHour?: readonly number[] | undefined;
  /** Mean share of owners online over that of the peak, weighted by webhooks. Absent: `meanToPeak`. */
  onlineAtWebhooks?: number | undefined;
  /** What clients ask over HTTP. Absent: nothing. */
  sync?: SyncLoad | undefined;
}

/**
 * The day's mean of a load that is given at its peak: connections, messages, reconnects and the share of owners online times m, the mean over
 * the peak of the day's curve. Webhooks are at their mean already. With a curve they follow it, and meet their owners more often; without
 * one they are assumed to arrive evenly, so fewer of them meet an open connection than at the peak.
 */
export function dailyMean(load: Load): Load {
  const m = load.meanToPeak ?? 1;
  return {
    ...load,
    peakConnections: load.peakConnections * m,
    messageRatePerSecond: load.messageRatePerSecond * m,
    heartbeatRatePerSecond: (load.heartbeatRatePerSecond ?? 0) * m,
    connectRatePerSecond: load.connectRatePerSecond * m + (load.loginsPerDay ?? 0) / secondsPerDay,
    fanOut: load.fanOut && { ...load.fanOut, channels: times(load.fanOut.channels, m) },
    ...(load.sync && { sync: { ...load.sync, outsideTabs: load.sync.outsideTabs * m } }),
    ownersOnlineShare: load.ownersOnlineShare * (load.onlineAtWebhooks ?? m),
    meanToPeak: 1,
    onlineAtWebhooks: 1,
  };
}

export const secondsPerDay = 86_400;

interface RateBurst {
  ratePerSecond: number;
  lastsSeconds: number;
}

/** Seconds between two client messages on one connection; infinite when there are none. */
export function messageIntervalSeconds(load: Pick<Load, 'peakConnections' | 'messageRatePerSecond'>): number {
  return load.messageRatePerSecond > 0 ? load.peakConnections / load.messageRatePerSecond : Number.POSITIVE_INFINITY;
}

/** What a load's clients do between messages. `Silence` that is not given: as people, without heartbeats, back with the next message. */
export function silenceOf(
  { peakConnections, messageRatePerSecond }: Pick<Load, 'peakConnections' | 'messageRatePerSecond'>,
  plan: Partial<Pick<UsagePlan, 'messageGaps' | 'heartbeatSeconds' | 'afterSilence' | 'quotas'>> = {},
): Silence {
  const { messageGaps = 'exponential', heartbeatSeconds = null, afterSilence = 'withNextMessage', quotas = {} } = plan;
  return {
    messageRatePerSecond: peakConnections > 0 ? messageRatePerSecond / peakConnections : 0,
    gaps: messageGaps,
    heartbeatSeconds,
    returns: afterSilence,
    idleSeconds: Math.max(1, quotas.webSocketIdle ?? quotas[quotaCode('webSocketIdle')] ?? connectionIdleSeconds),
    lifetimeSeconds: Math.max(
      1,
      quotas.webSocketLifetime ?? quotas[quotaCode('webSocketLifetime')] ?? connectionLifetimeSeconds,
    ),
  };
}

/**
 * New connections a second that keep N connections open, by {@link turnoverOf}. Holds for connections opened evenly over time: those
 * opened together come back together ({@link connectBurstsOf}).
 */
export const reconnectRatePerSecond = (load: Pick<Load, 'peakConnections' | 'messageRatePerSecond'>): number =>
  load.peakConnections * turnoverOf(silenceOf(load)).connectsPerSecond;

/**
 * The plan's load t months after its date: usage(t) = U_now · (1+g)^t · r(t) / r(now), users multiplied, usage per user unchanged.
 * Connections = users · peak concurrency · tabs; messages/s = users online · messages a minute / 60; webhooks/s = users · webhooks a day / 86,400.
 * Deterministic: growth and rollout are given by the plan, not estimated. Of users online those count whose network lets a WebSocket through.
 */
export function loadOfPlan(given: UsagePlan, months = 0): Load {
  const plan = connectable(given);
  const factor = fractionOfUsers(plan, months);
  const users = plan.users * factor;
  const online = users * plan.peakConcurrency;
  const peakConnections = online * plan.tabsPerUser;
  const messageRatePerSecond = (online * plan.messagesPerUserPerMinute) / 60;
  const webhookRatePerSecond = (users * plan.webhooksPerUserPerDay) / secondsPerDay;
  const silence = silenceOf({ peakConnections, messageRatePerSecond }, plan);
  const turnover = turnoverOf(silence);
  const connectRatePerSecond = peakConnections * turnover.connectsPerSecond;
  const connectBursts = connectBurstsOf(plan, {
    users,
    peakConnections,
    connectRatePerSecond,
    survivingShare: turnover.survivingShare,
    lifetimeSeconds: silence.lifetimeSeconds,
  });
  return {
    users,
    peakConnections,
    tabsPerUser: plan.tabsPerUser,
    connectRatePerSecond,
    connectBurst: heaviestBurst(connectBursts, 1),
    connectBursts,
    lifetimeEndsPerSecond: peakConnections * turnover.lifetimeEndsPerSecond,
    loginsPerDay: loginConnections(plan, users),
    messageRatePerSecond,
    heartbeatRatePerSecond: peakConnections * heartbeatRate(silence),
    heartbeatSeconds: plan.heartbeatSeconds,
    webhookRatePerSecond,
    webhookBurst:
      plan.webhookBurstFactor > 1 && plan.webhookBurstSeconds > 0
        ? { ratePerSecond: webhookRatePerSecond * plan.webhookBurstFactor, lastsSeconds: plan.webhookBurstSeconds }
        : null,
    ownersOnlineShare: plan.peakConcurrency,
    messageBytes: plan.messageBytes,
    webhookBytes: plan.webhookBytes,
    meanToPeak: meanToPeakOf(plan),
    ...webhooksOverDay(plan),
    fanOut: fanOutOf(plan, factor, peakConnections),
    largestUser: largestUserOf(plan),
    sync: syncLoadOf(given, months, users),
    tokenBytes: plan.tokenBytes,
    headerBytes: plan.headerBytes,
    consumerOutageSeconds: plan.consumerOutageSeconds,
    managedInstances: plan.managedInstances,
  };
}

/** As given; webhooks of one who is not given come at the mean. Absent where the plan says nothing of the user. */
function largestUserOf({ largest, tabsPerUser, webhooksPerUserPerDay }: UsagePlan): Load['largestUser'] {
  const { userConnections, userWebhooksPerDay } = largest ?? {};
  if (userConnections === undefined && userWebhooksPerDay === undefined) return undefined;
  return {
    connections: userConnections ?? tabsPerUser,
    webhookRatePerSecond: (userWebhooksPerDay ?? webhooksPerUserPerDay) / secondsPerDay,
  };
}
