/** How many invocations run: by function, reserved and in the unreserved pool. Pure bookkeeping; knows nothing about environments. */

export interface FunctionConcurrency {
  functionName: string;
  /** null: uses the account's unreserved pool. */
  reservedConcurrency: number | null;
  /** Environments that are kept for it, of what is reserved for it or else of the account's pool. Absent: none. */
  provisionedConcurrency?: number | undefined;
}

export class ConcurrencyLedger {
  #running = new Map<string, number>();
  #reserved = new Map<string, number>();
  /** Of functions without a reservation: kept for them, and claimed of the pool with what runs beyond it. */
  #provisioned = new Map<string, number>();
  #unreservedRunning = 0;
  #unreservedClaimed = 0;
  #unreservedLimit: number;
  #totalReserved = 0;
  #total = 0;

  /** `machineEnvironments`: as in EnvironmentLimits. */
  constructor(
    functions: readonly FunctionConcurrency[],
    accountConcurrency: number,
    machineEnvironments = Number.POSITIVE_INFINITY,
  ) {
    const reachable = (limit: number) => (limit > machineEnvironments ? Number.POSITIVE_INFINITY : limit);
    for (const { functionName, reservedConcurrency, provisionedConcurrency = 0 } of functions) {
      if (reservedConcurrency === null) {
        this.#provisioned.set(functionName, provisionedConcurrency);
        this.#unreservedClaimed += provisionedConcurrency;
        continue;
      }
      this.#reserved.set(functionName, reachable(reservedConcurrency));
      this.#totalReserved += reservedConcurrency;
    }
    this.#unreservedLimit = reachable(accountConcurrency - this.#totalReserved);
  }

  /** Whether one more invocation of the function may run. */
  hasRoom(functionName: string): boolean {
    const reserved = this.#reserved.get(functionName);
    if (reserved !== undefined) return this.running(functionName) < reserved;
    return this.#isProvisioned(functionName) || this.#unreservedClaimed < this.#unreservedLimit;
  }

  /** Counts one more running invocation. Every one needs one {@link release}. */
  add(functionName: string): void {
    if (!this.#reserved.has(functionName)) {
      this.#unreservedRunning += 1;
      if (!this.#isProvisioned(functionName)) this.#unreservedClaimed += 1;
    }
    this.#running.set(functionName, this.running(functionName) + 1);
    this.#total += 1;
  }

  release(functionName: string): void {
    this.#running.set(functionName, (this.#running.get(functionName) ?? 0) - 1);
    if (!this.#reserved.has(functionName)) {
      this.#unreservedRunning -= 1;
      if (!this.#isProvisioned(functionName)) this.#unreservedClaimed -= 1;
    }
    this.#total -= 1;
  }

  /** Whether one more invocation of the function finds an environment that is kept for it. */
  #isProvisioned(functionName: string): boolean {
    return this.running(functionName) < (this.#provisioned.get(functionName) ?? 0);
  }

  running(functionName: string): number {
    return this.#running.get(functionName) ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  /** Reserved and provisioned concurrency plus what else runs in the unreserved pool: the figure to compare with the account's quota. */
  get claimed(): number {
    return this.#totalReserved + this.#unreservedClaimed;
  }

  /** Invocations running in the unreserved pool. */
  get unreserved(): number {
    return this.#unreservedRunning;
  }
}
