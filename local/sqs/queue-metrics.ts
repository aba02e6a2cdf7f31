/** AWS/SQS metrics, and the refusals of this target's quota: counts from the calls, gauges from the queues. */

import type { MetricBatch } from '../process/messages.ts';
import { refusalDimension, refusalMetric } from '../quota/refusals.ts';
import type { SqsQueue, SqsStore, StoredMessage } from './fauxqs-store.ts';
import { entriesOf, type Input, messageBytes, type QueueQuota } from './request-checks.ts';
import { dropExpired, inQueueSinceMs } from './standard-queue.ts';

const namespace = 'AWS/SQS';
type CountName =
  | 'NumberOfMessagesSent'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfEmptyReceives';

/** After this many receives, ApproximateAgeOfOldestMessage no longer counts a message. Source: SQS metrics, read 2023. */
const poisonReceives = 3;

interface Counts {
  counts: Map<CountName, number>;
  sentBytes: number[];
  refusals: Map<QueueQuota, number>;
}

export class QueueMetrics {
  #queues = new Map<string, Counts>();

  /** One successful call: its input and output in fauxqs's format. A redrive is not a call, so it does not count as sent. */
  observe(action: string, input: Input, output: Input): void {
    const queueName = String(input.QueueUrl ?? '').replace(/^.*\//, '');
    const listed = (name: string) => (Array.isArray(output[name]) ? output[name].length : 0);
    switch (action) {
      case 'SendMessage':
        this.#count(queueName, 'NumberOfMessagesSent', 1);
        this.#of(queueName).sentBytes.push(messageBytes(input));
        break;
      case 'SendMessageBatch': {
        this.#count(queueName, 'NumberOfMessagesSent', listed('Successful'));
        const sent = new Set(entriesOf({ Entries: output.Successful }).map(({ Id }) => Id));
        for (const entry of entriesOf(input))
          if (sent.has(entry.Id)) this.#of(queueName).sentBytes.push(messageBytes(entry));
        break;
      }
      case 'ReceiveMessage':
        if (listed('Messages') > 0) this.#count(queueName, 'NumberOfMessagesReceived', listed('Messages'));
        else this.#count(queueName, 'NumberOfEmptyReceives', 1);
        break;
      case 'DeleteMessage':
        this.#count(queueName, 'NumberOfMessagesDeleted', 1);
        break;
      case 'DeleteMessageBatch':
        this.#count(queueName, 'NumberOfMessagesDeleted', listed('Successful'));
        break;
    }
  }

  refused(quota: QueueQuota, queueName: string): void {
    const { refusals } = this.#of(queueName);
    refusals.set(quota, (refusals.get(quota) ?? 0) + 1);
  }

  /** Counts since the last call, and the current depths. Messages past their retention are dropped first. */
  drain(store: SqsStore, timestampMs: number): MetricBatch[] {
    const batches: MetricBatch[] = [];
    for (const queue of store.allQueues()) {
      const dimensions = { QueueName: queue.name };
      const add = (name: string, unit: string, values: readonly number[]) =>
        batches.push({ namespace, name, dimensions, unit, timestampMs, values });
      const seen = this.#queues.get(queue.name);
      for (const [name, count] of seen?.counts ?? []) add(name, 'Count', [count]);
      if (seen && seen.sentBytes.length > 0) add('SentMessageSize', 'Bytes', seen.sentBytes);
      for (const [quota, count] of seen?.refusals ?? [])
        batches.push(refusalsOf(refusalDimension(quota, queue.name), count, timestampMs));
      queue.processTimers();
      dropExpired(queue, timestampMs);
      add('ApproximateNumberOfMessagesVisible', 'Count', [Number(queue.getAttribute('ApproximateNumberOfMessages'))]);
      add('ApproximateNumberOfMessagesNotVisible', 'Count', [queue.inflightMessages.size]);
      add('ApproximateNumberOfMessagesDelayed', 'Count', [
        Number(queue.getAttribute('ApproximateNumberOfMessagesDelayed')),
      ]);
      add('ApproximateAgeOfOldestMessage', 'Seconds', [oldestAgeSeconds(queue, timestampMs)]);
    }
    this.#queues.clear();
    return batches;
  }

  #count(queueName: string, name: CountName, by: number): void {
    const { counts } = this.#of(queueName);
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  #of(queueName: string): Counts {
    const known = this.#queues.get(queueName);
    if (known) return known;
    const made: Counts = { counts: new Map(), sentBytes: [], refusals: new Map() };
    this.#queues.set(queueName, made);
    return made;
  }
}

function refusalsOf(quota: string, count: number, timestampMs: number): MetricBatch {
  const dimensions = { Quota: quota };
  return { ...refusalMetric, dimensions, timestampMs, values: [count] };
}

function oldestAgeSeconds(queue: SqsQueue, nowMs: number): number {
  let oldestMs = nowMs;
  const look = (message: StoredMessage) => {
    if (message.approximateReceiveCount < poisonReceives) oldestMs = Math.min(oldestMs, inQueueSinceMs(message));
  };
  for (const message of queue.messages) look(message);
  for (const group of queue.fifoMessages.values()) group.forEach(look);
  for (const { message } of queue.inflightMessages.values()) look(message);
  return Math.floor((nowMs - oldestMs) / 1_000);
}
