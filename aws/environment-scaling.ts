/**
 * How fast one function may get new environments on AWS: a token bucket of environments (1,000, refilled at 100/s). An invocation reuses
 * the environment that became idle most recently, as Lambda does; if none is idle, it needs a new one and a token.
 * Source: Lambda developer guide, "Lambda function scaling", read November 2026.
 */
import { type BucketQuota, TokenBucket } from './token-bucket.ts';

export interface EnvironmentLimits {
  environmentScaling: BucketQuota;
  /** An environment without work ends after this long. AWS documents no figure. */
  idleEnvironmentMs: number;
  /**
   * How many environments a stand-in for Lambda can hold. Executions never reach a limit above that, and invocations that wait for the machine are
   * not executions, so such a limit throttles nothing. Infinity: Lambda itself.
   */
  maxEnvironments: number;
}

export class EnvironmentGrowth {
  #limits: EnvironmentLimits;
  #bucket: TokenBucket;
  /** When each idle environment became idle, oldest first; without those that are provisioned. */
  #idleSinceMs: number[] = [];
  /** Kept whether they are used or not: they run first, and do not end. */
  #provisioned: number;

  constructor(limits: EnvironmentLimits, nowMs: number, provisioned = 0) {
    this.#limits = limits;
    this.#provisioned = provisioned;
    this.#bucket = new TokenBucket(limits.environmentScaling, nowMs);
  }

  /** Whether one more invocation, beside the `running` ones, finds an idle environment or may start a new one. */
  hasRoom(running: number, nowMs: number): boolean {
    return !this.#needsNew(running, nowMs) || this.#bucket.has(nowMs);
  }

  /** Takes what {@link hasRoom} found. @returns whether it is a new environment */
  use(running: number, nowMs: number): boolean {
    if (this.#needsNew(running, nowMs)) return this.#bucket.take(nowMs);
    if (running >= this.#provisioned) this.#idleSinceMs.pop();
    return false;
  }

  keepReady(environments: number, nowMs: number): void {
    for (let i = 0; i < environments; i += 1) this.#idleSinceMs.push(nowMs);
  }

  /** An invocation has ended; `running` remain. */
  free(running: number, nowMs: number): void {
    if (running >= this.#provisioned && running < this.#limits.maxEnvironments) this.#idleSinceMs.push(nowMs);
  }

  #needsNew(running: number, nowMs: number): boolean {
    if (running < this.#provisioned || running >= this.#limits.maxEnvironments) return false;
    const [oldest] = this.#idleSinceMs;
    if (oldest !== undefined && nowMs - oldest >= this.#limits.idleEnvironmentMs) {
      const firstKept = this.#idleSinceMs.findIndex((since) => nowMs - since < this.#limits.idleEnvironmentMs);
      this.#idleSinceMs.splice(0, firstKept === -1 ? this.#idleSinceMs.length : firstKept);
    }
    return this.#idleSinceMs.length === 0;
  }
}
