/**
 * What a standard queue adds to fauxqs: messages in flight are limited, old messages are dropped, a message wakes one long poll rather
 * than all of them, and no call scans the whole backlog or everything in flight.
 */
import type { SqsQueue, StoredMessage } from './fauxqs-store.ts';
import { MessageDeque } from './message-deque.ts';

type InFlight = SqsQueue['inflightMessages'];
type InFlightEntry = InFlight extends Map<string, infer Entry> ? Entry : never;
/** Methods that are private in fauxqs's types: it calls them itself, so they are the ones to replace. */
type Internals = { notifyWaiters: () => void };

/** When a message arrived in this queue by redrive: its age here counts from then, but its retention does not. */
const movedAtMs = new WeakMap<StoredMessage, number>();

/** When a message entered this queue, for its age. Source: SQS developer guide, dead-letter queues. */
export function inQueueSinceMs(message: StoredMessage): number {
  return movedAtMs.get(message) ?? message.sentTimestamp;
}

/** Whether a queue is at its in-flight limit. Its deadlines are checked first. */
export function isOverInFlight(queue: SqsQueue, limit: number): boolean {
  if (queue.inflightMessages.size < limit) return false;
  queue.processTimers();
  return queue.inflightMessages.size >= limit;
}

/** Modifies a standard queue that has just been created. */
export function setUpStandardQueue(queue: SqsQueue, { inFlightLimit }: { inFlightLimit: number }): void {
  if (queue.isFifo()) return;
  const internals = queue as unknown as Internals;
  const messages = new MessageDeque<StoredMessage>();
  // Before this nothing is due: neither a visibility timeout nor a delay.
  let dueMs = Number.POSITIVE_INFINITY;
  const dueAt = (atMs: number) => {
    dueMs = Math.min(dueMs, atMs);
  };

  class InFlightMessages extends Map<string, InFlightEntry> {
    override set(handle: string, entry: InFlightEntry): this {
      dueAt(entry.visibilityDeadline);
      return super.set(handle, entry);
    }
  }
  const inFlight = new InFlightMessages();
  // The cast: it implements the part of an array that fauxqs uses.
  queue.messages = messages as unknown as StoredMessage[];
  queue.inflightMessages = inFlight;

  let waking = false;
  const wake = () => {
    if (waking || messages.length === 0 || inFlight.size >= inFlightLimit) return;
    const waiter = queue.pollWaiters.shift();
    if (!waiter) return;
    waking = true;
    clearTimeout(waiter.timer);
    waiter.resolve();
    // By the next turn it has taken up to ten; any left wake the next.
    setImmediate(() => {
      waking = false;
      wake();
    });
  };
  internals.notifyWaiters = wake;

  queue.processTimers = () => {
    const nowMs = Date.now();
    if (nowMs >= dueMs) {
      dueMs = Number.POSITIVE_INFINITY;
      for (const [handle, entry] of inFlight) {
        if (entry.visibilityDeadline > nowMs) {
          dueAt(entry.visibilityDeadline);
          continue;
        }
        inFlight.delete(handle);
        messages.push(entry.message);
      }
      const delayed = queue.delayedMessages;
      queue.delayedMessages = [];
      for (const message of delayed) {
        if ((message.delayUntil ?? 0) > nowMs) {
          dueAt(message.delayUntil ?? 0);
          queue.delayedMessages.push(message);
        } else messages.push(message);
      }
    }
    wake();
  };

  const enqueue = queue.enqueue.bind(queue);
  queue.enqueue = (message) => {
    // Only a redrive adds a message that was received before.
    if (message.approximateReceiveCount > 0) movedAtMs.set(message, Date.now());
    if (message.delayUntil !== undefined) dueAt(message.delayUntil);
    enqueue(message);
  };

  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (count, visibilityTimeout, deadLetterQueue) => {
    const room = isOverInFlight(queue, inFlightLimit) ? 0 : inFlightLimit - inFlight.size;
    return room <= 0 ? [] : dequeue(Math.min(count, room), visibilityTimeout, deadLetterQueue);
  };

  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (handle, timeoutSeconds) => {
    dueAt(Date.now() + timeoutSeconds * 1_000);
    changeVisibility(handle, timeoutSeconds);
  };

  queue.purge = () => {
    messages.retain(() => false);
    queue.delayedMessages = [];
    inFlight.clear();
  };
}

/** Undoes a receive whose client disconnected while it waited, as if it had not happened. */
export function putBack(queue: SqsQueue, receiptHandle: string): void {
  const entry = queue.inflightMessages.get(receiptHandle);
  if (!entry) return;
  entry.message.approximateReceiveCount -= 1;
  queue.changeVisibility(receiptHandle, 0);
}

/** Drops messages past the queue's retention, at any position. @returns how many */
export function dropExpired(queue: SqsQueue, nowMs: number): number {
  const sinceMs = nowMs - Number(queue.attributes.MessageRetentionPeriod) * 1_000;
  const keep = ({ sentTimestamp }: StoredMessage) => sentTimestamp >= sinceMs;
  const before = queue.messages.length + queue.delayedMessages.length + queue.inflightMessages.size;
  const { messages } = queue as { messages: unknown };
  if (messages instanceof MessageDeque) messages.retain(keep);
  queue.delayedMessages = queue.delayedMessages.filter(keep);
  for (const [handle, { message }] of queue.inflightMessages) {
    if (!keep(message)) queue.deleteMessage(handle);
  }
  return before - queue.messages.length - queue.delayedMessages.length - queue.inflightMessages.size;
}
