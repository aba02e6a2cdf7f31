/** The functions of one account in virtual time: Lambda's own admission, durations and cold starts. Runs nothing. */
import { type AdmissionLimits, InvocationAdmission, type LambdaQuota } from '../../aws/lambda-admission.ts';
import { normal, type Random } from '../../aws/random.ts';

/** Where a function stands in the way of a connection or a webhook. One function may stand in several. */
export const functionParts = ['authorizer', 'connect', 'disconnect', 'message', 'webhook', 'consumer'] as const;
export type FunctionPart = (typeof functionParts)[number];

export interface FunctionTimes {
  /** Logical id. */
  id: string;
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

/** Where nothing runs, what would wait for it goes on in the next millisecond. */
const withoutFunctionMs = 1;

export class SimulatedFunctions {
  /** By logical id. */
  readonly use: Record<string, Use>;
  /** Executions of all functions now, and their maximum. */
  running = 0;
  peak = 0;
  #times: Record<FunctionPart, FunctionTimes | null>;
  #logNormal: Record<FunctionPart, { mu: number; sigma: number }>;
  #admission: InvocationAdmission;
  #random: Random;

  constructor(times: Record<FunctionPart, FunctionTimes | null>, limits: AdmissionLimits, random: Random) {
    this.#times = times;
    this.#random = random;
    const functions = functionsOf(times);
    this.#admission = new InvocationAdmission(
      functions.map(({ id, reservedConcurrency }) => ({ functionName: id, reservedConcurrency })),
      limits,
      0,
    );
    for (const { id, warm } of functions) this.#admission.keepReady(id, warm, 0);
    this.use = Object.fromEntries(
      functions.map(({ id }) => [id, { invocations: 0, throttles: 0, coldStarts: 0, running: 0, peakConcurrency: 0 }]),
    );
    const shapeOf = (part: FunctionPart) => {
      const each = times[part];
      return each === null ? { mu: 0, sigma: 0 } : logNormalOf(each);
    };
    this.#logNormal = {
      authorizer: shapeOf('authorizer'),
      connect: shapeOf('connect'),
      disconnect: shapeOf('disconnect'),
      message: shapeOf('message'),
      webhook: shapeOf('webhook'),
      consumer: shapeOf('consumer'),
    };
  }

  /** The duration of one invocation in whole ms (`meanMs` replaces the function's own mean), or the quota that throttles it. */
  invoke(part: FunctionPart, nowMs: number, meanMs?: number): number | LambdaQuota {
    const times = this.#times[part];
    if (times === null) return withoutFunctionMs;
    const use = this.#useOf(times);
    const admission = this.#admission.admit(times.id, nowMs);
    if (admission.kind === 'throttled') {
      use.throttles += 1;
      return admission.quota;
    }
    let durationMs = this.#draw(part, times) * ((meanMs ?? times.meanMs) / times.meanMs);
    if (admission.newEnvironment) {
      use.coldStarts += 1;
      durationMs += times.coldStartMs;
    }
    use.invocations += 1;
    use.running += 1;
    use.peakConcurrency = Math.max(use.peakConcurrency, use.running);
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    return Math.max(1, Math.round(durationMs));
  }

  /** Counts invocations that would be throttled as the last one was. */
  throttle(part: FunctionPart, invocations: number): void {
    const times = this.#times[part];
    if (times !== null) this.#useOf(times).throttles += invocations;
  }

  /** An invocation has ended: its environment is free. */
  end(part: FunctionPart, nowMs: number): void {
    const times = this.#times[part];
    if (times === null) return;
    this.#useOf(times).running -= 1;
    this.running -= 1;
    this.#admission.release(times.id, nowMs);
  }

  #useOf({ id }: FunctionTimes): Use {
    const use = this.use[id];
    if (use === undefined) throw new Error(`There is no function ${id}.`);
    return use;
  }

  #draw(part: FunctionPart, { meanMs }: FunctionTimes): number {
    const { mu, sigma } = this.#logNormal[part];
    return sigma === 0 ? meanMs : Math.exp(mu + sigma * normal(this.#random));
  }
}

/** Each function once, wherever it stands. */
function functionsOf(times: Record<FunctionPart, FunctionTimes | null>): FunctionTimes[] {
  const byId = new Map(functionParts.flatMap((part) => (times[part] ? [[times[part].id, times[part]] as const] : [])));
  return [...byId.values()];
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
