/**
 * Takes events from the queue and has them delivered. A message is deleted when it is done; until then it is the queue's, so that a task that ends in the middle
 * loses nothing: the message is visible again after its timeout, and another task takes it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SqsCall } from '../adapters/aws/operations.ts';
import { type DeliverDependencies, deliverEvents } from '../domain/deliver-events.ts';
import type { MetricCounts } from '../domain/metric-counts.ts';
import { workBudget } from './work-budget.ts';

/** A message as the handlers know it from Lambda, by the fields that they read. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: { ApproximateReceiveCount: string };
}

/** SQS gives, and takes back, as many at a time. */
const batchSize = 10;
/** After a receive that failed. */
const pauseMs = 1_000;

interface ConsumerOptions {
  /** Waits for messages longer than any other call. */
  receive: SqsCall;
  call: SqsCall;
  queueUrl: string;
  /** How long a receive waits for messages. */
  waitSeconds: number;
  /** Batches in hand at a time. */
  batches: number;
  /** Of one batch: pushes end then. Shorter than the queue's visibility timeout. */
  limitMs: number;
  deliver: Omit<DeliverDependencies<ReceivedMessage>, 'budget'>;
  count: (counts: MetricCounts) => void;
}

export class QueueConsumer {
  readonly #options: ConsumerOptions;
  #stopping = false;
  #loops: Promise<void>[] = [];

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loops = Array.from({ length: this.#options.batches }, () => this.#loop());
  }

  /** Receives no more. Settles when what was received is done, or given back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#stopping) {
      try {
        const messages = await this.#receive();
        if (messages.length > 0) await this.#deliver(messages);
      } catch (error) {
        console.error('Messages could not be received, delivered or deleted:', error);
        if (!this.#stopping) await sleep(pauseMs);
      }
    }
  }

  async #receive(): Promise<ReceivedMessage[]> {
    const { receive, queueUrl, waitSeconds } = this.#options;
    const { Messages = [] } = await receive('ReceiveMessage', {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: { ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '1' },
    }));
  }

  async #deliver(messages: readonly ReceivedMessage[]): Promise<void> {
    const { deliver, limitMs, count } = this.#options;
    const result = await deliverEvents(messages, { ...deliver, budget: workBudget(limitMs) });
    for (const failure of result.failures) console.error(failure);
    count(result.counts);
    const failed = new Set(result.failedMessageIds);
    await this.#delete(messages.filter(({ messageId }) => !failed.has(messageId)));
  }

  /** One that is not deleted comes again, and its claim says that it is done. */
  async #delete(messages: readonly ReceivedMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const { call, queueUrl } = this.#options;
    const Entries = messages.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
    const { Failed = [] } = await call('DeleteMessageBatch', { QueueUrl: queueUrl, Entries });
    for (const { Code, Message } of Failed) console.error(`A message could not be deleted: ${Code} ${Message ?? ''}`);
  }
}
