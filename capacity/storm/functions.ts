/** The functions of one account in virtual time: Lambda's own admission, durations and cold starts. Runs nothing. */
import { type AdmissionLimits, InvocationAdmission, type LambdaQuota } from '../../aws/lambda-admission.ts';
import { normal, type Random } from '../../aws/random.ts';
import { type Role, roles } from '../demand/coefficients.ts';

export interface FunctionTimes {
  meanMs: number;
  /** Null: every invocation takes the mean. Else log-normal with this mean and this 99th percentile. */
  p99Ms: number | null;
  /** Added to an invocation that starts an environment. */
  coldStartMs: number;
  /** Warm environments at the start. */
  warm: number;
  /** Null: uses the account's unreserved pool. */
  reservedConcurrency: number | null;
}

interface Use {
  invocations: number;
  throttles: number;
  coldStarts: number;
  running: number;
  peakConcurrency: number;
}

export class SimulatedFunctions {
  readonly use: Record<Role, Use>;
  /** Executions of all functions now, and their maximum. */
  running = 0;
  peak = 0;
  #times: Record<Role, FunctionTimes>;
  #logNormal: Record<Role, { mu: number; sigma: number }>;
  #admission: InvocationAdmission;
  #random: Random;

  constructor(times: Record<Role, FunctionTimes>, limits: AdmissionLimits, random: Random) {
    this.#times = times;
    this.#random = random;
    const functions = roles.map((role) => ({
      functionName: role,
      reservedConcurrency: times[role].reservedConcurrency,
    }));
    this.#admission = new InvocationAdmission(functions, limits, 0);
    for (const role of roles) this.#admission.keepReady(role, times[role].warm, 0);
    const each = <T>(of: (role: Role) => T) =>
      Object.fromEntries(roles.map((role) => [role, of(role)])) as Record<Role, T>;
    this.use = each(() => ({ invocations: 0, throttles: 0, coldStarts: 0, running: 0, peakConcurrency: 0 }));
    this.#logNormal = each((role) => logNormalOf(times[role]));
  }

  /** The duration of one invocation in whole ms (`meanMs` replaces the function's own mean), or the quota that throttles it. */
  invoke(role: Role, nowMs: number, meanMs = this.#times[role].meanMs): number | LambdaQuota {
    const use = this.use[role];
    const admission = this.#admission.admit(role, nowMs);
    if (admission.kind === 'throttled') {
      use.throttles += 1;
      return admission.quota;
    }
    let durationMs = this.#draw(role) * (meanMs / this.#times[role].meanMs);
    if (admission.newEnvironment) {
      use.coldStarts += 1;
      durationMs += this.#times[role].coldStartMs;
    }
    use.invocations += 1;
    use.running += 1;
    use.peakConcurrency = Math.max(use.peakConcurrency, use.running);
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    return Math.max(1, Math.round(durationMs));
  }

  /** Counts invocations that would be throttled as the last one was. */
  throttle(role: Role, invocations: number): void {
    this.use[role].throttles += invocations;
  }

  /** An invocation has ended: its environment is free. */
  end(role: Role, nowMs: number): void {
    this.use[role].running -= 1;
    this.running -= 1;
    this.#admission.release(role, nowMs);
  }

  #draw(role: Role): number {
    const { mu, sigma } = this.#logNormal[role];
    return sigma === 0 ? this.#times[role].meanMs : Math.exp(mu + sigma * normal(this.#random));
  }
}

/** z such that a standard normal variable is below it with probability 0.99. */
const z99 = 2.326_347_874;

/**
 * μ and σ of the log-normal distribution with mean m and 99th percentile q: σ²/2 − z·σ + ln(q/m) = 0, the smaller root. No such distribution
 * has q/m over exp(z²/2) = 14.97: beyond it, σ = z, the widest possible.
 */
function logNormalOf({ meanMs, p99Ms }: FunctionTimes): { mu: number; sigma: number } {
  const discriminant = z99 ** 2 - 2 * Math.log((p99Ms ?? meanMs) / meanMs);
  const sigma = p99Ms === null || p99Ms <= meanMs ? 0 : discriminant <= 0 ? z99 : z99 - Math.sqrt(discriminant);
  return { mu: Math.log(meanMs) - sigma ** 2 / 2, sigma };
}
