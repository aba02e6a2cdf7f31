/** The SQS event source: long polls, batches, invokes, deletes what succeeded, and scales as Lambda's pollers do. */

import { longPollSeconds, PollerScaler, type PollerScaling, throttledPollerMs } from '../../aws/poller-scaling.ts';
import { passes } from '../events/event-pattern.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import { sleep } from '../process/sleep.ts';
import type { EventSourceModel } from '../template/model.ts';
import type { EventCount, EventSourceMetrics } from './event-source-metrics.ts';
import {
  batchLength,
  type Delivery,
  deliveryOf,
  filteredView,
  type SqsMessage,
  sqsEvent,
  succeeded,
} from './records.ts';
import type { SqsClient } from './sqs-client.ts';

export interface PollerSettings {
  source: EventSourceModel;
  queueUrl: string;
  region: string;
  visibilityTimeoutMs: number;
  scaling: PollerScaling;
  sqs: Pick<SqsClient, 'call'>;
  lambda: Pick<LambdaService, 'invoke'>;
  /** null: the event source's MetricsConfig does not request them. */
  metrics?: Pick<EventSourceMetrics, 'count'> | null;
  /** An error outside the function, e.g. SQS cannot be reached. */
  onError: (error: unknown) => void;
}

/** A received message, and when it arrived by the monotonic clock: its visibility timeout runs from there. */
interface Held extends Delivery {
  receivedAtMs: number;
}

/** ReceiveMessage and DeleteMessageBatch take at most ten messages. */
const messagesPerCall = 10;
/** Concurrent calls of one poller while it fills or deletes a large batch. Not documented by AWS. */
const callsAtOnce = 10;

export class EventSourcePoller {
  #settings: PollerSettings;
  #scaler: PollerScaler;
  #abort = new AbortController();
  #workers = new Set<Promise<void>>();
  /** Active workers, without those that have decided to end. */
  #polling = 0;
  #busy = 0;
  #timer: NodeJS.Timeout;

  constructor(settings: PollerSettings) {
    this.#settings = settings;
    this.#scaler = new PollerScaler(settings.scaling, settings.source.maximumConcurrency, performance.now());
    this.#scale();
    this.#timer = setInterval(() => this.#scale(), 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    await Promise.all(this.#workers);
  }

  #scale(): void {
    this.#scaler.tick(this.#polling > 0 && this.#busy >= this.#polling, performance.now());
    this.#startMissing();
  }

  #startMissing(): void {
    if (this.#abort.signal.aborted) return;
    for (let missing = this.#scaler.allowed - this.#polling; missing > 0; missing--) {
      this.#polling += 1;
      const worker = this.#work().finally(() => this.#workers.delete(worker));
      this.#workers.add(worker);
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    // Messages that did not fit into the last batch come first in the next.
    let held: Held[] = [];
    while (!signal.aborted) {
      if (held.length === 0 && this.#polling > this.#scaler.allowed) break;
      try {
        held = await this.#fill(held, signal);
        if (held.length === 0) {
          if (!this.#scaler.foundNothing(this.#polling)) continue;
          break;
        }
        this.#scaler.foundMessages();
        this.#startMissing();
        const batch = held.splice(0, batchLength(held, this.#settings.source.batchSize));
        this.#busy += 1;
        try {
          await this.#process(batch);
        } finally {
          this.#busy -= 1;
        }
      } catch (error) {
        if (signal.aborted) break;
        this.#settings.onError(error);
        await sleep(1_000, signal);
      }
    }
    this.#polling -= 1;
  }

  /** Receives until a batch is due: it is full, has 6 MB, or the window after its first message has ended. */
  async #fill(given: readonly Held[], signal: AbortSignal): Promise<Held[]> {
    const { batchSize, batchWindowMs } = this.#settings.source;
    const held = [...given];
    let calls = 1;
    for (;;) {
      const [first] = held;
      const leftMs = first ? first.receivedAtMs + batchWindowMs - performance.now() : longPollSeconds * 1_000;
      if (first && (leftMs <= 0 || batchLength(held, batchSize) < held.length || held.length >= batchSize)) return held;
      const missing = batchSize - held.length;
      // While the queue returns full responses, receives run concurrently without waiting.
      const waitSeconds = calls > 1 ? 0 : Math.floor(Math.min(longPollSeconds, leftMs / 1_000));
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, call) =>
          this.#receive(missing - call * messagesPerCall, waitSeconds, signal),
        ),
      );
      const more = answers.flat();
      held.push(...more);
      if (!first && more.length === 0) return held;
      const full = more.length >= calls * messagesPerCall;
      calls = full ? Math.max(1, Math.min(callsAtOnce, Math.ceil((batchSize - held.length) / messagesPerCall))) : 1;
      if (more.length === 0 && leftMs < 1_000) await sleep(leftMs, signal);
    }
  }

  async #receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<Held[]> {
    const { source, region } = this.#settings;
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
    const messages = (answer.Messages ?? []) as readonly SqsMessage[];
    this.#count('PolledEventCount', messages.length);
    const receivedAtMs = performance.now();
    const origin = { queueArn: source.queueArn, region };
    const passing = source.filters.length === 0 ? messages : await this.#filter(messages);
    return passing.map((message) => ({ ...deliveryOf(message, origin), receivedAtMs }));
  }

  /** What the filters leave out is deleted, without an invocation. */
  async #filter(messages: readonly SqsMessage[]): Promise<readonly SqsMessage[]> {
    const { filters } = this.#settings.source;
    const passing = messages.filter((message) => passes(filters, filteredView(message)));
    const others = messages.filter((message) => !passing.includes(message));
    this.#count('FilteredOutEventCount', others.length);
    await this.#delete(others);
    return passing;
  }

  async #process(batch: readonly Held[]): Promise<void> {
    const { source, lambda, visibilityTimeoutMs } = this.#settings;
    const receivedAtMs = batch[0]?.receivedAtMs ?? performance.now();
    const event = sqsEvent(batch);
    let backoffMs = throttledPollerMs.first;
    for (;;) {
      const outcome = await lambda.invoke(source.functionName, event);
      if (outcome.kind === 'throttled') {
        this.#scaler.backOff(performance.now());
        // Retried until the messages are visible to others again; then they are dropped here.
        if (performance.now() - receivedAtMs + backoffMs >= visibilityTimeoutMs) {
          this.#count('DroppedEventCount', batch.length);
          return;
        }
        await sleep(backoffMs, this.#abort.signal);
        if (this.#abort.signal.aborted) return;
        backoffMs = Math.min(throttledPollerMs.most, backoffMs * 2);
        continue;
      }
      const messages = batch.map(({ message }) => message);
      const done = succeeded(messages, outcome, source.reportsBatchItemFailures);
      if (outcome.kind !== 'ok' && !source.reportsBatchItemFailures) this.#scaler.backOff(performance.now());
      if (outcome.kind !== 'payloadTooLarge') this.#count('InvokedEventCount', batch.length);
      this.#count('FailedInvokeEventCount', batch.length - done.length);
      this.#count('DeletedEventCount', await this.#delete(done));
      return;
    }
  }

  /** Returns how many are deleted. One that is not becomes visible again. */
  async #delete(done: readonly SqsMessage[]): Promise<number> {
    const { sqs, queueUrl: QueueUrl } = this.#settings;
    let deleted = done.length;
    const chunk = messagesPerCall * callsAtOnce;
    for (let from = 0; from < done.length; from += chunk) {
      const calls: ReturnType<typeof sqs.call>[] = [];
      for (let start = from; start < Math.min(done.length, from + chunk); start += messagesPerCall) {
        const Entries = done
          .slice(start, start + messagesPerCall)
          .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        calls.push(sqs.call('DeleteMessageBatch', { QueueUrl, Entries }));
      }
      for (const { Failed } of await Promise.all(calls)) deleted -= Array.isArray(Failed) ? Failed.length : 0;
    }
    return deleted;
  }

  #count(name: EventCount, value: number): void {
    if (value > 0) this.#settings.metrics?.count(name, value);
  }
}
