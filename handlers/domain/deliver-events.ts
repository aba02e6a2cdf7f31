/** Delivers a batch of queued events: each to every open connection of its owner, once. */
import type { ConnectionStore } from './connection-store.ts';
import type { EventClaims } from './event-claims.ts';
import { fanOut } from './fan-out.ts';
import { type MetricCounts, type MetricName, noCounts } from './metric-counts.ts';
import { type PushDependencies, pushFrame } from './push.ts';
import type { PushEvent } from './push-event.ts';
import type { OpenedWebhook } from './webhook-body.ts';

/** Concurrent events, and concurrent pushes of one event: together as many as the client has sockets (aws-clients.ts). */
const eventLimit = 16;
const pushLimit = 8;

export interface QueuedRecord {
  messageId: string;
}

export interface DeliverDependencies<Record extends QueuedRecord> extends PushDependencies {
  /** Reads (and in the variant `direct` verifies) a queue message. */
  open: (record: Record) => OpenedWebhook | Promise<OpenedWebhook>;
  store: ConnectionStore;
  claims: EventClaims;
  /** Milliseconds until the function is stopped. */
  remainingMs: () => number;
  /** No event is started with less time left: a function stopped midway pushes some of its events twice. */
  minRemainingMs: number;
}

interface BatchResult {
  /** Messages to keep in the queue. Every other one is deleted from it. */
  failedMessageIds: string[];
  /** All of them, including zeros. */
  counts: Required<MetricCounts>;
  /** A sentence about each failure, for the log. */
  failures: string[];
}

/** Exactly one for each message. */
type Outcome =
  | { kind: 'delivered' }
  | { kind: 'offline' }
  | { kind: 'duplicate' }
  | { kind: 'rejected' }
  | { kind: 'failed'; reason: string };

const metricOf = {
  delivered: 'EventsDelivered',
  offline: 'EventsOffline',
  duplicate: 'EventsDuplicate',
  rejected: 'SignaturesRejected',
  failed: 'EventsFailed',
} as const satisfies Record<Outcome['kind'], MetricName>;

/** Never rejects: a message that could not be handled is among the failed ones, and only that one. */
export async function deliverEvents<Record extends QueuedRecord>(
  records: readonly Record[],
  dependencies: DeliverDependencies<Record>,
): Promise<BatchResult> {
  const result: BatchResult = {
    failedMessageIds: [],
    counts: noCounts(),
    failures: [],
  };
  await fanOut(records, eventLimit, async (record) => {
    const outcome = await deliverRecord(record, dependencies, result.counts).catch(
      (error: unknown): Outcome => ({ kind: 'failed', reason: String(error) }),
    );
    result.counts[metricOf[outcome.kind]]++;
    if (outcome.kind === 'failed') {
      result.failedMessageIds.push(record.messageId);
      result.failures.push(`Message ${record.messageId}: ${outcome.reason}`);
    }
  });
  return result;
}

async function deliverRecord<Record extends QueuedRecord>(
  record: Record,
  dependencies: DeliverDependencies<Record>,
  counts: Required<MetricCounts>,
): Promise<Outcome> {
  if (dependencies.remainingMs() < dependencies.minRemainingMs)
    return { kind: 'failed', reason: 'No time was left to start it.' };
  const opened = await dependencies.open(record);
  switch (opened.kind) {
    case 'rejected':
      return { kind: 'rejected' };
    // Deleted now it would be lost, should the secret just have been rotated.
    case 'unverified':
      return {
        kind: 'failed',
        reason: 'The signature does not match a secret that was read before the message was sent.',
      };
    // Verified and yet unreadable: kept for inspection, among the dead letters.
    case 'tooLarge':
      return { kind: 'failed', reason: 'The body is too large.' };
    case 'malformed':
      return { kind: 'failed', reason: opened.reason };
    case 'event':
      break;
  }

  const { event } = opened;
  const { messageId } = record;
  const claim = await dependencies.claims.claim(event.eventId, messageId);
  switch (claim.kind) {
    case 'done':
    case 'heldByOther':
      return { kind: 'duplicate' };
    case 'heldBySame':
      return { kind: 'failed', reason: 'An earlier receipt of the same message is still being processed.' };
    case 'claimed':
      break;
  }

  const reached = new Set(claim.pushedTo);
  try {
    const failed = await pushToOwner(event, reached, dependencies, counts);
    if (failed === null) {
      await dependencies.claims.complete(event.eventId);
      return { kind: reached.size > 0 ? 'delivered' : 'offline' };
    }
    return await giveBack({ kind: 'failed', reason: failed });
  } catch (error) {
    return await giveBack({ kind: 'failed', reason: String(error) });
  }

  async function giveBack(outcome: Outcome): Promise<Outcome> {
    // If this fails too, the lease expires by itself; only the record of who has been reached is lost.
    await dependencies.claims.release(event.eventId, messageId, [...reached]).catch(() => {});
    return outcome;
  }
}

/** Pushes to the connections that are not in `reached`, and adds those reached now. Returns the first failure, or null. */
async function pushToOwner<Record extends QueuedRecord>(
  event: PushEvent,
  reached: Set<string>,
  dependencies: DeliverDependencies<Record>,
  counts: Required<MetricCounts>,
): Promise<string | null> {
  const { store } = dependencies;
  const connections = await store.connectionsOf(event.owner);
  let failed: string | null = null;
  await fanOut(
    connections.filter((connectionId) => !reached.has(connectionId)),
    pushLimit,
    async (connectionId) => {
      const outcome = await pushFrame(connectionId, event.frame, dependencies);
      counts.PushesThrottled += outcome.throttles;
      switch (outcome.kind) {
        case 'sent':
          counts.PushesSent++;
          reached.add(connectionId);
          break;
        case 'gone':
          counts.PushesGone++;
          // A leftover row costs one more push and is removed then: no reason to push this event again.
          await store.removeConnection(event.owner, connectionId).catch(() => {});
          break;
        case 'throttled':
          failed ??= 'A push was throttled on every attempt.';
          break;
        case 'failed':
          failed ??= outcome.reason;
          break;
      }
    },
  );
  return failed;
}
