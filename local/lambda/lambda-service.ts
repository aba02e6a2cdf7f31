/** Invoke, as API Gateway and the event source poller use it: admission, environment, outcome, metrics. */

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { InvocationAdmission, type ThrottleReason } from '../../aws/lambda-admission.ts';
import { ConcurrencyLedger } from '../../aws/lambda-concurrency.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import { checkReservedConcurrency } from '../../aws/reserved-concurrency.ts';
import type { MetricSink } from '../cloudwatch/store/metric-sink.ts';
import type { Interference } from '../interference/interference.ts';
import { crashing, fateOf } from '../interference/invocation-interference.ts';
import type { FunctionFailureKind } from '../model.ts';
import type { Limits } from '../quota/limits.ts';
import type { Refusals } from '../quota/refusals.ts';
import type { FunctionModel } from '../template/model.ts';
import { Environment } from './environment.ts';
import { LambdaMetrics } from './lambda-metrics.ts';
import type { LocalAddresses } from './node/aws-hosts.ts';
import { EnvironmentPool } from './pool/environment-pool.ts';
import { heldReady } from './pool/held-ready.ts';
import { overloaded, type PoolCounters } from './pool/pool-settings.ts';
import type { FunctionErrorPayload } from './protocol.ts';

/** Synchronous payload of Invoke. */
export const maxPayloadBytes = quotaFact('invocationPayloadBytes').default;
/** The same for the response, plus the extra hundred bytes in Lambda's own error message. */
const maxResponseBytes = maxPayloadBytes + 100;
const responseTooLarge: FunctionErrorPayload = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
};

type FunctionErrorCause = 'thrown' | 'timeout' | 'crash' | 'init' | 'responseTooLarge';
export type InvokeOutcome =
  | { kind: 'ok'; payload: string }
  /** `requestId`: absent when no environment ran it. */
  | { kind: 'functionError'; cause: FunctionErrorCause; error: FunctionErrorPayload; requestId?: string }
  | { kind: 'throttled'; reason: ThrottleReason }
  | { kind: 'payloadTooLarge' };

export interface InvokeOptions {
  /** Asynchronous invocations do not count towards the requests/s quota, which covers synchronous requests. */
  synchronous?: boolean;
  /** Of the invocation, as the handler sees it. Default: a new one. */
  requestId?: string;
  /** Receives the output of this invocation, in addition to the function's log. */
  onLog?: ((text: string) => void) | null;
}

export interface LambdaServiceSettings {
  functions: readonly FunctionModel[];
  limits: Limits;
  refusals: Pick<Refusals, 'count'>;
  platformVariables: (model: FunctionModel) => Readonly<Record<string, string>>;
  addresses: LocalAddresses;
  /** `requestId`: of the invocation that is running; null during init. */
  onLog: (functionName: string, text: string, requestId: string | null) => void;
  /** Why an event, or the init phase of an environment, failed: what the log has as its first line. */
  onFailure: (functionName: string, kind: FunctionFailureKind, line: string) => void;
  metrics: MetricSink;
  interference?: Interference;
}

export class LambdaService {
  #pool: EnvironmentPool;
  /** What AWS would run by now: counted from admission, so waiting for this machine does not admit more. */
  #admission: InvocationAdmission;
  #refusals: Pick<Refusals, 'count'>;
  /** Invocations that hold an environment: the published figure. */
  #executing: ConcurrencyLedger;
  #metrics: LambdaMetrics;
  #interference: Interference | undefined;

  constructor(settings: LambdaServiceSettings) {
    const { functions, limits } = settings;
    checkReservedConcurrency(functions, limits);
    this.#refusals = settings.refusals;
    this.#interference = settings.interference;
    this.#admission = new InvocationAdmission(functions, limits, performance.now());
    this.#executing = new ConcurrencyLedger(functions, Number.POSITIVE_INFINITY, 0);
    this.#metrics = new LambdaMetrics(settings.metrics, functions, this.#executing);
    this.#pool = new EnvironmentPool({
      functions: new Map(settings.functions.map((model) => [model.functionName, model])),
      provisioned: heldReady(functions, limits.maxEnvironments),
      platformVariables: settings.platformVariables,
      maxEnvironments: limits.maxEnvironments,
      maxStartingEnvironments: limits.maxStartingEnvironments,
      maxWaitingInvocations: limits.maxWaitingInvocations,
      patienceMs: limits.environmentPatienceMs,
      idleEnvironmentMs: limits.idleEnvironmentMs,
      initLimitMs: limits.initLimitMs,
      cpuByMemory: limits.cpuByMemory,
      addresses: settings.addresses,
      onLog: settings.onLog,
      onFailure: settings.onFailure,
      coldStartExtraMs: limits.coldStartExtraMs,
      coldStartMs: () => settings.interference?.latencyMs('lambda', 'ColdStart') ?? 0,
      nowMs: () => performance.now(),
    });
  }

  get counters(): PoolCounters {
    return this.#pool.counters;
  }

  /**
   * Runs the function once. Never rejects: a failure is an outcome. `payload` is JSON text.
   */
  async invoke(
    functionName: string,
    payload: string,
    { synchronous = true, onLog = null, requestId = randomUUID() }: InvokeOptions = {},
  ): Promise<InvokeOutcome> {
    if (isOver(payload, maxPayloadBytes)) return { kind: 'payloadTooLarge' };
    const fate = this.#interference ? fateOf(this.#interference, functionName) : null;
    if (fate?.throttled) {
      this.#metrics.throttled(functionName);
      return { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };
    }
    const admission = this.#admission.admit(functionName, performance.now(), synchronous);
    if (admission.kind === 'throttled') {
      this.#metrics.throttled(functionName);
      this.#refusals.count(admission.quota, functionName);
      return { kind: 'throttled', reason: admission.reason };
    }
    const startedAtMs = Date.now();
    if (fate && fate.delayMs > 0) await setTimeout(fate.delayMs);
    if (fate?.error) {
      this.#admission.release(functionName, performance.now());
      this.#metrics.ended(functionName, { startedAtMs, durationMs: 0, failed: true });
      return { kind: 'functionError', cause: 'thrown', error: fate.error };
    }
    const taken = this.#pool.acquire(functionName);
    const environment = taken instanceof Promise ? await taken : taken;
    if (!(environment instanceof Environment)) {
      // Not an AWS quota: the capacity of this machine.
      if (environment === overloaded) this.#refusals.count('machineInvocations', functionName);
      this.#admission.release(functionName, performance.now());
      this.#metrics.ended(functionName, { startedAtMs, durationMs: 0, failed: true });
      return { kind: 'functionError', cause: 'init', error: environment };
    }
    this.#executing.add(functionName);
    this.#metrics.started(functionName);
    environment.tail = onLog;
    const result = fate?.crash
      ? await crashing(environment, fate.crash, { requestId, payload })
      : await environment.invoke(requestId, payload);
    environment.tail = null;
    this.#executing.release(functionName);
    this.#admission.release(functionName, performance.now());
    this.#pool.release(environment);
    const tooLarge = result.kind === 'ok' && isOver(result.payload, maxResponseBytes);
    const failed = result.kind === 'functionError' || tooLarge;
    this.#metrics.ended(functionName, { startedAtMs, durationMs: result.durationMs, failed });
    if (tooLarge) return { kind: 'functionError', cause: 'responseTooLarge', error: responseTooLarge, requestId };
    if (result.kind === 'ok') return { kind: 'ok', payload: result.payload };
    return { kind: 'functionError', cause: result.cause, error: result.error, requestId };
  }

  /** Resolves once the environments that are provisioned have started, or have failed to. */
  ready(): Promise<void> {
    return this.#pool.ready();
  }

  /** Their code has changed: no further event meets the old one. */
  renew(functionNames: readonly string[]): void {
    this.#pool.renew(functionNames);
  }

  async close(): Promise<void> {
    this.#metrics.close();
    await this.#pool.close();
  }
}

/** Whether a text exceeds this many bytes. A code unit takes one to three: only a large text is worth measuring. */
function isOver(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);
}
