/** Rates that a load causes inside the stack: pushes, invocations, concurrency, table units. All in 1/s unless named otherwise. */
import { combine, type Known, known } from '../known.ts';
import { type Coefficients, type Role, unitOfRole } from './coefficients.ts';
import { littleConcurrency } from './little.ts';
import type { Load } from './load.ts';

/** A moment of a load: its rates either at the daily mean or in the burst of webhooks and connects. */
export interface Moment {
  connects: number;
  messages: number;
  webhooks: number;
}

export function meanMoment(load: Load): Moment {
  return {
    connects: load.connectRatePerSecond,
    messages: load.messageRatePerSecond,
    webhooks: load.webhookRatePerSecond,
  };
}

/** The busiest moment: messages at their peak rate, webhooks and connects in their bursts, as if the two bursts coincided. */
export function burstMoment(load: Load): Moment & { lastsSeconds: number } {
  const bursts = [load.connectBurst, load.webhookBurst].filter((burst) => burst !== null);
  return {
    connects: load.connectBurst?.ratePerSecond ?? load.connectRatePerSecond,
    messages: load.messageRatePerSecond,
    webhooks: load.webhookBurst?.ratePerSecond ?? load.webhookRatePerSecond,
    lastsSeconds: Math.max(0, ...bursts.map((burst) => burst.lastsSeconds)),
  };
}

export const hasBurst = (load: Load): boolean => load.connectBurst !== null || load.webhookBurst !== null;

/** Pushes per webhook: share of owners online × tabs. */
export const pushesPerWebhook = (load: Load): number => load.ownersOnlineShare * load.tabsPerUser;

/** @connections calls a second: webhooks/s × pushes per webhook × calls per push. */
export function pushCallRate(load: Load, moment: Moment, coefficients: Coefficients): Known<number> {
  return combine([coefficients.callsPerPush], ([calls = 0]) => moment.webhooks * pushesPerWebhook(load) * calls);
}

export function invocationRate(moment: Moment, coefficients: Coefficients, role: Role): Known<number> {
  const arrivals = arrivalsOf(moment, role);
  if (arrivals === 0) return known(0);
  return combine([coefficients.invocations[role]], ([each = 0]) => arrivals * each);
}

/** Concurrency of one function by Little's law: invocations/s × mean duration in s. */
export function concurrencyOf(moment: Moment, coefficients: Coefficients, role: Role): Known<number> {
  if (arrivalsOf(moment, role) === 0) return known(0);
  return combine([coefficients.invocations[role], coefficients.meanSeconds[role]], ([each = 0, seconds = 0]) =>
    littleConcurrency(arrivalsOf(moment, role) * each, seconds),
  );
}

export const sumOf = (rates: readonly Known<number>[]): Known<number> =>
  combine(rates, (values) => values.reduce((sum, value) => sum + value, 0));

/** Table units a second: connects · (connect + disconnect) + webhooks · webhook. Every connection that opens also closes. */
export function tableUnitRate(moment: Moment, units: Coefficients['writeUnits']): Known<number> {
  return combine(
    [units.perConnect, units.perDisconnect, units.perWebhook],
    ([connect = 0, disconnect = 0, webhook = 0]) =>
      moment.connects * (connect + disconnect) + moment.webhooks * webhook,
  );
}

function arrivalsOf(moment: Moment, role: Role): number {
  return { connect: moment.connects, message: moment.messages, webhook: moment.webhooks }[unitOfRole[role]];
}
