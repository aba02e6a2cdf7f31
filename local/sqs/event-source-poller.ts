/** The SQS event source: long polls, batches, invokes, deletes what succeeded, and scales as Lambda's pollers do. */
import type { LambdaService } from '../lambda/lambda-service.ts';
import { sleep } from '../process/sleep.ts';
import type { EventSourceModel } from '../template/model.ts';
import { type PollerScaling, pollerConcurrency } from './poller-scaling.ts';
import { type SqsMessage, sqsEvent, succeeded } from './records.ts';
import type { SqsClient } from './sqs-client.ts';

export interface PollerSettings {
  source: EventSourceModel;
  queueUrl: string;
  region: string;
  visibilityTimeoutMs: number;
  scaling: PollerScaling;
  sqs: Pick<SqsClient, 'call'>;
  lambda: Pick<LambdaService, 'invoke'>;
  /** Something that is no answer of the function's: SQS cannot be reached, for one. */
  onError: (error: unknown) => void;
}

interface ReceivedBatch {
  messages: readonly SqsMessage[];
  /** When its first messages came, by the monotonic clock: their visibility timeout is the first to pass. */
  receivedAtMs: number;
}

/** ReceiveMessage and DeleteMessageBatch take at most ten messages. */
const messagesPerCall = 10;
const longPollSeconds = 20;
/** Lambda invokes before a batch's payload is over 6 MB. Characters stand in for bytes, with room for the record's frame. */
const maxBatchCharacters = 5_000_000;
const throttleBackoffMs = { first: 100, most: 5_000 };

export class EventSourcePoller {
  #settings: PollerSettings;
  #abort = new AbortController();
  #workers = new Set<Promise<void>>();
  #busy = 0;
  /** Since when every worker has had messages; null while one waits for some. */
  #backlogSinceMs: number | null = null;
  #timer: NodeJS.Timeout;

  constructor(settings: PollerSettings) {
    this.#settings = settings;
    this.#scale();
    this.#timer = setInterval(() => this.#scale(), 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    await Promise.all(this.#workers);
  }

  #allowed(): number {
    const backlogMs = this.#backlogSinceMs === null ? 0 : performance.now() - this.#backlogSinceMs;
    return pollerConcurrency(backlogMs, this.#settings.source.maximumConcurrency, this.#settings.scaling);
  }

  #scale(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#workers.size > 0 && this.#busy >= this.#workers.size) this.#backlogSinceMs ??= performance.now();
    for (let missing = this.#allowed() - this.#workers.size; missing > 0; missing--) {
      const worker = this.#work().finally(() => this.#workers.delete(worker));
      this.#workers.add(worker);
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        const batch = await this.#receiveBatch(signal);
        if (batch.messages.length === 0) {
          this.#backlogSinceMs = null;
          if (this.#workers.size > this.#settings.scaling.pollerInitialConcurrency) return;
          continue;
        }
        this.#busy += 1;
        try {
          await this.#process(batch);
        } finally {
          this.#busy -= 1;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#settings.onError(error);
        await sleep(1_000, signal);
      }
    }
  }

  async #receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsMessage[]> {
    const answer = await this.#settings.sqs.call(
      'ReceiveMessage',
      {
        QueueUrl: this.#settings.queueUrl,
        MaxNumberOfMessages: Math.min(messagesPerCall, max),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      signal,
    );
    return (answer.Messages ?? []) as readonly SqsMessage[];
  }

  /** A batch is due when it is full, when the window after its first message has ended, or when it gets too large. */
  async #receiveBatch(signal: AbortSignal): Promise<ReceivedBatch> {
    const { batchSize, batchWindowMs } = this.#settings.source;
    const messages = [...(await this.#receive(batchSize, longPollSeconds, signal))];
    const receivedAtMs = performance.now();
    const until = receivedAtMs + batchWindowMs;
    while (messages.length > 0 && messages.length < batchSize && batchWindowMs > 0) {
      const leftMs = until - performance.now();
      const characters = messages.reduce((sum, message) => sum + message.Body.length, 0);
      if (leftMs <= 0 || characters > maxBatchCharacters) break;
      const more = await this.#receive(
        batchSize - messages.length,
        Math.floor(Math.min(longPollSeconds, leftMs / 1_000)),
        signal,
      );
      messages.push(...more);
      if (more.length === 0 && leftMs < 1_000) await sleep(leftMs, signal);
    }
    return { messages, receivedAtMs };
  }

  async #process({ messages, receivedAtMs }: ReceivedBatch): Promise<void> {
    const { source, region, lambda, sqs, queueUrl, visibilityTimeoutMs } = this.#settings;
    const event = sqsEvent(messages, { queueArn: source.queueArn, region });
    let backoffMs = throttleBackoffMs.first;
    for (;;) {
      const outcome = await lambda.invoke(source.functionName, event);
      if (outcome.kind === 'throttled') {
        // Tried again until the messages are visible to others again; then they are dropped here.
        if (performance.now() - receivedAtMs + backoffMs >= visibilityTimeoutMs) return;
        await sleep(backoffMs, this.#abort.signal);
        if (this.#abort.signal.aborted) return;
        backoffMs = Math.min(throttleBackoffMs.most, backoffMs * 2);
        continue;
      }
      const done = succeeded(messages, outcome, source.reportsBatchItemFailures);
      for (let from = 0; from < done.length; from += messagesPerCall) {
        const Entries = done
          .slice(from, from + messagesPerCall)
          .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.call('DeleteMessageBatch', { QueueUrl: queueUrl, Entries });
      }
      return;
    }
  }
}
