/** Which invocations AWS would admit: reserved and account concurrency. Pure book-keeping; knows nothing of environments. */

export type ThrottleReason = 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded';
export type Admission = { kind: 'admitted' } | { kind: 'throttled'; reason: ThrottleReason };

export interface FunctionConcurrency {
  functionName: string;
  /** null: takes from the account's unreserved pool. */
  reservedConcurrency: number | null;
}

export class ConcurrencyLedger {
  #running = new Map<string, number>();
  #reserved = new Map<string, number>();
  #unreservedRunning = 0;
  #unreservedLimit: number;
  #totalReserved = 0;
  #total = 0;

  /**
   * `machineEnvironments`: how many environments this machine can hold. A limit beyond it is never reached by executions here, and what
   * waits for this machine must not pass for an execution: such a limit throttles nothing.
   */
  constructor(
    functions: readonly FunctionConcurrency[],
    accountConcurrency: number,
    machineEnvironments = Number.POSITIVE_INFINITY,
  ) {
    const reachable = (limit: number) => (limit > machineEnvironments ? Number.POSITIVE_INFINITY : limit);
    for (const { functionName, reservedConcurrency } of functions) {
      if (reservedConcurrency === null) continue;
      this.#reserved.set(functionName, reachable(reservedConcurrency));
      this.#totalReserved += reservedConcurrency;
    }
    const unreserved = accountConcurrency - this.#totalReserved;
    if (unreserved < 0) {
      throw new Error(
        `Reserved concurrency adds up to ${this.#totalReserved}, more than the account's ${accountConcurrency}. Lower reservedConcurrency or raise accountConcurrency.`,
      );
    }
    this.#unreservedLimit = reachable(unreserved);
  }

  /** Counts one more running invocation, when it is admitted. Every admission needs one {@link release}. */
  admit(functionName: string): Admission {
    const running = this.#running.get(functionName) ?? 0;
    const reserved = this.#reserved.get(functionName);
    if (reserved !== undefined && running >= reserved) {
      return { kind: 'throttled', reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
    }
    if (reserved === undefined) {
      if (this.#unreservedRunning >= this.#unreservedLimit) {
        return { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };
      }
      this.#unreservedRunning += 1;
    }
    this.#running.set(functionName, running + 1);
    this.#total += 1;
    return { kind: 'admitted' };
  }

  release(functionName: string): void {
    this.#running.set(functionName, (this.#running.get(functionName) ?? 0) - 1);
    if (!this.#reserved.has(functionName)) this.#unreservedRunning -= 1;
    this.#total -= 1;
  }

  running(functionName: string): number {
    return this.#running.get(functionName) ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  /** Reserved concurrency plus what runs in the unreserved pool: the figure to compare with the account's quota. */
  get claimed(): number {
    return this.#totalReserved + this.#unreservedRunning;
  }
}
