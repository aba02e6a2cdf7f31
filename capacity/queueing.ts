/** Waiting for one of several servers. */

/** What is offered to a group of servers. */
export interface ServerGroup {
  /** c: how many serve at once. */
  servers: number;
  /** a = λτ: offered work in erlangs, arrivals in 1/s times mean service time in s (Little). */
  offeredErlangs: number;
  /** τ: mean service time. */
  serviceSeconds: number;
}

export type Waiting =
  | {
      kind: 'value';
      /** B: share that would be turned away if there were no queue (Erlang B). */
      blocking: number;
      /** C: share that has to wait. */
      waitProbability: number;
      /** Wq, over all arrivals. */
      meanWaitSeconds: number;
      /** P(W ≤ t) for the t asked for: share served within it. */
      servedWithin: (seconds: number) => number;
    }
  | { kind: 'refused'; reason: string };

/**
 * M/M/c: B(0) = 1, B(k) = aB(k−1) / (k + aB(k−1)); C = B / (1 − (a/c)(1 − B)); Wq = Cτ / (c − a); P(W > t) = C exp(−(c − a)t/τ).
 * A. K. Erlang, 1917. The recursion stays within 0..1 and loses no digits, whatever c. Refused from a = c on, where the queue grows without end.
 * Holds for Poisson arrivals, exponential service and patient callers; Lambda throttles instead of queueing, so there B is the share refused.
 */
export function erlangC({ servers, offeredErlangs, serviceSeconds }: ServerGroup): Waiting {
  const refused = (reason: string): Waiting => ({ kind: 'refused', reason });
  if (!(Number.isInteger(servers) && servers > 0))
    return refused(`${servers} servers: a whole number above 0 is needed.`);
  if (!(offeredErlangs >= 0 && serviceSeconds >= 0))
    return refused('Offered work and service time must be numbers that are not negative.');
  if (offeredErlangs >= servers)
    return refused(
      `${offeredErlangs} erlangs offered to ${servers} servers: the queue grows without end. Add servers.`,
    );
  let blocking = 1;
  for (let k = 1; k <= servers; k += 1) blocking = (offeredErlangs * blocking) / (k + offeredErlangs * blocking);
  const waitProbability = blocking / (1 - (offeredErlangs / servers) * (1 - blocking));
  const spare = servers - offeredErlangs;
  return {
    kind: 'value',
    blocking,
    waitProbability,
    meanWaitSeconds: (waitProbability * serviceSeconds) / spare,
    servedWithin: (seconds) => 1 - waitProbability * Math.exp((-spare * seconds) / serviceSeconds),
  };
}

/**
 * Mean wait for c servers with other distributions: Wq ≈ C(c, a)·τ/(c − a)·(ca² + cs²)/2, ca² and cs² the squared coefficients of variation of
 * gaps between arrivals and of service times. A. O. Allen, Probability, Statistics and Queueing Theory, 2nd ed., 1990 (Allen-Cunneen); for c = 1
 * it is J. F. C. Kingman's ρ/(1 − ρ)·(ca² + cs²)/2·τ (Proc. Camb. Phil. Soc. 57, 1961). Good at high utilisation; exact for M/M/c and M/G/1.
 */
export function meanWaitSeconds(
  group: ServerGroup,
  { arrivalCv2, serviceCv2 }: { arrivalCv2: number; serviceCv2: number },
): { kind: 'value'; seconds: number } | { kind: 'refused'; reason: string } {
  const exponential = erlangC(group);
  if (exponential.kind === 'refused') return exponential;
  return { kind: 'value', seconds: (exponential.meanWaitSeconds * (arrivalCv2 + serviceCv2)) / 2 };
}
