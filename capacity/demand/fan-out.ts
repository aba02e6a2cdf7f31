/** Publishes to channels and broadcasts to everybody: their rates inside the stack. */
import { sizeClasses } from './channel-sizes.ts';
import type { Channels, UsagePlan } from './plan.ts';
import { subscriberReadUnits } from './subscriptions.ts';

/** Rates of one moment, all in 1/s. */
export interface FanOutRates {
  /** From clients: a message each. */
  publishes: number;
  pushes: number;
  readUnits: number;
  /** Bytes pushed, and the units of 32 KB in which AWS meters them. */
  pushedBytes: number;
  meteredPushes: number;
}

/** The channels of one kind in the plan. */
interface ChannelKind {
  name: string;
  channels: number;
  /** Of the largest. */
  subscribers: number;
  rates: FanOutRates;
  /** Pushes a second if each publish were pushed by itself. */
  uncollectedPushes: number;
  collectSeconds: number;
}

export interface FanOut {
  kinds: ChannelKind[];
  /** Of all channels, at the peak. */
  channels: FanOutRates;
  /** While a broadcast goes out; null: the plan has none. */
  broadcast: (FanOutRates & { lastsSeconds: number; perDay: number; connections: number }) | null;
  subscriptionsPerConnection: number;
  /** The channel with the most subscribers, and how often they are read; null: there is none. */
  largest: { subscribers: number; readsPerSecond: number } | null;
}

const none: FanOutRates = { publishes: 0, pushes: 0, readUnits: 0, pushedBytes: 0, meteredPushes: 0 };
const meteredBytes = 32 * 1_024;
const largestPublishBytes = 256;
const secondsPerMinute = 60;

/**
 * `factor`: users then over users today. Channels grow in number and keep their sizes; the one in `largest` grows in size, being a part of the
 * whole. Null where the plan has none of it.
 */
export function fanOutOf(plan: UsagePlan, factor: number, peakConnections: number): FanOut | null {
  const kinds = (plan.channels ?? []).map((kind, n) => kindOf(kind, n, factor));
  const single = largestOf(plan, factor, peakConnections);
  if (kinds.length === 0 && !plan.broadcast && !single) return null;
  const all = single ? [...kinds, single] : kinds;
  const subscriptions = all.reduce((sum, { subscriptions }) => sum + subscriptions, 0);
  const [widest] = all.toSorted((a, b) => b.subscribers - a.subscribers);
  return {
    kinds: all,
    channels: all.map(({ rates }) => rates).reduce(plus, none),
    broadcast: broadcastOf(plan, peakConnections),
    subscriptionsPerConnection: peakConnections > 0 ? subscriptions / peakConnections : 0,
    largest: widest ? { subscribers: widest.subscribers, readsPerSecond: widest.largestReads } : null,
  };
}

type Kind = ChannelKind & { subscriptions: number; largestReads: number };

function kindOf(kind: Channels, n: number, factor: number): Kind {
  const today = kindToday(kind);
  return {
    ...today,
    name: kind.name ?? `channels ${n + 1}`,
    channels: today.channels * factor,
    rates: times(today.rates, factor),
    uncollectedPushes: today.uncollectedPushes * factor,
    subscriptions: today.subscriptions * factor,
  };
}

/** A projection asks thousands of times for the same kinds. */
const computed = new WeakMap<Channels, Omit<Kind, 'name'>>();

function kindToday(kind: Channels): Omit<Kind, 'name'> {
  const before = computed.get(kind);
  if (before) return before;
  const { publishesPerMinute, publishesPerSubscriberPerMinute = 0, publishBytes, collectSeconds } = kind;
  const publishesTo = (subscribers: number) =>
    (publishesPerMinute ?? publishesPerSubscriberPerMinute * subscribers) / secondsPerMinute;
  const classes = sizeClasses(kind);
  let [rates, uncollectedPushes, subscriptions] = [none, 0, 0];
  for (const { subscribers, channels } of classes) {
    const publishes = publishesTo(subscribers);
    const one = ratesOf(subscribers, publishes, collected(publishes, collectSeconds), publishBytes);
    rates = plus(rates, times(one, channels));
    uncollectedPushes += publishes * subscribers * channels;
    subscriptions += subscribers * channels;
  }
  const subscribers = classes[0]?.subscribers ?? 0;
  const largestReads = collected(publishesTo(subscribers), collectSeconds);
  const channels = kind.count;
  const today = { channels, subscribers, rates, uncollectedPushes, collectSeconds, subscriptions, largestReads };
  computed.set(kind, today);
  return today;
}

/** Channel or tenant of `largest`: a tenant's connections are all subscribed to one channel. */
function largestOf(plan: UsagePlan, factor: number, peakConnections: number): Kind | null {
  const { channelSubscribers = 0, tenantShare = 0, channelPublishesPerMinute = 1 } = plan.largest ?? {};
  const subscribers = Math.max(channelSubscribers * factor, tenantShare * peakConnections);
  if (subscribers === 0) return null;
  const publishes = channelPublishesPerMinute / secondsPerMinute;
  return {
    name: tenantShare * peakConnections > channelSubscribers * factor ? 'largest tenant' : 'largest channel',
    channels: 1,
    subscribers,
    rates: ratesOf(subscribers, publishes, publishes, largestPublishBytes),
    uncollectedPushes: publishes * subscribers,
    collectSeconds: 0,
    subscriptions: subscribers,
    largestReads: publishes,
  };
}

/** A push to every open connection, evenly over the deadline. Its subscribers are read once, as those of one channel. */
function broadcastOf({ broadcast }: UsagePlan, peakConnections: number): FanOut['broadcast'] {
  if (!broadcast) return null;
  const { deadlineSeconds, perDay, bytes } = broadcast;
  const rates = ratesOf(peakConnections, 1 / deadlineSeconds, 1 / deadlineSeconds, bytes);
  return { ...rates, lastsSeconds: deadlineSeconds, perDay, connections: peakConnections };
}

/**
 * Pushes to each subscriber a second where publishes of c seconds are collected into one: (1 − e^(−λc)) / c, for publishes that are
 * independent (Poisson, λ a second): of the windows of c seconds, those in which there was one. λ itself where nothing is collected.
 */
function collected(publishesPerSecond: number, collectSeconds: number): number {
  return collectSeconds > 0 ? -Math.expm1(-publishesPerSecond * collectSeconds) / collectSeconds : publishesPerSecond;
}

function ratesOf(subscribers: number, publishes: number, pushed: number, publishBytes: number): FanOutRates {
  // What is collected is pushed together: its bytes remain.
  const pushBytes = pushed > 0 ? (publishBytes * publishes) / pushed : publishBytes;
  const pushes = pushed * subscribers;
  return {
    publishes,
    pushes,
    readUnits: pushed * subscriberReadUnits(subscribers),
    pushedBytes: pushes * pushBytes,
    meteredPushes: pushes * Math.max(1, Math.ceil(pushBytes / meteredBytes)),
  };
}

export const plus = (a: FanOutRates, b: FanOutRates): FanOutRates => ({
  publishes: a.publishes + b.publishes,
  pushes: a.pushes + b.pushes,
  readUnits: a.readUnits + b.readUnits,
  pushedBytes: a.pushedBytes + b.pushedBytes,
  meteredPushes: a.meteredPushes + b.meteredPushes,
});

export const times = (rates: FanOutRates, factor: number): FanOutRates => ({
  publishes: rates.publishes * factor,
  pushes: rates.pushes * factor,
  readUnits: rates.readUnits * factor,
  pushedBytes: rates.pushedBytes * factor,
  meteredPushes: rates.meteredPushes * factor,
});
