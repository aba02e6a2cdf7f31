/** GetSecretValue calls of functions that keep a secret in memory and read it again after a while. */
import type { Coefficients } from '../demand/coefficients.ts';
import { concurrencyOf, invocationRate, type Moment } from '../demand/rates.ts';
import type { DeployedFunction, Deployment } from '../headroom/deployment.ts';
import { combine, type Known } from '../known.ts';

/** A read asks for the current and for the previous version. */
export const callsPerRead = 2;
/** An environment reads again after this. */
export const secretAgeSeconds = 300;

/** The functions that read a secret. Where webhooks go into their queue without a function, whatever empties it checks them. */
export const readersOf = ({ functions, code }: Pick<Deployment, 'functions' | 'code'>): DeployedFunction[] =>
  functions.filter(({ id }) => code?.secretReaders.includes(id));

/**
 * Calls a second: each new environment reads once, and each that works once in five minutes. Environments by Little's law; a function that is
 * invoked at all has one at least.
 */
export function secretCallRate(
  moment: Moment,
  { coldStartShare, ...stack }: { coefficients: Coefficients; deployment: Deployment; coldStartShare: number },
): Known<number> {
  const needed = readersOf(stack.deployment).flatMap(({ id }) => [
    invocationRate(moment, stack.coefficients, id),
    concurrencyOf(id, moment, stack),
  ]);
  return combine(needed, (values) => {
    let calls = 0;
    for (let i = 0; i < values.length; i += 2) {
      const [invocations = 0, executions = 0] = values.slice(i, i + 2);
      // One that works less than once in five minutes reads at each invocation.
      const working = Math.min(invocations, Math.max(1, executions) / secretAgeSeconds);
      calls += callsPerRead * (invocations * coldStartShare + working);
    }
    return calls;
  });
}
