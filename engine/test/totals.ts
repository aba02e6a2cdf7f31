import { highestValueOf } from '../src/buckets.ts';
import type { FleetLoad, FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import {
  type BucketCounts,
  type ClientRecord,
  type CounterName,
  counterNames,
  type HistogramName,
  type WorkUnit,
  workUnits,
} from '../src/records.ts';
import { quietLoad } from '../src/step/quiet-load.fixture.ts';
import { tokenSecret, webhookSecret } from './fake-stack.ts';

export interface Totals {
  counters: Record<CounterName, number>;
  histograms: Partial<Record<HistogramName, BucketCounts>>;
  closeCodes: Record<string, number>;
  closesByServer: Record<string, number>;
  unexpectedFrames: Record<string, number>;
  failures: Record<string, number>;
}

/** All lines of a run, added up. */
export function addUp(records: readonly ClientRecord[]): Totals {
  const counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;
  const totals: Totals = {
    counters,
    histograms: {},
    closeCodes: {},
    closesByServer: {},
    unexpectedFrames: {},
    failures: {},
  };
  const addAll = (to: Record<string, number>, from: Record<string, number> = {}) => {
    for (const [key, n] of Object.entries(from)) to[key] = (to[key] ?? 0) + n;
  };
  for (const record of records) {
    addAll(totals.counters, record.counters);
    addAll(totals.closeCodes, record.closeCodes);
    addAll(totals.closesByServer, record.closesByServer);
    addAll(totals.unexpectedFrames, record.unexpectedFrames);
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

/** The value at or below which this share of the values lies, computed naively from every value. */
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

/** The remainder of each identity in records.ts: work neither begun nor dropped, and work or deliveries in flight. */
export function balance({ counters: c, histograms: h }: Totals): Record<string, number> {
  const units: [string, WorkUnit][] = Object.entries(workUnits);
  const rest: Record<string, number> = {
    eventsUnderWay:
      c.eventsAccepted - c.eventsDelivered - c.eventsOwnerOffline - c.eventsOwnerChanged - c.eventsUnreached,
    eventsDeliveredOtherwise: c.eventsDelivered - c.eventsDeliveredToAll - c.eventsDeliveredToSome,
    pushesAwaited: c.pushesExpected - c.pushesDelivered - c.pushesLate,
    readsAwaited: c.polledExpected - c.polledDelivered - c.polledLate,
    readsBesideEvents: countOf(h.polledMicros) - c.polledDelivered - c.polledLate,
    newEventsBesideEvents: c.webhooksAccepted - c.replaysAccepted - c.eventsAccepted,
    roundTripsBesideAnswers: countOf(h.roundTripMicros) - c.messagesAnswered,
    deliveriesBesidePushes: countOf(h.deliveryMicros) - c.pushesDelivered - c.pushesLate,
    messagesDroppedForNoReason: c.messagesDropped - c.messagesDroppedNoConnection - c.messagesDroppedNotRead,
    publishesDroppedForNoReason: c.publishesDropped - c.publishesDroppedNoConnection - c.publishesDroppedNotRead,
    webhooksDroppedForNoReason: c.webhooksDropped - c.webhooksDroppedUnanswered,
    fanOutAwaited: c.fanOutExpected - c.fanOutDelivered - c.fanOutLate,
  };
  for (const [name, { intended, dropped, begun, succeeded, failed, givenUp }] of units) {
    const ended = failed.reduce((sum, outcome) => sum + c[outcome], c[succeeded] + (givenUp ? c[givenUp] : 0));
    rest[`${name}UnderWay`] = c[begun] - ended;
    if (intended) rest[`${name}NeitherBegunNorDropped`] = c[intended] - c[begun] - (dropped ? c[dropped] : 0);
  }
  return rest;
}

/** Everything has ended, with exactly one outcome each. */
export const balanced = Object.fromEntries(Object.keys(balance(addUp([]))).map((name) => [name, 0]));

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
      replayShare: 0,
      offlineShare: 0,
      timeoutSeconds: 1,
      seed: 7,
      ...load,
    },
  };
}
