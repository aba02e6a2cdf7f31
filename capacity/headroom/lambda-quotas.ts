/** The demand of a load on Lambda's quotas. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { type Role, roles } from '../demand/coefficients.ts';
import { atBusiest, burstMoment, concurrencyOf, invocationRate, meanMoment, sumOf } from '../demand/rates.ts';
import { combine } from '../known.ts';
import { type Deployment, demandOf, type Quota, row } from './quota.ts';

/** The functions that are deployed: the `direct` variant has no ingest function. */
export const rolesOf = (deployment: Pick<Deployment, 'ingest'>): readonly Role[] =>
  roles.filter((role) => role !== 'ingest' || deployment.ingest === 'lambda');

/** Those that share what the account has unreserved. */
const unreservedRolesOf = (deployment: Pick<Deployment, 'ingest' | 'reservedConcurrency'>): readonly Role[] =>
  rolesOf(deployment).filter((role) => deployment.reservedConcurrency[role] === undefined);

const pollerStart = quotaFact('pollerInitialConcurrency').default;

export const lambdaQuotas: readonly Quota[] = [
  row('accountConcurrency', {
    grows: true,
    sentence:
      'Sum over the functions without a reservation, for which the rest of the account’s quota is, of invocations/s × mean duration (Little’s law, L) at the busiest moment. A mean: short peaks may need 3√L more. New accounts may have far less than the default.',
    demand: (load, coefficients, deployment) =>
      demandOf(
        atBusiest(load, (moment) =>
          sumOf(unreservedRolesOf(deployment).map((role) => concurrencyOf(moment, coefficients, role))),
        ),
      ),
  }),
  row('environmentScaling', {
    // A bucket of environments that refills in 10 s: a step within 10 s is met by what the bucket holds.
    default: quotaFact('environmentScaling').burst ?? 0,
    burst: null,
    unit: 'environments/10 s',
    grows: true,
    sentence: 'The largest step of one function’s concurrency from the mean to the burst, assumed to come within 10 s.',
    demand: (load, coefficients, deployment) => {
      const steps = rolesOf(deployment).map((role) => {
        const low = concurrencyOf(meanMoment(load), coefficients, role);
        const high = atBusiest(load, (moment) => concurrencyOf(moment, coefficients, role));
        return combine([low, high], ([from = 0, to = 0]) => to - from);
      });
      const missing = steps.find((step) => step.kind === 'unknown');
      if (missing) return missing;
      return { kind: 'value', value: Math.max(0, ...steps.map((step) => (step.kind === 'value' ? step.value : 0))) };
    },
  }),
  row('accountInvocationRate', {
    grows: true,
    sentence:
      'Invocations/s of the functions without a reservation, against 10/s × the concurrent executions that are not reserved; the pollers of the queue invoke synchronously too.',
    demand: (load, coefficients, deployment) =>
      demandOf(
        atBusiest(load, (moment) =>
          sumOf(unreservedRolesOf(deployment).map((role) => invocationRate(moment, coefficients, role))),
        ),
      ),
  }),
  row('pollerMaxConcurrency', {
    grows: true,
    sentence:
      'Concurrency of the deliver function in the burst: batches/s × mean duration, with batches as full as in the run. Beyond it, webhooks wait in the queue.',
    demand: (load, coefficients) => demandOf(concurrencyOf(burstMoment(load), coefficients, 'deliver')),
  }),
  row('pollerGrowthPerMinute', {
    grows: false,
    // Over it nothing is refused: webhooks wait in the queue for as long as the ramp takes.
    sentence:
      'The step of deliver’s concurrency from the mean (or the initial 5) to the burst, assumed to be needed within a minute. Beyond it, webhooks wait in the queue.',
    demand: (load, coefficients) => {
      const [mean, burst] = [meanMoment(load), burstMoment(load)].map((moment) =>
        concurrencyOf(moment, coefficients, 'deliver'),
      );
      if (mean?.kind !== 'value') return mean ?? { kind: 'unknown', reason: 'The mean is not known.' };
      if (burst?.kind !== 'value') return burst ?? mean;
      return { kind: 'value', value: Math.max(0, burst.value - Math.max(mean.value, pollerStart)) };
    },
  }),
];

/** The quotas created by reserving concurrency for one function: a function that takes under 0.1 s meets the rate first. */
export function reservedQuotas(role: Role, reserved: number): Quota[] {
  const perSecond = quotaFact('reservedInvocationRate').default * reserved;
  const rate = row('reservedInvocationRate', {
    id: `reservedInvocationRate.${role}`,
    name: `Lambda synchronous invocation rate of ${role}, whose concurrency is reserved`,
    default: perSecond,
    unit: 'requests/s',
    grows: true,
    sentence: `Invocations/s of ${role} at the busiest moment, against 10/s × its reserved concurrency.`,
    demand: (load, coefficients) => demandOf(atBusiest(load, (moment) => invocationRate(moment, coefficients, role))),
  });
  const concurrency = row('reservedConcurrency', {
    id: `reservedConcurrency.${role}`,
    name: `Lambda reserved concurrency of ${role}`,
    default: reserved,
    grows: true,
    sentence: `Invocations/s × mean duration of ${role} (Little’s law) at the busiest moment.`,
    demand: (load, coefficients) => demandOf(atBusiest(load, (moment) => concurrencyOf(moment, coefficients, role))),
  });
  return [concurrency, rate];
}
