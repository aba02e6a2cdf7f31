/** AWS/SQS metrics: counts from the calls, gauges from the queues. */
import type { MetricBatch } from '../process/messages.ts';
import type { SqsStore } from './fauxqs-store.ts';

const namespace = 'AWS/SQS';
type CountName =
  | 'NumberOfMessagesSent'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfEmptyReceives';

interface Counts {
  counts: Map<CountName, number>;
  sentBytes: number[];
}

export class QueueMetrics {
  #queues = new Map<string, Counts>();

  /** One call that succeeded: its input and output as fauxqs has them. */
  observe(action: string, input: Readonly<Record<string, unknown>>, output: Readonly<Record<string, unknown>>): void {
    const queueName =
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1) ?? '';
    const listed = (name: string) => (Array.isArray(output[name]) ? output[name].length : 0);
    switch (action) {
      case 'SendMessage':
        this.#count(queueName, 'NumberOfMessagesSent', 1);
        this.#sent(queueName, input);
        break;
      case 'SendMessageBatch':
        this.#count(queueName, 'NumberOfMessagesSent', listed('Successful'));
        for (const entry of Array.isArray(input.Entries) ? input.Entries : []) this.#sent(queueName, entry);
        break;
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

  /** Counts since the last call, and the depths now. */
  drain(store: SqsStore, timestampMs: number): MetricBatch[] {
    const batches: MetricBatch[] = [];
    for (const queue of store.allQueues()) {
      const dimensions = { QueueName: queue.name };
      const add = (name: string, unit: string, values: readonly number[]) =>
        batches.push({ namespace, name, dimensions, unit, timestampMs, values });
      const seen = this.#queues.get(queue.name);
      for (const [name, count] of seen?.counts ?? []) add(name, 'Count', [count]);
      if (seen && seen.sentBytes.length > 0) add('SentMessageSize', 'Bytes', seen.sentBytes);
      queue.processTimers();
      add('ApproximateNumberOfMessagesVisible', 'Count', [queue.messages.length]);
      add('ApproximateNumberOfMessagesNotVisible', 'Count', [queue.inflightMessages.size]);
      add('ApproximateNumberOfMessagesDelayed', 'Count', [queue.delayedMessages.length]);
      let oldest = timestampMs;
      for (const { sentTimestamp } of queue.messages) oldest = Math.min(oldest, sentTimestamp);
      for (const { message } of queue.inflightMessages.values()) oldest = Math.min(oldest, message.sentTimestamp);
      add('ApproximateAgeOfOldestMessage', 'Seconds', [Math.floor((timestampMs - oldest) / 1_000)]);
    }
    this.#queues.clear();
    return batches;
  }

  #sent(queueName: string, message: unknown): void {
    const body: unknown =
      typeof message === 'object' && message !== null ? Reflect.get(message, 'MessageBody') : undefined;
    if (typeof body === 'string') this.#of(queueName).sentBytes.push(Buffer.byteLength(body));
  }

  #count(queueName: string, name: CountName, by: number): void {
    const { counts } = this.#of(queueName);
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  #of(queueName: string): Counts {
    const known = this.#queues.get(queueName);
    if (known) return known;
    const made: Counts = { counts: new Map(), sentBytes: [] };
    this.#queues.set(queueName, made);
    return made;
  }
}
