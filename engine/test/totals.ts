import { highestValueOf } from '../src/buckets.ts';
import { type FleetLoad, type FleetSpec, quietLoad } from '../src/core/fleet/fleet-spec.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  counterNames,
  type HistogramName,
} from '../src/records.ts';
import { tokenSecret, webhookSecret } from './fake-stack.ts';

export interface Totals {
  counters: Record<CounterName, number>;
  histograms: Partial<Record<HistogramName, BucketCounts>>;
  closeCodes: Record<string, number>;
  failures: Record<string, number>;
}

/** All lines of a run, added up. */
export function addUp(records: readonly ClientRecord[]): Totals {
  const counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
  const totals: Totals = { counters, histograms: {}, closeCodes: {}, failures: {} };
  const addAll = (to: Record<string, number>, from: Record<string, number> = {}) => {
    for (const [key, n] of Object.entries(from)) to[key] = (to[key] ?? 0) + n;
  };
  for (const record of records) {
    addAll(totals.counters, record.counters);
    addAll(totals.closeCodes, record.closeCodes);
    addAll(totals.failures, record.failures);
    for (const [name, counts] of Object.entries(record.histograms) as [HistogramName, BucketCounts][]) {
      totals.histograms[name] ??= {};
      addAll(totals.histograms[name], counts);
    }
  }
  return totals;
}

export function countOf(counts: BucketCounts = {}): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** Value below or at which this share of the values lies: the simplest way there is, by writing every value out. */
export function quantileMicros(counts: BucketCounts = {}, q: number): number {
  const values = Object.entries(counts)
    .flatMap(([index, n]) => Array.from({ length: n }, () => highestValueOf(Number(index))))
    .toSorted((a, b) => a - b);
  return values[Math.ceil(q * values.length) - 1] ?? Number.NaN;
}

export function meanMicros(counts: BucketCounts = {}): number {
  const sum = Object.entries(counts).reduce((total, [index, n]) => total + highestValueOf(Number(index)) * n, 0);
  return sum / countOf(counts);
}

/** The identities of records.ts: what went in is what came out, and what is still under way. */
export function balance({ counters: c, histograms: h }: Totals) {
  return {
    connectsUnderWay:
      c.connectsAttempted -
      (c.connectsOpened + c.connectsRefused + c.connectsThrottled + c.connectsTimedOut + c.connectsFailed),
    messagesNeitherSentNorDropped: c.messagesIntended - c.messagesSent - c.messagesDropped,
    messagesOutstanding:
      c.messagesSent - (c.messagesAnswered + c.messagesTimedOut + c.messagesErrorFrame + c.messagesConnectionClosed),
    webhooksNeitherPostedNorDropped: c.webhooksIntended - c.webhooksPosted - c.webhooksDropped,
    webhooksUnderWay:
      c.webhooksPosted -
      (c.webhooksAccepted + c.webhooksThrottled + c.webhooksRejected + c.webhooksTimedOut + c.webhooksFailed),
    eventsUnderWay: c.eventsAccepted - c.eventsDelivered - c.eventsOwnerOffline,
    pushesAwaited: c.pushesExpected - c.pushesDelivered - c.pushesLate,
    newEventsBesideEvents: c.webhooksAccepted - c.replaysAccepted - c.eventsAccepted,
    roundTripsBesideAnswers: countOf(h.roundTripMicros) - c.messagesAnswered,
    deliveriesBesidePushes: countOf(h.deliveryMicros) - c.pushesDelivered - c.pushesLate,
    publishesNeitherSentNorDropped: c.publishesIntended - c.publishesSent - c.publishesDropped,
    publishesOutstanding:
      c.publishesSent -
      (c.publishesAnswered + c.publishesTimedOut + c.publishesErrorFrame + c.publishesConnectionClosed),
    fanOutAwaited: c.fanOutExpected - c.fanOutDelivered - c.fanOutLate,
    subscribesOutstanding:
      c.subscribesSent -
      (c.subscribesAnswered + c.subscribesTimedOut + c.subscribesErrorFrame + c.subscribesConnectionClosed),
  };
}

export const balanced: ReturnType<typeof balance> = {
  connectsUnderWay: 0,
  messagesNeitherSentNorDropped: 0,
  messagesOutstanding: 0,
  webhooksNeitherPostedNorDropped: 0,
  webhooksUnderWay: 0,
  eventsUnderWay: 0,
  pushesAwaited: 0,
  newEventsBesideEvents: 0,
  roundTripsBesideAnswers: 0,
  deliveriesBesidePushes: 0,
  publishesNeitherSentNorDropped: 0,
  publishesOutstanding: 0,
  fanOutAwaited: 0,
  subscribesOutstanding: 0,
};

export function fleetSpec(target: { webSocketUrl: string; webhookUrl: string }, load: Partial<FleetLoad>): FleetSpec {
  return {
    fleet: 'f0',
    runTag: 'test',
    webSocketUrl: target.webSocketUrl,
    webhookUrl: target.webhookUrl,
    tokenSecret,
    webhookSecret,
    localAddresses: [],
    headers: {},
    subprotocols: [],
    protocol: null,
    hooksModule: null,
    load: {
      ...quietLoad,
      connections: 20,
      tabsPerUser: 1.25,
      connectRatePerSecond: 100,
      steadySeconds: 1,
      drainSeconds: 3,
      messageRatePerSecond: 0,
      messageBytes: 128,
      webhookRatePerSecond: 0,
      webhookBytes: 1_024,
      burst: null,
      replayShare: 0,
      offlineOwnerShare: 0,
      timeoutSeconds: 1,
      seed: 7,
      ...load,
    },
  };
}
