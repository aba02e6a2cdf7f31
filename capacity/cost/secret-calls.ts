/** GetSecretValue calls of the reference stack, by its code path (handlers/domain/secret-reader.ts). */
import type { Coefficients, Role } from '../demand/coefficients.ts';
import { concurrencyOf, invocationRate, type Moment } from '../demand/rates.ts';
import type { Deployment } from '../headroom/quota.ts';
import { combine, type Known } from '../known.ts';

/** A read asks for the current and for the previous version. */
export const callsPerRead = 2;
/** An environment reads again after this. */
export const secretAgeSeconds = 300;

/** The functions that verify something: tokens, and webhooks where they are accepted. */
export const readersOf = ({ ingest }: Pick<Deployment, 'ingest'>): readonly Role[] => [
  'authorize',
  ingest === 'direct' ? 'deliver' : 'ingest',
];

/**
 * Calls a second: each new environment reads once, and each that works once in five minutes. Environments by Little's law; a function that is
 * invoked at all has one at least.
 */
export function secretCallRate(
  moment: Moment,
  {
    coefficients,
    deployment,
    coldStartShare,
  }: { coefficients: Coefficients; deployment: Deployment; coldStartShare: number },
): Known<number> {
  const needed = readersOf(deployment).flatMap((role) => [
    invocationRate(moment, coefficients, role),
    concurrencyOf(moment, coefficients, role),
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
