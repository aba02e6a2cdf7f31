/** Delivers a batch of queued events: each to every open connection of its owner, once. */
import type { EventClaims } from './event-claims.ts';
import { type MetricCounts, type MetricName, noCounts } from './metric-counts.ts';
import type { PushEvent } from './push-event.ts';
import { fanOut } from './pushing/fan-out.ts';
import { type AudienceDependencies, pushToAudience, type Reach } from './pushing/push-to-audience.ts';
import { Slots } from './pushing/slots.ts';
import { type RecentEvents, withResumeFrom } from './recent-events.ts';
import type { OpenedWebhook } from './webhook-body.ts';

const eventLimit = 16;
/** Concurrent pushes of all events together: as many as the client has sockets (aws-clients.ts). One event takes half of them at most. */
const pushLimit = 128;

export interface QueuedRecord {
  messageId: string;
}

export interface DeliverDependencies<Record extends QueuedRecord> extends Omit<AudienceDependencies, 'slots'> {
  /** Reads (and in the variant `direct` verifies) a queue message. */
  open: (record: Record) => OpenedWebhook | Promise<OpenedWebhook>;
  claims: EventClaims;
  /** Where events are kept for clients that come back; null: nowhere. */
  recent?: RecentEvents | null;
  /** No event is started with less time left. */
  minStartMs: number;
  /**
   * Has messages that are kept on purpose received again soon. Never rejects: a sentence about each for which that failed, for the log. It waits for the
   * queue's visibility timeout then, as a failed message does.
   */
  putOff: (records: readonly Record[]) => Promise<readonly string[]>;
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
  /** Kept for its next receipt, though nothing is wrong. `isHeld`: its claim could not be given back, so a receipt before the lease ends would fail. */
  | { kind: 'deferred'; reason: string; isHeld?: boolean }
  | { kind: 'failed'; reason: string };

const metricOf = {
  delivered: 'EventsDelivered',
  offline: 'EventsOffline',
  duplicate: 'EventsDuplicate',
  rejected: 'SignaturesRejected',
  deferred: 'EventsDeferred',
  failed: 'EventsFailed',
} as const satisfies Record<Outcome['kind'], MetricName>;

/**
 * Never rejects: a message that could not be handled is among the failed ones, and only that one. Ends with the time budget: an event that
 * is not finished by then fails, with those it has reached saved, so that its next receipt goes on with the others.
 */
export async function deliverEvents<Record extends QueuedRecord>(
  records: readonly Record[],
  dependencies: DeliverDependencies<Record>,
): Promise<BatchResult> {
  const result: BatchResult = {
    failedMessageIds: [],
    counts: noCounts(),
    failures: [],
  };
  const batch = { ...dependencies, slots: new Slots(pushLimit) };
  const deferred: Record[] = [];
  await fanOut(records, eventLimit, async (record) => {
    const outcome = await deliverRecord(record, batch, result.counts).catch(
      (error: unknown): Outcome => ({ kind: 'failed', reason: String(error) }),
    );
    result.counts[metricOf[outcome.kind]]++;
    if (outcome.kind === 'failed' || outcome.kind === 'deferred') {
      result.failedMessageIds.push(record.messageId);
      result.failures.push(`Message ${record.messageId}: ${outcome.reason}`);
    }
    if (outcome.kind === 'deferred' && !outcome.isHeld) deferred.push(record);
  });
  if (deferred.length > 0) result.failures.push(...(await dependencies.putOff(deferred)));
  return result;
}

async function deliverRecord<Record extends QueuedRecord>(
  record: Record,
  dependencies: DeliverDependencies<Record> & { slots: Slots },
  counts: Required<MetricCounts>,
): Promise<Outcome> {
  if (dependencies.budget.leftMs() < dependencies.minStartMs)
    return { kind: 'failed', reason: 'No time was left to start it.' };
  const opened = await dependencies.open(record);
  switch (opened.kind) {
    case 'rejected':
      return { kind: 'rejected' };
    // Deleted now it would be lost, should the secret just have been rotated.
    case 'unverified':
      return {
        kind: 'deferred',
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
    const unfinished = await pushToOwner(await kept(event, dependencies), reached, dependencies, counts);
    if (unfinished === null) {
      await dependencies.claims.complete(event.eventId);
      return { kind: reached.size > 0 ? 'delivered' : 'offline' };
    }
    return await giveBack(unfinished);
  } catch (error) {
    return await giveBack({ kind: 'failed', reason: String(error) });
  }

  async function giveBack({ kind, reason }: Unfinished): Promise<Outcome> {
    // If this fails too, the lease expires by itself, and the next receipt pushes to everybody again.
    const unsaved = await dependencies.claims.release(event.eventId, messageId, [...reached]).then(
      () => '',
      (error: unknown) => ` It could not be saved who has been reached: ${String(error)}`,
    );
    return { kind, reason: `${reason}${unsaved}`, ...(kind === 'deferred' && unsaved !== '' && { isHeld: true }) };
  }
}

/** As it is pushed. Kept before any push: a client that sees one has those before it, or finds them. */
async function kept(
  event: PushEvent,
  { recent, nowMs }: Pick<DeliverDependencies<QueuedRecord>, 'recent' | 'nowMs'>,
): Promise<PushEvent> {
  if (!recent) return event;
  const atMs = nowMs();
  const withTime = { ...event, frame: withResumeFrom(event.frame, atMs) };
  await recent.keep(withTime, atMs);
  return withTime;
}

type Unfinished = Extract<Outcome, { reason: string }>;

/** Pushes to the connections that are not in `reached`, and adds those reached now. Returns why others were not, or null if none. */
async function pushToOwner(
  event: PushEvent,
  reached: Set<string>,
  dependencies: AudienceDependencies,
  counts: Required<MetricCounts>,
): Promise<Unfinished | null> {
  const audience = { kind: 'user', userId: event.owner } as const;
  const recipients = await dependencies.store.recipientsOf(audience);
  const missing = recipients.filter(({ connectionId }) => !reached.has(connectionId));
  const unreached: Parameters<typeof reasonOf>[0][] = [];
  for (const reach of await pushToAudience(audience, missing, event.frame, dependencies)) {
    counts.PushesThrottled += reach.throttles;
    switch (reach.kind) {
      case 'sent':
        counts.PushesSent++;
        reached.add(reach.connectionId);
        break;
      case 'gone':
        counts.PushesGone++;
        break;
      case 'opening':
      case 'throttled':
      case 'outOfTime':
      case 'failed':
        unreached.push(reach);
        break;
    }
  }
  // What is wrong comes before what only takes time.
  const named = unreached.find(({ kind }) => kind !== 'opening') ?? unreached[0];
  if (named === undefined) return null;
  const reason = `${unreached.length} of ${missing.length} pushes: ${reasonOf(named)}`;
  return { kind: named.kind === 'opening' ? 'deferred' : 'failed', reason };
}

function reasonOf(reach: Exclude<Reach, { kind: 'sent' | 'gone' }>): string {
  switch (reach.kind) {
    case 'opening':
      return 'The connection is not open yet.';
    case 'throttled':
      return 'A push was throttled on every attempt.';
    case 'outOfTime':
      return 'No time was left for another attempt.';
    case 'failed':
      return reach.reason;
  }
}
