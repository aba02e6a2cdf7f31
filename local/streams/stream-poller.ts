/**
 * The stream of a table as an event source: each shard is read in order, and a batch that fails is retried before the next.
 * Source: Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB" and "Error handling for DynamoDB and Kinesis", read November 2026.
 */
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { StreamRecord } from '../dynamodb/streams/table-stream.ts';
import { passes } from '../events/event-pattern.ts';
import type { InvokeOutcome, LambdaService } from '../lambda/lambda-service.ts';
import { sleep } from '../process/sleep.ts';
import type { StreamSourceModel } from '../template/model.ts';
import type { StreamClient } from './stream-client.ts';

export interface StreamPollerSettings {
  source: StreamSourceModel;
  streams: Pick<StreamClient, 'shards' | 'iterator' | 'records'>;
  lambda: Pick<LambdaService, 'invoke'>;
  metrics: MetricSink;
  /** Tells the failure destination of what was given up; absent without one. */
  onGivenUp?: (message: string) => Promise<unknown>;
  onError: (error: unknown) => void;
}

/** Waits between attempts, as observed: they double. Not documented. */
const firstRetryMs = 250;
const longestRetryMs = 60_000;
/** As in an SQS batch: Lambda's synchronous payload. */
const maxEventBytes = 6 * 1_024 * 1_024;

export class StreamPoller {
  #settings: StreamPollerSettings;
  #abort = new AbortController();
  #ended: Promise<unknown>;

  constructor(settings: StreamPollerSettings) {
    this.#settings = settings;
    this.#ended = this.#start();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }

  async #start(): Promise<void> {
    const { source, streams } = this.#settings;
    try {
      const shards = await streams.shards(source.streamArn);
      await Promise.all(shards.map((shard) => this.#readShard(shard)));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#settings.onError(error);
    }
  }

  async #readShard(shardId: string): Promise<void> {
    const { source, streams, onError } = this.#settings;
    const { signal } = this.#abort;
    let iterator = await streams.iterator(source.streamArn, shardId, source.startingPosition);
    while (!signal.aborted) {
      try {
        const { batch, next } = await this.#gather(iterator, signal);
        iterator = next;
        const chosen = batch.filter((record) => passes(source.filters, record));
        const lanes = lanesOf(chosen, source.parallelizationFactor);
        await Promise.all(lanes.map((records) => this.#process(records, shardId)));
      } catch (error) {
        if (signal.aborted) return;
        onError(error);
        await sleep(1_000, signal);
      }
    }
  }

  /** Reads until the batch is full, or the window after its first record has ended. */
  async #gather(from: string, signal: AbortSignal): Promise<{ batch: readonly StreamRecord[]; next: string }> {
    const { source, streams } = this.#settings;
    const batch: StreamRecord[] = [];
    let next = from;
    let firstAtMs: number | null = null;
    let bytes = 0;
    for (;;) {
      const page = await streams.records(next, source.batchSize - batch.length, signal);
      next = page.next;
      batch.push(...page.records);
      bytes += page.records.reduce((sum, { dynamodb }) => sum + dynamodb.SizeBytes, 0);
      if (batch.length > 0) firstAtMs ??= performance.now();
      const due = firstAtMs !== null && performance.now() - firstAtMs >= source.batchWindowMs;
      if (signal.aborted || batch.length >= source.batchSize || bytes >= maxEventBytes || due || firstAtMs === null)
        return { batch, next };
    }
  }

  /** Until it succeeds, or is given up. */
  async #process(records: readonly StreamRecord[], shardId: string): Promise<void> {
    const { source, lambda } = this.#settings;
    const { signal } = this.#abort;
    let left = records;
    let retries = 0;
    let waitMs = firstRetryMs;
    while (left.length > 0 && !signal.aborted) {
      left = await this.#withoutAged(left, shardId);
      const event = { Records: left.map((record) => ({ ...record, eventSourceARN: source.streamArn })) };
      this.#putIteratorAge(left);
      if (left.length === 0) return;
      const outcome = await lambda.invoke(source.functionName, JSON.stringify(event));
      const failedFrom = firstFailure(left, outcome, source.reportsBatchItemFailures);
      if (failedFrom === null) return;
      // What came before the first failure is done: the batch goes on from there.
      if (failedFrom > 0) retries = 0;
      left = left.slice(failedFrom);
      if (outcome.kind !== 'throttled') {
        if (source.maximumRetries !== null && retries >= source.maximumRetries) {
          await this.#giveUp(left, shardId, 'RetryAttemptsExhausted');
          return;
        }
        retries += 1;
      }
      await sleep(waitMs, signal);
      waitMs = Math.min(longestRetryMs, waitMs * 2);
      if (source.bisects && outcome.kind === 'functionError' && left.length > 1) {
        const half = Math.ceil(left.length / 2);
        await this.#process(left.slice(0, half), shardId);
        left = left.slice(half);
        retries = 0;
      }
    }
  }

  async #withoutAged(records: readonly StreamRecord[], shardId: string): Promise<readonly StreamRecord[]> {
    const { maximumAgeMs } = this.#settings.source;
    if (maximumAgeMs === null) return records;
    const isYoung = ({ dynamodb }: StreamRecord) =>
      Date.now() - dynamodb.ApproximateCreationDateTime * 1_000 <= maximumAgeMs;
    const aged = records.filter((record) => !isYoung(record));
    if (aged.length > 0) await this.#giveUp(aged, shardId, 'MaximumRecordAgeExceeded');
    return records.filter(isYoung);
  }

  async #giveUp(records: readonly StreamRecord[], shardId: string, condition: string): Promise<void> {
    const { source, onGivenUp, onError } = this.#settings;
    const numbers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const message = {
      requestContext: {
        functionArn: source.functionName,
        condition,
        approximateInvokeCount: (source.maximumRetries ?? 0) + 1,
      },
      version: '1.0',
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: numbers[0],
        endSequenceNumber: numbers.at(-1),
        batchSize: records.length,
        streamArn: source.streamArn,
      },
    };
    await onGivenUp?.(JSON.stringify(message)).catch((error: unknown) => {
      this.#put('DestinationDeliveryFailures', 1, 'Count');
      onError(error);
    });
  }

  /** How old the last record of a batch is when the function gets it. */
  #putIteratorAge(records: readonly StreamRecord[]): void {
    const last = records.at(-1);
    if (!last) return;
    const ageMs = Date.now() - last.dynamodb.ApproximateCreationDateTime * 1_000;
    this.#put('IteratorAge', Math.max(0, ageMs), 'Milliseconds');
  }

  #put(name: 'IteratorAge' | 'DestinationDeliveryFailures', value: number, unit: string): void {
    const dimensions = { FunctionName: this.#settings.source.functionName };
    this.#settings.metrics.put({ namespace: 'AWS/Lambda', name, dimensions, unit, value, timestampMs: Date.now() });
  }
}

/** Records by partition key in at most so many lanes, each in order. */
function lanesOf(records: readonly StreamRecord[], count: number): StreamRecord[][] {
  if (records.length === 0) return [];
  if (count <= 1) return [[...records]];
  const lanes = Map.groupBy(records, ({ dynamodb }) => {
    const [hash] = Object.values(dynamodb.Keys);
    return (
      [...JSON.stringify(hash)].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 65_521, 7) % count
    );
  });
  return [...lanes.values()];
}

/** Index of the first record that is to be handled again; null if all are done. */
function firstFailure(
  records: readonly StreamRecord[],
  outcome: InvokeOutcome,
  reportsFailures: boolean,
): number | null {
  if (outcome.kind !== 'ok') return 0;
  if (!reportsFailures) return null;
  const answer: unknown = parsed(outcome.payload);
  if (answer === null) return null;
  if (typeof answer !== 'object') return 0;
  const failures: unknown = Reflect.get(answer, 'batchItemFailures');
  if (failures === undefined || failures === null) return null;
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure: unknown) => {
    const id: unknown = Reflect.get(Object(failure), 'itemIdentifier');
    return records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === id);
  });
  // An unknown id fails the whole batch.
  return indexes.length === 0 ? null : Math.max(0, Math.min(...indexes));
}

/** Null if empty, undefined if it is not JSON. */
function parsed(payload: string): unknown {
  try {
    return payload.trim() === '' ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
}
