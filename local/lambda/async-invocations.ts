/**
 * Asynchronous invocations (InvocationType Event): accepted immediately, run when there is capacity. A function error is retried after one
 * minute and after two more; a throttle for up to six hours, with growing delays. Then the event is dropped.
 * Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation", read November 2026.
 * The queue is in memory: events waiting when the target stops are lost. Destinations of functions are not supported.
 */
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import { sleep } from '../process/sleep.ts';
import type { Limits } from '../quota/limits.ts';
import type { LambdaService } from './lambda-service.ts';

export interface AsyncInvocationsSettings {
  lambda: Pick<LambdaService, 'invoke'>;
  limits: Pick<Limits, 'asyncRetries' | 'asyncRetryDelayMs' | 'asyncMaxAgeMs'>;
  metrics: MetricSink;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** An event has failed for the last time. */
  onDropped?: (dropped: DroppedEvent) => void;
}

/** Of the last attempt. */
export type DropReason =
  | { kind: 'functionError'; message: string }
  | { kind: 'throttled' }
  | { kind: 'payloadTooLarge' };

export interface DroppedEvent {
  functionName: string;
  payload: string;
  reason: DropReason;
}

type MetricName = 'AsyncEventsReceived' | 'AsyncEventsDropped' | 'AsyncEventAge';

/** Total payload bytes that may wait. AWS has no such limit, but this machine's memory has. */
const maxWaitingCharacters = 64 * 1_024 * 1_024;
/** Approximate overhead of a waiting event in addition to its payload: a promise, a timer and what they reference. */
const charactersBeside = 1_024;
/** Delays after a throttle: from one second, growing to five minutes (same source). */
const throttlePauseMs = { first: 1_000, most: 300_000 };

export class AsyncInvocations {
  #settings: AsyncInvocationsSettings;
  #stop = new AbortController();
  #waitingCharacters = 0;

  constructor(settings: AsyncInvocationsSettings) {
    this.#settings = settings;
  }

  /** Accepts an event, or returns false if too many are waiting. */
  accept(functionName: string, payload: string): boolean {
    const characters = payload.length + charactersBeside;
    if (this.#stop.signal.aborted || this.#waitingCharacters + characters > maxWaitingCharacters) return false;
    this.#waitingCharacters += characters;
    this.#put(functionName, 'AsyncEventsReceived', 1);
    void this.#deliver(functionName, payload).finally(() => {
      this.#waitingCharacters -= characters;
    });
    return true;
  }

  /** Ends all waiting. Events that wait are dropped. */
  close(): void {
    this.#stop.abort();
  }

  async #deliver(functionName: string, payload: string): Promise<void> {
    const { lambda, limits, nowMs } = this.#settings;
    const acceptedAtMs = nowMs();
    let failures = 0;
    let reason: DropReason = { kind: 'throttled' };
    let pauseMs = throttlePauseMs.first;
    while (!this.#stop.signal.aborted) {
      const ageMs = nowMs() - acceptedAtMs;
      const outcome = await lambda.invoke(functionName, payload, { synchronous: false });
      if (outcome.kind === 'ok') {
        this.#put(functionName, 'AsyncEventAge', ageMs);
        return;
      }
      reason =
        outcome.kind === 'functionError'
          ? { kind: outcome.kind, message: outcome.error.errorMessage }
          : { kind: outcome.kind };
      if (outcome.kind === 'throttled') {
        if (ageMs + pauseMs > limits.asyncMaxAgeMs) break;
        await sleep(pauseMs, this.#stop.signal);
        pauseMs = Math.min(throttlePauseMs.most, pauseMs * 2);
        continue;
      }
      failures += 1;
      if (failures > limits.asyncRetries) break;
      await sleep(limits.asyncRetryDelayMs * failures, this.#stop.signal);
    }
    if (this.#stop.signal.aborted) return;
    this.#put(functionName, 'AsyncEventsDropped', 1);
    this.#settings.onDropped?.({ functionName, payload, reason });
  }

  #put(functionName: string, name: MetricName, value: number): void {
    this.#settings.metrics.put({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: functionName },
      unit: name === 'AsyncEventAge' ? 'Milliseconds' : 'Count',
      value,
      timestampMs: this.#settings.nowMs(),
    });
  }
}
