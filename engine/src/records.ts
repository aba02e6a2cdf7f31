/**
 * What a fleet measures, a line a second: the one format in which client measurements travel, from a fleet's thread to the run folder.
 * Every number is a count that adds up exactly across fleets, so merging is addition.
 */

/** Version of the line's layout. A reader refuses one that it does not know. */
export const clientRecordVersion = 1;

/** Counters. Each unit of work ends in exactly one of its outcomes. */
export const counterNames = [
  // Connections: attempted = opened + refused + throttled + timedOut + failed
  'connectsIntended',
  'connectsAttempted',
  'connectsOpened',
  'connectsRefused',
  'connectsThrottled',
  'connectsTimedOut',
  'connectsFailed',
  'closesRequested',
  'closesUnexpected',
  // Messages (ping): intended = sent + dropped; sent = answered + timedOut + errorFrame + connectionClosed + outstanding
  'messagesIntended',
  'messagesSent',
  'messagesDropped',
  'messagesAnswered',
  'messagesTimedOut',
  'messagesErrorFrame',
  'messagesConnectionClosed',
  // Webhook posts: intended = posted + dropped; posted = accepted + throttled + rejected + timedOut + failed + outstanding
  'webhooksIntended',
  'webhooksPosted',
  'webhooksDropped',
  'webhooksAccepted',
  'webhooksThrottled',
  'webhooksRejected',
  'webhooksTimedOut',
  'webhooksFailed',
  /** Posts that were replays of an event already posted (a part of webhooksPosted / webhooksAccepted). */
  'replaysPosted',
  'replaysAccepted',
  // Events: distinct ids of accepted webhooks; the ledger's left side
  'eventsAccepted',
  /** Accepted events whose owner had no open connection when it was posted. */
  'eventsOwnerOffline',
  /** Accepted events of which at least one push arrived. */
  'eventsDelivered',
  /** Accepted events whose pushes reached every connection the owner had open when it was posted. */
  'eventsDeliveredToAll',
  // Pushes: what arrived on sockets
  'pushesExpected',
  'pushesDelivered',
  'pushesDuplicate',
  'pushesUnexpected',
  /** Push for an event whose post was not accepted (timed out at the client, yet queued). */
  'pushesOfUnaccepted',
  'framesUnreadable',
  // Bytes of WebSocket payload
  'bytesSent',
  'bytesReceived',
  // Generator: CPU time of the fleet's thread, and elapsed time, for its share of a core
  'threadCpuMicros',
  'threadElapsedMicros',
] as const;
export type CounterName = (typeof counterNames)[number];

/** Histograms in microseconds, as sparse bucket counts (see buckets.ts). */
export const histogramNames = [
  /** Connect: intended time → open. */
  'connectMicros',
  /** Message: intended time → answer. */
  'roundTripMicros',
  /** Message: actual send → answer. Never reported as latency. */
  'serviceMicros',
  /** Webhook post: intended time → 200. */
  'webhookMicros',
  /** Webhook post: intended time → push received, each push. */
  'deliveryMicros',
  /** Intended time → actual send, of messages and posts. */
  'sendLagMicros',
  /** Event-loop delay of the fleet's thread. */
  'loopDelayMicros',
] as const;
export type HistogramName = (typeof histogramNames)[number];

/** Bucket index (as a JSON key) → count. */
export type BucketCounts = Record<string, number>;

/** One line of client.ndjson: one fleet in one second. Absent counters are 0; absent histograms had no values. */
export interface ClientRecord {
  version: typeof clientRecordVersion;
  /** Seconds since the epoch, the label of this second on the client's clock. */
  second: number;
  fleet: string;
  /** What the fleet was doing: the report trims by it. */
  phase: 'connecting' | 'steady' | 'draining' | 'closing' | 'done';
  openConnections: number;
  counters: Partial<Record<CounterName, number>>;
  histograms: Partial<Record<HistogramName, BucketCounts>>;
  /** Close code → count of closes in this second, e.g. "1001". */
  closeCodes?: Record<string, number>;
  /** Failure code or HTTP status → count, e.g. "connect ECONNREFUSED", "webhook 503", "connect 429". */
  failures?: Record<string, number>;
  /** True on the fleet's very last line. A folder without it was cut off. */
  last?: boolean;
}
