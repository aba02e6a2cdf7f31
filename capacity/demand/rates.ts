/** Rates that a load causes inside the stack: pushes, invocations, concurrency, table units. All in 1/s unless named otherwise. */

import { type Asks, asksOf, rollbackAsks } from '../fallback/sync-client.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { combine, type Known, known, mapKnown, unknown } from '../known.ts';
import { type AskKind, askKinds, type Coefficients, type LoadKind, loadKinds, type UnitCosts } from './coefficients.ts';
import { type FanOutRates, plus } from './fan-out.ts';
import type { Load } from './load.ts';
import { pushExecutions, writesPerSubscribe, writesPerUnsubscribe } from './subscriptions.ts';

/** A moment of a load: its rates at the daily mean, in the burst of webhooks and connects, or while a broadcast goes out. */
export interface Moment {
  connects: number;
  /** All that clients send: messages, heartbeats, subscribes and publishes. */
  messages: number;
  webhooks: number;
  /** Of webhooks. Absent: none. */
  pushes?: number | undefined;
  /** Of channels and broadcasts. Absent: none. */
  fanOut?: { rates: FanOutRates; subscriptionsPerConnection: number } | undefined;
  /** Connections that end. Absent: as many as open. */
  disconnects?: number | undefined;
  /** What clients ask over HTTP. Absent: nothing. */
  asks?: Asks | undefined;
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

/** While a stage is rolled back, and while everybody polls: nobody is connected, to send or to be pushed to. */
export function rollbackMoments({ sync, ...load }: Load): Brief[] {
  if (sync === undefined) return [];
  const { webhooks } = meanMoment(load);
  return rollbackAsks({ peakConnections: load.peakConnections, sync }).map((each) => ({
    ...{ connects: 0, messages: 0, webhooks },
    ...each,
  }));
}

/** The moments that ask more than the mean, if any. */
export function busyMoments(load: Load): Brief[] {
  const broadcast = broadcastMoment(load);
  return [...(hasBurst(load) ? [burstMoment(load)] : []), ...(broadcast ? [broadcast] : []), ...rollbackMoments(load)];
}

/** The highest of a rate over the load's moments. */
export function atBusiest(load: Load, rate: (moment: Moment) => Known<number>): Known<number> {
  return combine([burstMoment(load), ...busyMoments(load)].map(rate), (values) => Math.max(...values));
}

function momentOf(load: Load, connects: number, webhooks: number): Moment {
  const { fanOut } = load;
  const messages = load.messageRatePerSecond + (load.heartbeatRatePerSecond ?? 0);
  const pushes = webhooks * pushesPerWebhook(load);
  const { sync } = load;
  const asks = sync && asksOf({ peakConnections: load.peakConnections, sync }, connects);
  if (!fanOut) return { connects, messages, webhooks, pushes, asks };
  const { channels: rates, subscriptionsPerConnection } = fanOut;
  return {
    connects,
    messages: messages + rates.publishes + connects * subscriptionsPerConnection,
    webhooks,
    pushes,
    fanOut: { rates, subscriptionsPerConnection },
    asks,
  };
}

const hasBurst = (load: Load): boolean => load.connectBurst !== null || load.webhookBurst !== null;

/** Pushes per webhook: share of owners online × tabs. */
export const pushesPerWebhook = (load: Load): number => load.ownersOnlineShare * load.tabsPerUser;

/** Units of each kind of load a second. Every connection that opens also closes. */
const unitRates = ({
  connects,
  disconnects,
  messages,
  webhooks,
  pushes = 0,
  asks,
}: Moment): Record<CostKind, number> => ({
  ...{ connect: connects, disconnect: disconnects ?? connects, message: messages, webhook: webhooks, push: pushes },
  ...{ stageRead: asks?.stageReads ?? 0, poll: asks?.polls ?? 0, firstRead: asks?.firstReads ?? 0 },
});

type CostKind = LoadKind | AskKind;
const costKinds: readonly CostKind[] = [...loadKinds, ...askKinds];

/** Σ units a second × their cost. Unknown where a kind that there is has an unknown cost. */
export function costRate(moment: Moment, costs: UnitCosts | undefined): Known<number> {
  if (costs === undefined) return known(0);
  const rates = unitRates(moment);
  let sum = 0;
  // A projection asks thousands of times.
  for (const kind of costKinds) {
    const cost = costs[kind];
    if (cost === undefined || rates[kind] === 0) continue;
    if (cost.kind === 'unknown') return unknown(cost.reason);
    sum += cost.value * rates[kind];
  }
  return known(sum);
}

/** @connections calls a second: (pushes of webhooks + those of channels and broadcasts) × calls per push + what other load calls by itself. */
export function pushCallRate(moment: Moment, coefficients: Coefficients): Known<number> {
  const pushes = (moment.pushes ?? 0) + (moment.fanOut?.rates.pushes ?? 0);
  const ofPushes = pushes === 0 ? known(0) : mapKnown(coefficients.callsPerPush, (calls) => pushes * calls);
  return sumOf([ofPushes, costRate(moment, coefficients.calls)]);
}

/** Requests of clients over HTTP, a second. */
export const askRate = ({ asks }: Pick<Moment, 'asks'>): number =>
  asks ? asks.stageReads + asks.polls + asks.firstReads : 0;

export const invocationRate = (moment: Moment, coefficients: Coefficients, functionId: string): Known<number> =>
  costRate(moment, coefficients.functions[functionId]?.invocations);

/** Messages a second that are sent to a queue. */
export const queueRate = (moment: Moment, coefficients: Coefficients, queueId: string): Known<number> =>
  costRate(moment, coefficients.queues[queueId]);

/** Messages a second that are published to a topic. */
export const topicRate = (moment: Moment, coefficients: Coefficients, topicId: string): Known<number> =>
  costRate(moment, coefficients.topics?.[topicId]);

/** Events a second of an event bus. */
export const eventRate = (moment: Moment, coefficients: Coefficients, busId: string): Known<number> =>
  costRate(moment, coefficients.eventBuses?.[busId]);

/** Invocations a second of a rule's targets. */
export const ruleRate = (moment: Moment, coefficients: Coefficients, ruleId: string): Known<number> =>
  costRate(moment, coefficients.rules?.[ruleId]);

/** A stack with what a unit of load costs it. */
export interface Weighed {
  coefficients: Coefficients;
  deployment: Pick<Deployment, 'code'>;
}

/**
 * Mean concurrency of one function by Little's law, L = λ · W: seconds of execution that arrive a second. A publish adds the time of its pushes.
 * J. D. C. Little, Operations Research 9(3), 1961. Holds for means in a steady state only.
 */
export function concurrencyOf(id: string, moment: Moment, { coefficients, deployment }: Weighed): Known<number> {
  const pushing = deployment.code?.channels?.function === id ? pushExecutions(moment.fanOut?.rates.pushes ?? 0) : 0;
  return mapKnown(costRate(moment, coefficients.functions[id]?.busySeconds), (busy) => busy + pushing);
}

export const sumOf = (rates: readonly Known<number>[]): Known<number> =>
  combine(rates, (values) => values.reduce((sum, value) => sum + value, 0));

/** Table units a second: those of the units of load, and of subscriptions and the reads of subscribers, where these are stored in the table. */
export function tableUnitRate(
  { id, units }: { id: string; units: 'writeUnits' | 'readUnits' },
  moment: Moment,
  { coefficients, deployment }: Weighed,
): Known<number> {
  const { connects, fanOut } = moment;
  const subscription = (fanOut?.subscriptionsPerConnection ?? 0) * (writesPerSubscribe + writesPerUnsubscribe);
  const byFanOut = units === 'writeUnits' ? connects * subscription : (fanOut?.rates.readUnits ?? 0);
  return mapKnown(
    costRate(moment, coefficients.tables[id]?.[units]),
    (rate) => rate + (deployment.code?.channels?.table === id ? byFanOut : 0),
  );
}
