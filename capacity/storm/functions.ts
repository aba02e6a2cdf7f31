/** Lambda in virtual time: concurrency, its growth, request rates, cold starts. Counts environments, runs nothing. */
import { VirtualBucket } from './bucket.ts';
import { normal, type Random } from './random.ts';

export interface FunctionTimes {
  meanMs: number;
  /** Null: every invocation takes the mean. Else log-normal with this mean and this 99th percentile. */
  p99Ms: number | null;
  /** Added to an invocation that starts an environment. */
  coldStartMs: number;
  /** Environments that are there at the start. */
  warm: number;
  /** Null: takes from the account's unreserved pool. */
  reservedConcurrency: number | null;
}

export interface LambdaQuotas {
  /** L-B99A9384, less what other functions reserve or use. */
  unreservedConcurrency: number;
  /** New environments of one function: 1,000 every 10 s (Lambda developer guide, scaling behaviour, read 2026-11). */
  environmentsPerSecond: number;
  environmentBurst: number;
  /** Requests a second for each unit of concurrency: 10 (Lambda quotas, read 2026-11). */
  requestsPerConcurrency: number;
}

export type LambdaRefusal = 'concurrency' | 'scaling' | 'requestRate';

/** What the functions of one account share. */
export class AccountPool {
  readonly quotas: LambdaQuotas;
  readonly requests: VirtualBucket;
  running = 0;
  /** All functions of the stack, those with reserved concurrency as well. */
  total = 0;
  peak = 0;

  constructor(quotas: LambdaQuotas) {
    this.quotas = quotas;
    const perSecond = quotas.unreservedConcurrency * quotas.requestsPerConcurrency;
    this.requests = new VirtualBucket({ ratePerSecond: perSecond, burst: perSecond });
  }
}

export class SimulatedFunction {
  invocations = 0;
  coldStarts = 0;
  running = 0;
  peak = 0;
  readonly refused: Record<LambdaRefusal, number> = { concurrency: 0, scaling: 0, requestRate: 0 };
  #times: FunctionTimes;
  #pool: AccountPool;
  #idle: number;
  #growth: VirtualBucket;
  #requests: VirtualBucket;
  #sigma: number;
  #mu: number;
  #random: Random;

  constructor(times: FunctionTimes, pool: AccountPool, random: Random) {
    this.#times = times;
    this.#pool = pool;
    this.#idle = times.warm;
    this.#random = random;
    const { environmentsPerSecond, environmentBurst, requestsPerConcurrency } = pool.quotas;
    this.#growth = new VirtualBucket({ ratePerSecond: environmentsPerSecond, burst: environmentBurst });
    const { reservedConcurrency } = times;
    const ownRate = (reservedConcurrency ?? 0) * requestsPerConcurrency;
    this.#requests =
      reservedConcurrency === null
        ? pool.requests
        : new VirtualBucket({ ratePerSecond: ownRate, burst: Math.max(1, ownRate) });
    this.#sigma = logNormalSigma(times);
    this.#mu = Math.log(times.meanMs) - this.#sigma ** 2 / 2;
  }

  /** The duration of one invocation in whole ms (`meanMs` replaces the function's own mean), or why it is throttled. */
  invoke(nowMs: number, meanMs = this.#times.meanMs): number | LambdaRefusal {
    const { reservedConcurrency } = this.#times;
    const full =
      reservedConcurrency === null
        ? this.#pool.running >= this.#pool.quotas.unreservedConcurrency
        : this.running >= reservedConcurrency;
    if (full) return this.#refuse('concurrency');
    if (!this.#requests.take(nowMs)) return this.#refuse('requestRate');
    let durationMs = this.#draw() * (meanMs / this.#times.meanMs);
    if (this.#idle > 0) this.#idle -= 1;
    else if (this.#growth.take(nowMs)) {
      this.coldStarts += 1;
      durationMs += this.#times.coldStartMs;
    } else return this.#refuse('scaling');
    this.invocations += 1;
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    if (reservedConcurrency === null) this.#pool.running += 1;
    this.#pool.total += 1;
    this.#pool.peak = Math.max(this.#pool.peak, this.#pool.total);
    return Math.max(1, Math.round(durationMs));
  }

  /** An invocation has ended: its environment is free. */
  end(): void {
    this.running -= 1;
    this.#idle += 1;
    this.#pool.total -= 1;
    if (this.#times.reservedConcurrency === null) this.#pool.running -= 1;
  }

  #draw(): number {
    return this.#sigma === 0 ? this.#times.meanMs : Math.exp(this.#mu + this.#sigma * normal(this.#random));
  }

  #refuse(reason: LambdaRefusal): LambdaRefusal {
    this.refused[reason] += 1;
    return reason;
  }
}

/** z such that a standard normal variable is below it with probability 0.99. */
const z99 = 2.326_347_874;

/**
 * σ of the log-normal distribution with mean m and 99th percentile q: σ²/2 − z·σ + ln(q/m) = 0, the smaller root. No such distribution has
 * q/m over exp(z²/2) = 14.97: beyond it, σ = z, the widest there is.
 */
function logNormalSigma({ meanMs, p99Ms }: FunctionTimes): number {
  if (p99Ms === null || p99Ms <= meanMs) return 0;
  const discriminant = z99 ** 2 - 2 * Math.log(p99Ms / meanMs);
  return discriminant <= 0 ? z99 : z99 - Math.sqrt(discriminant);
}
