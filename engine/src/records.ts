/**
 * The measurements of a fleet, one line a second: the one format in which they travel, from a fleet's thread to the run folder.
 * Every number is a count that adds up exactly across fleets, so merging is addition.
 */
import type { ListedEvent } from './listed-event.ts';
import type { Misdelivery } from './misdelivery.ts';
import type { MissedPublish } from './missed-publish.ts';

export { type EventState, eventStates, type ListedEvent, type Span } from './listed-event.ts';
export type { Misdelivery } from './misdelivery.ts';
export type { MissedPublish } from './missed-publish.ts';

/** Version of the line's layout. Readers refuse versions that they do not know. 2: lines are numbered and sealed (sealed-line.ts). */
export const clientRecordVersion = 2;

/** What a fleet is doing, in this order. */
export const fleetPhases = ['connecting', 'steady', 'draining', 'closing', 'done'] as const;
export type FleetPhase = (typeof fleetPhases)[number];

/** Counters. {@link workUnits} states how the outcomes of a unit of work add up. */
export const counterNames = [
  // Connections
  'connectsIntended',
  'connectsAttempted',
  'connectsOpened',
  'connectsRefused',
  'connectsThrottled',
  'connectsTimedOut',
  'connectsFailed',
  'closesRequested',
  'closesUnexpected',
  /** Connections that were closed (a part of closesRequested) and reopened immediately. */
  'connectionsChurned',
  /** Open connections that the fleet dropped without a close frame, to see its devices reconnect. */
  'connectionsDropped',
  /** Connects (counted above as well) of devices that had failed to connect or had lost their connection. */
  'reconnectsAttempted',
  /** Lost connections that were opened again, and devices that gave up after their last attempt. */
  'connectionsRecovered',
  'connectionsAbandoned',
  /** Keep-alive pings: counted separately from messages. */
  'keepAlivesSent',
  'keepAlivesDropped',
  'keepAlivesAnswered',
  // Messages (ping)
  'messagesIntended',
  'messagesSent',
  'messagesDropped',
  /** Parts of messagesDropped that are not the generator's: no connection was open; the target had stopped reading. */
  'messagesDroppedNoConnection',
  'messagesDroppedNotRead',
  'messagesAnswered',
  'messagesTimedOut',
  'messagesErrorFrame',
  'messagesConnectionClosed',
  // Webhook posts
  'webhooksIntended',
  'webhooksPosted',
  'webhooksDropped',
  /** Part of webhooksDropped: as many posts as the generator makes at a time were waiting for the target's answer. */
  'webhooksDroppedUnanswered',
  'webhooksAccepted',
  'webhooksThrottled',
  'webhooksRejected',
  'webhooksTimedOut',
  'webhooksFailed',
  /** Posts that were replays of an event already posted (a part of webhooksPosted / webhooksAccepted). */
  'replaysPosted',
  'replaysAccepted',
  /** Posts (counted above as well) that were retries, and duplicates sent back to back. */
  'retriesPosted',
  'duplicatesPosted',
  /** Events none of whose posts was accepted. */
  'eventsUnaccepted',
  // Events: distinct ids of accepted webhooks. Each ends once:
  // accepted = delivered + ownerOffline + ownerChanged + unreached; delivered = deliveredToAll + deliveredToSome
  'eventsAccepted',
  /** At least one push arrived. */
  'eventsDelivered',
  /** It reached every connection that was open from before its post until the end of the drain. */
  'eventsDeliveredToAll',
  /** It did not reach one of those. */
  'eventsDeliveredToSome',
  /** No push arrived, and the owner held no connection from the post until the end of the drain. */
  'eventsOwnerOffline',
  /** No push arrived, and the owner's connections came or went meanwhile: whether one could have arrived is not known here. */
  'eventsOwnerChanged',
  /** No push arrived, although a connection of the owner was open from before the post until the end of the drain. */
  'eventsUnreached',
  // Pushes: what arrived on sockets
  // expected = delivered + late + missing
  'pushesExpected',
  'pushesDelivered',
  'pushesLate',
  'pushesDuplicate',
  /** Of events that this run does not know, or on another tab of the owner than the one they are for. */
  'pushesUnexpected',
  /** On a connection of another user than the owner (misdelivery.ts). */
  'pushesMisdelivered',
  /** Push for an event whose post was not accepted (timed out at the client, yet queued). */
  'pushesOfUnaccepted',
  /** Delivered or late, after a push of a later event to the same connection. */
  'pushesReordered',
  // Subscriptions
  'subscribesSent',
  'subscribesAnswered',
  'subscribesTimedOut',
  'subscribesErrorFrame',
  'subscribesConnectionClosed',
  // Publishes
  'publishesIntended',
  'publishesSent',
  'publishesDropped',
  /** Parts of publishesDropped that are not the generator's: nobody was subscribed, or connected; the target had stopped reading. */
  'publishesDroppedNoConnection',
  'publishesDroppedNotRead',
  'publishesAnswered',
  'publishesTimedOut',
  'publishesErrorFrame',
  'publishesConnectionClosed',
  // Their deliveries to subscribers: expected = delivered + late + missing
  'fanOutExpected',
  'fanOutDelivered',
  'fanOutLate',
  'fanOutDuplicate',
  'fanOutUnexpected',
  /** Of a channel that the connection never asked for. */
  'fanOutMisdelivered',
  /** Of publishes that were not confirmed. */
  'fanOutOfUnanswered',
  /** Delivered or late, after a later message of the same channel. */
  'fanOutReordered',
  /** Answered publishes that a subscriber never got who was there throughout (missed-publish.ts), and how many such messages: a part of the missing. */
  'publishesMissed',
  'fanOutMissed',
  /** Received: nothing that can be read as a message; readable, but of no type that was expected. */
  'framesUnreadable',
  'framesUnexpected',
  // Bytes of WebSocket payload
  'bytesSent',
  'bytesReceived',
  // Generator: CPU time of the fleet's thread, and elapsed time, for its share of a core
  'threadCpuMicros',
  'threadElapsedMicros',
] as const;
export type CounterName = (typeof counterNames)[number];

/** Counters of one kind of work: begun = succeeded + all of failed + still under way; intended = begun + dropped. */
export interface WorkUnit {
  begun: CounterName;
  succeeded: CounterName;
  failed: readonly CounterName[];
  /** Absent where nothing has its own schedule. */
  intended?: CounterName;
  dropped?: CounterName;
}

/** Each unit of work ends in exactly one outcome. */
export const workUnits = {
  connects: {
    intended: 'connectsIntended',
    begun: 'connectsAttempted',
    succeeded: 'connectsOpened',
    failed: ['connectsRefused', 'connectsThrottled', 'connectsTimedOut', 'connectsFailed'],
  },
  messages: {
    intended: 'messagesIntended',
    dropped: 'messagesDropped',
    begun: 'messagesSent',
    succeeded: 'messagesAnswered',
    failed: ['messagesTimedOut', 'messagesErrorFrame', 'messagesConnectionClosed'],
  },
  webhooks: {
    intended: 'webhooksIntended',
    dropped: 'webhooksDropped',
    begun: 'webhooksPosted',
    succeeded: 'webhooksAccepted',
    failed: ['webhooksThrottled', 'webhooksRejected', 'webhooksTimedOut', 'webhooksFailed'],
  },
  subscribes: {
    begun: 'subscribesSent',
    succeeded: 'subscribesAnswered',
    failed: ['subscribesTimedOut', 'subscribesErrorFrame', 'subscribesConnectionClosed'],
  },
  publishes: {
    intended: 'publishesIntended',
    dropped: 'publishesDropped',
    begun: 'publishesSent',
    succeeded: 'publishesAnswered',
    failed: ['publishesTimedOut', 'publishesErrorFrame', 'publishesConnectionClosed'],
  },
} as const satisfies Record<string, WorkUnit>;

const units: readonly WorkUnit[] = Object.values(workUnits);
/** Of each unit of work: every outcome but success. */
export const failureCounters: readonly CounterName[] = units.flatMap(({ failed }) => failed);
/** Of each unit of work: due, but never begun. */
export const droppedCounters: readonly CounterName[] = units.flatMap(({ dropped }) => dropped ?? []);

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
  /** Subscription sent → confirmed. */
  'subscribeMicros',
  /** Publish: intended time → answer. */
  'publishMicros',
  /** Publish: intended time → message received, each; the first and the last subscriber; between these two. */
  'fanOutMicros',
  'fanOutFirstMicros',
  'fanOutLastMicros',
  'fanOutSpreadMicros',
  /** Intended time → actual send, of messages and posts. */
  'sendLagMicros',
  /** Event-loop delay of the fleet's thread. */
  'loopDelayMicros',
] as const;
export type HistogramName = (typeof histogramNames)[number];

/** Bucket index (as a JSON key) → count. */
export type BucketCounts = Record<string, number>;

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
  machine?: MachineGauges;
  /** True on the fleet's last line. A run folder without it was cut off. */
  last?: boolean;
}
