/**
 * The measurements of a fleet, one line a second: the one format in which they travel, from a fleet's thread to the run folder.
 * Every number is a count that adds up exactly across fleets, so merging is addition.
 */
import { type CounterName, messageCounters, webhookCounters } from './counters.ts';
import type { ListedEvent } from './listed-event.ts';
import type { Misdelivery } from './misdelivery.ts';
import type { MissedPublish } from './missed-publish.ts';

export { type CounterName, counterNames } from './counters.ts';
export { eventStates, type ListedEvent, type Span } from './listed-event.ts';
export type { Misdelivery } from './misdelivery.ts';
export type { MissedPublish } from './missed-publish.ts';
export { droppedCounters, failureCounters, type WorkUnit, workUnits } from './work-units.ts';

/** Version of the line's layout. Readers refuse versions that they do not know. 2: lines are numbered and sealed (sealed-line.ts). */
export const clientRecordVersion = 2;

/** What a fleet is doing, in this order. */
export const fleetPhases = ['connecting', 'steady', 'draining', 'closing', 'done'] as const;
export type FleetPhase = (typeof fleetPhases)[number];

/** Histograms in microseconds, as sparse bucket counts (see buckets.ts). */
export const histogramNames = [
  /** Connect: intended time → open. */
  'connectMicros',
  /** Connect: intended time → actual start. */
  'connectLagMicros',
  /** Parts of a connect, from its actual start: name look-up and TCP, TLS, upgrade request → 101. */
  'connectTcpMicros',
  'connectTlsMicros',
  'connectUpgradeMicros',
  /** A connection lost → open again. */
  'recoveryMicros',
  /** Message: intended time → answer. */
  'roundTripMicros',
  /** Message: actual send → answer. Never reported as latency. */
  'serviceMicros',
  /** Webhook post: intended time → 200. */
  'webhookMicros',
  /** Webhook post: intended time → push received, each push. */
  'deliveryMicros',
  /** Webhook post: intended time → read by a tab that polled when it was posted. */
  'polledMicros',
  /** Read of events, or of the stage: due → answered. Reads that the stack may hold until there is an event are not among them. */
  'pollMicros',
  'stageReadMicros',
  /** Subscription sent → confirmed. */
  'subscribeMicros',
  /** Publish: intended time → answer. */
  'publishMicros',
  /** Publish: intended time → message received, each; the first and the last subscriber; between these two. */
  'fanOutMicros',
  'fanOutFirstMicros',
  'fanOutLastMicros',
  'fanOutSpreadMicros',
  /** Intended time → actual send, of messages, posts, and requests of tabs. */
  'sendLagMicros',
  /** Event-loop delay of the fleet's thread. */
  'loopDelayMicros',
] as const;
export type HistogramName = (typeof histogramNames)[number];

/** Bucket index (as a JSON key) → count. */
export type BucketCounts = Record<string, number>;

/** Of what a step may have several: message texts, and URLs of webhooks. */
export const routeKinds = ['message', 'webhook'] as const;
export type RouteKind = (typeof routeKinds)[number];

/** What is counted of each: over all of them it adds up to the whole. Failures by their text are counted in the whole alone. */
export const routeCounters = { message: messageCounters, webhook: webhookCounters } satisfies Record<
  RouteKind,
  readonly CounterName[]
>;
export const routeHistograms = {
  message: ['roundTripMicros', 'serviceMicros'],
  webhook: ['webhookMicros', 'deliveryMicros', 'polledMicros'],
} as const satisfies Record<RouteKind, readonly HistogramName[]>;

/** Of one of them, a part of the line's own counts. */
export type RouteCounts = Pick<ClientRecord, 'counters' | 'histograms'>;
/** By its place in the mix, from 0. */
export type RoutesOfLine = Partial<Record<RouteKind, Record<string, RouteCounts>>>;

/** Usage of the fleet's machine when the line was written. Unknown values are absent. */
export interface MachineGauges {
  openDescriptors?: number;
  maxDescriptors?: number;
  /** TCP sockets of the whole machine that hold a port, and ephemeral ports of one source address. */
  portsInUse?: number;
  portsOfAddress?: number;
}

/** One line of client.ndjson: one fleet in one second. Absent counters are 0; absent histograms had no values. */
export interface ClientRecord {
  version: typeof clientRecordVersion;
  /** Seconds since the epoch, the label of this second on the client's clock. */
  second: number;
  fleet: string;
  /** Phase in which the second began: the report trims by it. */
  phase: FleetPhase;
  openConnections: number;
  counters: Partial<Record<CounterName, number>>;
  histograms: Partial<Record<HistogramName, BucketCounts>>;
  /** Close code → count of closes in this second, e.g. "1001". */
  closeCodes?: Record<string, number>;
  /** Close code and reason → count, of the closes that gave a reason, e.g. "1001 Going away". */
  closeReasons?: Record<string, number>;
  /** The same for connections that the fleet had not asked to close, whether they gave a reason or not, e.g. "4401 Unauthorized", "1006". */
  closesByServer?: Record<string, number>;
  /** The first few different frames that were not expected, shortened and without secrets → how often they came. */
  unexpectedFrames?: Record<string, number>;
  /** Failure code or HTTP status → count, e.g. "connect ECONNREFUSED", "webhook 503", "connect 429". */
  failures?: Record<string, number>;
  /** Accepted events that ended in this second without being delivered to all: nearly always the fleet's last line. */
  events?: ListedEvent[];
  missedPublishes?: MissedPublish[];
  misdeliveries?: Misdelivery[];
  /** Of a step with several messages or URLs of webhooks. */
  routes?: RoutesOfLine;
  machine?: MachineGauges;
  /** True on the fleet's last line. A run folder without it was cut off. */
  last?: boolean;
}
