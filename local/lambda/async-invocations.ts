/**
 * Asynchronous invocations (InvocationType Event): accepted immediately, run when there is capacity. A function error is retried after one
 * minute and after two more; a throttle for up to six hours, with growing delays, but not at all where the function's reserved concurrency is 0.
 * A function's EventInvokeConfig may say less. Then the event is dropped, or its end goes to the function's destinations (outcomes/).
 * Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation", read November 2026.
 * The queue is in memory: events waiting when the target stops are lost.
 */
import { randomUUID } from 'node:crypto';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import { sleep } from '../process/sleep.ts';
import type { Limits } from '../quota/limits.ts';
import type { FunctionModel } from '../template/model.ts';
import type { InvokeOutcome, LambdaService } from './lambda-service.ts';

export interface AsyncInvocationsSettings {
  functions: readonly Pick<FunctionModel, 'functionName' | 'reservedConcurrency' | 'asynchronous'>[];
  lambda: Pick<LambdaService, 'invoke'>;
  limits: Pick<Limits, 'asyncRetries' | 'asyncRetryDelayMs' | 'asyncMaxAgeMs' | 'timeScale'>;
  metrics: MetricSink;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** An event has succeeded, or failed for the last time. */
  onEnded?: (ended: EndedInvocation) => void;
}

/** As AWS names it in a record of the invocation. */
type EndCondition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

export interface EndedInvocation {
  functionName: string;
  /** The same for all attempts. */
  requestId: string;
  payload: string;
  condition: EndCondition;
  /** Those that were not throttled. */
  attempts: number;
  /** Of the last attempt. */
  outcome: InvokeOutcome;
}

interface WaitingEvent extends Pick<EndedInvocation, 'functionName' | 'requestId' | 'payload'> {
  acceptedAtMs: number;
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
  #functions: ReadonlyMap<string, AsyncInvocationsSettings['functions'][number]>;
  #stop = new AbortController();
  #waitingCharacters = 0;

  constructor(settings: AsyncInvocationsSettings) {
    this.#settings = settings;
    this.#functions = new Map(settings.functions.map((model) => [model.functionName, model]));
  }

  /** Accepts an event, or returns false if too many are waiting. */
  accept(functionName: string, payload: string, requestId: string = randomUUID()): boolean {
    const characters = payload.length + charactersBeside;
    if (this.#stop.signal.aborted || this.#waitingCharacters + characters > maxWaitingCharacters) return false;
    this.#waitingCharacters += characters;
    this.#put(functionName, 'AsyncEventsReceived', 1);
    const event = { functionName, payload, requestId, acceptedAtMs: this.#settings.nowMs() };
    void this.#deliver(event).finally(() => {
      this.#waitingCharacters -= characters;
    });
    return true;
  }

  /** Ends all waiting. Events that wait are dropped. */
  close(): void {
    this.#stop.abort();
  }

  async #deliver(event: WaitingEvent): Promise<void> {
    const { functionName, payload, requestId, acceptedAtMs } = event;
    const { lambda, limits, nowMs } = this.#settings;
    const rules = this.#rulesOf(functionName);
    let attempts = 0;
    let pauseMs = throttlePauseMs.first;
    while (!this.#stop.signal.aborted) {
      const ageMs = nowMs() - acceptedAtMs;
      const outcome = await lambda.invoke(functionName, payload, { synchronous: false, requestId });
      // Whatever fails as everything ends has not failed for good.
      if (this.#stop.signal.aborted && outcome.kind !== 'ok') return;
      let waitMs: number;
      if (outcome.kind === 'throttled') {
        if (rules.isSwitchedOff) return this.#end(event, { condition: 'ZeroReservedConcurrency', attempts, outcome });
        waitMs = pauseMs / limits.timeScale;
        pauseMs = Math.min(throttlePauseMs.most, pauseMs * 2);
      } else {
        attempts += 1;
        this.#put(functionName, 'AsyncEventAge', ageMs);
        if (outcome.kind === 'ok') return this.#end(event, { condition: 'Success', attempts, outcome });
        if (attempts > rules.retries) return this.#end(event, { condition: 'RetriesExhausted', attempts, outcome });
        waitMs = limits.asyncRetryDelayMs * attempts;
      }
      if (nowMs() - acceptedAtMs + waitMs > rules.maxAgeMs)
        return this.#end(event, { condition: 'EventAgeExceeded', attempts, outcome });
      await sleep(waitMs, this.#stop.signal);
    }
  }

  #rulesOf(functionName: string): { retries: number; maxAgeMs: number; isSwitchedOff: boolean } {
    const { asyncRetries, asyncMaxAgeMs, timeScale } = this.#settings.limits;
    const { reservedConcurrency = null, asynchronous } = this.#functions.get(functionName) ?? {};
    const { maximumRetries = null, maximumAgeMs = null } = asynchronous?.invokeConfig ?? {};
    return {
      retries: maximumRetries ?? asyncRetries,
      maxAgeMs: maximumAgeMs === null ? asyncMaxAgeMs : maximumAgeMs / timeScale,
      isSwitchedOff: reservedConcurrency === 0,
    };
  }

  #end(
    { functionName, requestId, payload }: WaitingEvent,
    end: Pick<EndedInvocation, 'condition' | 'attempts' | 'outcome'>,
  ): void {
    if (end.condition !== 'Success') this.#put(functionName, 'AsyncEventsDropped', 1);
    this.#settings.onEnded?.({ functionName, requestId, payload, ...end });
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
