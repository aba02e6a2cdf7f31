/**
 * What a FIFO queue adds to fauxqs: a receive returns as many messages of one group as it may, in order, and messages that become visible again
 * keep their order. Source: SQS developer guide, "FIFO queue delivery logic", read November 2026.
 */
import type { SqsQueue } from './fauxqs-store.ts';

/** Modifies a FIFO queue that has just been created. */
export function setUpFifoQueue(queue: SqsQueue): void {
  if (!queue.isFifo()) return;
  const locks = queue.fifoLockedGroups;

  // fauxqs puts what becomes visible again in front of its group, one after the other, and not all of it in the same moment.
  const processTimers = queue.processTimers.bind(queue);
  queue.processTimers = () => {
    const inFlight = queue.inflightMessages.size;
    processTimers();
    if (queue.inflightMessages.size < inFlight) inOrder(queue);
  };
  const changeVisibility = queue.changeVisibility.bind(queue);
  queue.changeVisibility = (handle, timeoutSeconds) => {
    changeVisibility(handle, timeoutSeconds);
    if (timeoutSeconds === 0) inOrder(queue);
  };

  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (count, visibilityTimeout, deadLetterQueue) => {
    const received = dequeue(count, visibilityTimeout, deadLetterQueue);
    for (let more = received; more.length > 0 && received.length < count; ) {
      // fauxqs gives one message of a group at a time, and locks the group: here a group that this receive has locked is open to it.
      const held = new Map<string, number>();
      for (const { ReceiptHandle } of received) {
        const group = queue.inflightMessages.get(ReceiptHandle)?.message.messageGroupId;
        const lock = group === undefined ? undefined : locks.get(group);
        if (group !== undefined && lock !== undefined) held.set(group, lock);
      }
      for (const group of held.keys()) locks.delete(group);
      more = dequeue(count - received.length, visibilityTimeout, deadLetterQueue);
      for (const [group, lock] of held) locks.set(group, lock + (locks.get(group) ?? 0));
      received.push(...more);
    }
    return received;
  };
}

/** Messages of each group as they were sent. */
function inOrder(queue: SqsQueue): void {
  for (const group of queue.fifoMessages.values())
    group.sort((a, b) => Number(BigInt(a.sequenceNumber ?? 0) - BigInt(b.sequenceNumber ?? 0)));
}
