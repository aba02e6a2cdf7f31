/**
 * How fast one function may get new environments on AWS: a token bucket of environments (1,000, refilled at 100/s). An invocation takes
 * the environment that became idle last, as Lambda does; without an idle one it needs a new one, and a token.
 * Source: Lambda developer guide, "Lambda function scaling", read November 2026.
 */
import { TokenBucket } from '../quota/token-bucket.ts';

export interface GrowthLimits {
  environmentScaling: { ratePerSecond: number; burst: number };
  /** What this machine can hold: what runs beyond that only waits, and is no environment. */
  maxEnvironments: number;
  idleEnvironmentMs: number;
}

export class EnvironmentGrowth {
  #limits: GrowthLimits;
  #bucket: TokenBucket;
  /** When each idle environment became so, oldest first. */
  #idleSinceMs: number[] = [];

  constructor(limits: GrowthLimits, nowMs: number) {
    this.#limits = limits;
    this.#bucket = new TokenBucket(limits.environmentScaling, nowMs);
  }

  /** Whether one more invocation beside `running` ones finds an idle environment or may have a new one. */
  hasRoom(running: number, nowMs: number): boolean {
    return !this.#needsNew(running, nowMs) || this.#bucket.has(nowMs);
  }

  /** Takes what {@link hasRoom} found. */
  use(running: number, nowMs: number): void {
    if (this.#needsNew(running, nowMs)) this.#bucket.take(nowMs);
    else this.#idleSinceMs.pop();
  }

  /** An invocation has ended, and `running` go on. */
  free(running: number, nowMs: number): void {
    if (running < this.#limits.maxEnvironments) this.#idleSinceMs.push(nowMs);
  }

  #needsNew(running: number, nowMs: number): boolean {
    if (running >= this.#limits.maxEnvironments) return false;
    const [oldest] = this.#idleSinceMs;
    if (oldest !== undefined && nowMs - oldest >= this.#limits.idleEnvironmentMs) {
      const firstKept = this.#idleSinceMs.findIndex((since) => nowMs - since < this.#limits.idleEnvironmentMs);
      this.#idleSinceMs.splice(0, firstKept === -1 ? this.#idleSinceMs.length : firstKept);
    }
    return this.#idleSinceMs.length === 0;
  }
}
