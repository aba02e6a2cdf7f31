/** Rates that a load causes inside the stack: pushes, invocations, concurrency, table units. All in 1/s unless named otherwise. */
import { combine, type Known, known } from '../known.ts';
import { type Coefficients, type Role, unitOfRole } from './coefficients.ts';
import { type FanOutRates, plus } from './fan-out.ts';
import { littleConcurrency } from './little.ts';
import type { Load } from './load.ts';
import { pushExecutions, writesPerSubscribe, writesPerUnsubscribe } from './subscriptions.ts';

/** A moment of a load: its rates at the daily mean, in the burst of webhooks and connects, or while a broadcast goes out. */
export interface Moment {
  connects: number;
  /** All that clients send: messages, heartbeats, subscribes and publishes. */
  messages: number;
  webhooks: number;
  /** Of channels and broadcasts. Absent: none. */
  fanOut?: { rates: FanOutRates; subscriptionsPerConnection: number } | undefined;
}

/** How long a moment lasts. */
type Brief = Moment & { lastsSeconds: number };

export function meanMoment(load: Load): Moment {
  return momentOf(load, load.connectRatePerSecond, load.webhookRatePerSecond);
}

/** Messages at their peak rate, webhooks and connects in their bursts, as if the two bursts coincided. */
export function burstMoment(load: Load): Brief {
  const bursts = [load.connectBurst, load.webhookBurst].filter((burst) => burst !== null);
  return {
    ...momentOf(
      load,
      load.connectBurst?.ratePerSecond ?? load.connectRatePerSecond,
      load.webhookBurst?.ratePerSecond ?? load.webhookRatePerSecond,
    ),
    lastsSeconds: Math.max(0, ...bursts.map((burst) => burst.lastsSeconds)),
  };
}

/** While a broadcast goes out; null where there is none. */
function broadcastMoment(load: Load): Brief | null {
  const broadcast = load.fanOut?.broadcast;
  if (!load.fanOut || !broadcast) return null;
  const mean = meanMoment(load);
  return {
    ...mean,
    messages: mean.messages + broadcast.publishes,
    fanOut: {
      rates: plus(load.fanOut.channels, broadcast),
      subscriptionsPerConnection: load.fanOut.subscriptionsPerConnection,
    },
    lastsSeconds: broadcast.lastsSeconds,
  };
}

/** The moments that ask more than the mean, if any. */
export function busyMoments(load: Load): Brief[] {
  const broadcast = broadcastMoment(load);
  return [...(hasBurst(load) ? [burstMoment(load)] : []), ...(broadcast ? [broadcast] : [])];
}

/** The highest of a rate over the load's moments. */
export function atBusiest(load: Load, rate: (moment: Moment) => Known<number>): Known<number> {
  return combine([burstMoment(load), ...busyMoments(load)].map(rate), (values) => Math.max(...values));
}

function momentOf(load: Load, connects: number, webhooks: number): Moment {
  const { fanOut } = load;
  const messages = load.messageRatePerSecond + (load.heartbeatRatePerSecond ?? 0);
  if (!fanOut) return { connects, messages, webhooks };
  const { channels: rates, subscriptionsPerConnection } = fanOut;
  return {
    connects,
    messages: messages + rates.publishes + connects * subscriptionsPerConnection,
    webhooks,
    fanOut: { rates, subscriptionsPerConnection },
  };
}

const hasBurst = (load: Load): boolean => load.connectBurst !== null || load.webhookBurst !== null;

/** Pushes per webhook: share of owners online × tabs. */
export const pushesPerWebhook = (load: Load): number => load.ownersOnlineShare * load.tabsPerUser;

/** @connections calls a second: (webhooks/s × pushes per webhook + pushes of channels and broadcasts) × calls per push. */
export function pushCallRate(load: Load, moment: Moment, coefficients: Coefficients): Known<number> {
  const pushes = moment.webhooks * pushesPerWebhook(load) + (moment.fanOut?.rates.pushes ?? 0);
  return combine([coefficients.callsPerPush], ([calls = 0]) => pushes * calls);
}

export function invocationRate(moment: Moment, coefficients: Coefficients, role: Role): Known<number> {
  const arrivals = arrivalsOf(moment, role);
  if (arrivals === 0) return known(0);
  return combine([coefficients.invocations[role]], ([each = 0]) => arrivals * each);
}

/** Concurrency of one function by Little's law: invocations/s × mean duration in s; a publish adds the time of its pushes. */
export function concurrencyOf(moment: Moment, coefficients: Coefficients, role: Role): Known<number> {
  if (arrivalsOf(moment, role) === 0) return known(0);
  return combine(
    [coefficients.invocations[role], coefficients.meanSeconds[role]],
    ([each = 0, seconds = 0]) =>
      littleConcurrency(arrivalsOf(moment, role) * each, seconds) +
      (role === 'message' ? pushExecutions(moment.fanOut?.rates.pushes ?? 0) : 0),
  );
}

export const sumOf = (rates: readonly Known<number>[]): Known<number> =>
  combine(rates, (values) => values.reduce((sum, value) => sum + value, 0));

/**
 * Table units a second: connects · (connect + disconnect + subscriptions) + webhooks · webhook + reads of subscribers. Every connection that
 * opens also closes, and ends its subscriptions.
 */
export function tableUnitRate(
  { connects, webhooks, fanOut }: Moment,
  coefficients: Coefficients,
  kind: 'writeUnits' | 'readUnits',
): Known<number> {
  const { perConnect, perDisconnect, perWebhook } = coefficients[kind];
  const subscription = (fanOut?.subscriptionsPerConnection ?? 0) * (writesPerSubscribe + writesPerUnsubscribe);
  const byFanOut = kind === 'writeUnits' ? connects * subscription : (fanOut?.rates.readUnits ?? 0);
  return combine(
    [perConnect, perDisconnect, perWebhook],
    ([connect = 0, disconnect = 0, webhook = 0]) => connects * (connect + disconnect) + webhooks * webhook + byFanOut,
  );
}

function arrivalsOf(moment: Moment, role: Role): number {
  return { connect: moment.connects, message: moment.messages, webhook: moment.webhooks }[unitOfRole[role]];
}
