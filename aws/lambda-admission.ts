/** Which invocations AWS would admit: concurrency, requests/s, and how fast a function may get new environments. Knows nothing about real environments. */

import { EnvironmentGrowth, type EnvironmentLimits } from './environment-scaling.ts';
import { ConcurrencyLedger, type FunctionConcurrency } from './lambda-concurrency.ts';
import type { QuotaId } from './quotas/table.ts';
import { TokenBucket } from './token-bucket.ts';

export type ThrottleReason =
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded';

/** The quota that refused. */
export type LambdaQuota = Extract<
  QuotaId,
  | 'accountConcurrency'
  | 'accountInvocationRate'
  | 'reservedConcurrency'
  | 'reservedInvocationRate'
  | 'environmentScaling'
>;

export type Admission =
  /** `newEnvironment`: none was idle, so this invocation has a cold start. */
  { kind: 'admitted'; newEnvironment: boolean } | { kind: 'throttled'; reason: ThrottleReason; quota: LambdaQuota };

export interface AdmissionLimits extends EnvironmentLimits {
  accountConcurrency: number;
  /** Synchronous requests/s for each unit of concurrency. */
  invocationsPerSecondPerConcurrency: number;
  /** Burst, in seconds of that rate. AWS documents no figure. */
  invocationBurstSeconds: number;
}

export class InvocationAdmission {
  #ledger: ConcurrencyLedger;
  #limits: AdmissionLimits;
  #unreservedRate: TokenBucket;
  #reservedRates = new Map<string, TokenBucket>();
  #growth = new Map<string, EnvironmentGrowth>();

  constructor(functions: readonly FunctionConcurrency[], limits: AdmissionLimits, nowMs: number) {
    this.#limits = limits;
    this.#ledger = new ConcurrencyLedger(functions, limits.accountConcurrency, limits.maxEnvironments);
    let unreserved = limits.accountConcurrency;
    for (const { functionName, reservedConcurrency, provisionedConcurrency } of functions) {
      this.#growth.set(functionName, new EnvironmentGrowth(limits, nowMs, provisionedConcurrency));
      if (reservedConcurrency === null) continue;
      unreserved -= reservedConcurrency;
      this.#reservedRates.set(functionName, this.#rateOf(reservedConcurrency, nowMs));
    }
    this.#unreservedRate = this.#rateOf(unreserved, nowMs);
  }

  /**
   * Counts one more running invocation if it is admitted; every admission needs one {@link release}. A refusal consumes nothing.
   * The rate counts synchronous requests only.
   */
  admit(functionName: string, nowMs: number, synchronous = true): Admission {
    const reservedRate = this.#reservedRates.get(functionName);
    const reserved = reservedRate !== undefined;
    if (!this.#ledger.hasRoom(functionName)) {
      return reserved
        ? refused('ReservedFunctionConcurrentInvocationLimitExceeded', 'reservedConcurrency')
        : refused('ConcurrentInvocationLimitExceeded', 'accountConcurrency');
    }
    const growth = this.#growth.get(functionName);
    if (growth && !growth.hasRoom(this.#ledger.running(functionName), nowMs)) {
      // AWS does not document which Reason it gives here.
      return refused('ConcurrentInvocationLimitExceeded', 'environmentScaling');
    }
    if (synchronous && !(reservedRate ?? this.#unreservedRate).take(nowMs)) {
      return reserved
        ? refused('ReservedFunctionInvocationRateLimitExceeded', 'reservedInvocationRate')
        : refused('FunctionInvocationRateLimitExceeded', 'accountInvocationRate');
    }
    const newEnvironment = growth?.use(this.#ledger.running(functionName), nowMs) ?? false;
    this.#ledger.add(functionName);
    return { kind: 'admitted', newEnvironment };
  }

  /** Adds this many idle environments to those of the function. */
  keepReady(functionName: string, environments: number, nowMs: number): void {
    this.#growth.get(functionName)?.keepReady(environments, nowMs);
  }

  release(functionName: string, nowMs: number): void {
    this.#ledger.release(functionName);
    this.#growth.get(functionName)?.free(this.#ledger.running(functionName), nowMs);
  }

  #rateOf(concurrency: number, nowMs: number): TokenBucket {
    const ratePerSecond = concurrency * this.#limits.invocationsPerSecondPerConcurrency;
    // A bucket of less than one token would never let anything through.
    const burst = Math.max(1, ratePerSecond * this.#limits.invocationBurstSeconds);
    return new TokenBucket({ ratePerSecond, burst }, nowMs);
  }
}

const refused = (reason: ThrottleReason, quota: LambdaQuota): Admission => ({ kind: 'throttled', reason, quota });
