/** The demand of a load on Lambda's quotas. */
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { type Role, roles } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import { atBusiest, burstMoment, concurrencyOf, invocationRate, meanMoment, sumOf } from '../demand/rates.ts';
import { combine, type Known, mapKnown } from '../known.ts';
import { type Deployment, demandOf, oneAtATime, type Quota, row } from './quota.ts';

/** The functions that are deployed: the `direct` variant has no ingest function. */
export const rolesOf = (deployment: Pick<Deployment, 'ingest'>): readonly Role[] =>
  roles.filter((role) => role !== 'ingest' || deployment.ingest === 'lambda');

/** Those that share what the account has unreserved. */
const unreservedRolesOf = (deployment: Pick<Deployment, 'ingest' | 'reservedConcurrency'>): readonly Role[] =>
  rolesOf(deployment).filter((role) => deployment.reservedConcurrency[role] === undefined);

/** The row of environment scaling counts a step within this time. */
const stepSeconds = 10;

/**
 * The step of a function's concurrency from the mean to its busiest moment, less what is kept ready. What a queue feeds grows no faster than its pollers.
 */
export function environmentStep(
  role: Role,
  { load, coefficients, deployment }: { load: Load; coefficients: Coefficients; deployment: Deployment },
): Known<number> {
  const low = concurrencyOf(meanMoment(load), coefficients, role);
  const high = atBusiest(load, (moment) => concurrencyOf(moment, coefficients, role));
  const ready = deployment.provisionedConcurrency?.[role] ?? 0;
  const step = combine([low, high], ([from = 0, to = 0]) => Math.max(0, to - Math.max(from, ready)));
  if (role !== 'deliver') return step;
  const { initial, growthPerMinute } = pollerCapacity(deployment);
  return mapKnown(step, (value) => Math.min(value, initial + growthPerMinute * (stepSeconds / secondsPerMinute)));
}
const secondsPerMinute = 60;

export const lambdaQuotas: readonly Quota[] = [
  row('accountConcurrency', {
    grows: true,
    sentence:
      'Sum over the functions without a reservation, for which the rest of the account’s quota is, of invocations/s × mean duration (Little’s law, L) at the busiest moment. A mean: short peaks may need 3√L more. New accounts may have far less than the default.',
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(
        atBusiest(load, (moment) =>
          sumOf(unreservedRolesOf(deployment).map((role) => concurrencyOf(moment, coefficients, role))),
        ),
      ),
    ),
  }),
  row('environmentScaling', {
    // A bucket of environments that refills in 10 s: a step within 10 s is met by what the bucket holds.
    default: quotaFact('environmentScaling').burst ?? 0,
    burst: null,
    unit: 'environments/10 s',
    grows: true,
    sentence:
      'The largest step of one function’s concurrency from the mean (or what is provisioned) to the burst, assumed to come within 10 s; that of a queue’s function no faster than its pollers grow.',
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(
        combine(
          rolesOf(deployment).map((role) => environmentStep(role, { load, coefficients, deployment })),
          (steps) => Math.max(0, ...steps),
        ),
      ),
    ),
  }),
  row('accountInvocationRate', {
    grows: true,
    sentence:
      'Invocations/s of the functions without a reservation, against 10/s × the concurrent executions that are not reserved; the pollers of the queue invoke synchronously too.',
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(
        atBusiest(load, (moment) =>
          sumOf(unreservedRolesOf(deployment).map((role) => invocationRate(moment, coefficients, role))),
        ),
      ),
    ),
  }),
  row('pollerMaxConcurrency', {
    grows: true,
    sentence:
      'Concurrency of the deliver function in the burst: batches/s × mean duration, with batches as full as in the run. Beyond it, webhooks wait in the queue.',
    demand: oneAtATime((load, coefficients) => demandOf(concurrencyOf(burstMoment(load), coefficients, 'deliver'))),
  }),
  row('pollerGrowthPerMinute', {
    grows: false,
    // Over it nothing is refused: webhooks wait in the queue for as long as the ramp takes.
    sentence:
      'The step of deliver’s concurrency from the mean (or what its pollers start with) to the burst, assumed to be needed within a minute. Beyond it, webhooks wait in the queue.',
    demand: oneAtATime((load, coefficients, deployment) => {
      const { initial } = pollerCapacity(deployment);
      const moments = [meanMoment(load), burstMoment(load)].map((moment) =>
        concurrencyOf(moment, coefficients, 'deliver'),
      );
      return demandOf(combine(moments, ([mean = 0, burst = 0]) => Math.max(0, burst - Math.max(mean, initial))));
    }),
  }),
];

/** The quotas created by reserving concurrency for one function: a function that takes under 0.1 s meets the rate first. */
export function reservedQuotas(role: Role, reserved: number, requestsPerExecution: number): Quota[] {
  const perSecond = requestsPerExecution * reserved;
  const rate = row('reservedInvocationRate', {
    id: `reservedInvocationRate.${role}`,
    name: `Lambda synchronous invocation rate of ${role}, whose concurrency is reserved`,
    default: perSecond,
    unit: 'requests/s',
    grows: true,
    sentence: `Invocations/s of ${role} at the busiest moment, against ${requestsPerExecution}/s × its reserved concurrency.`,
    demand: oneAtATime((load, coefficients) =>
      demandOf(atBusiest(load, (moment) => invocationRate(moment, coefficients, role))),
    ),
  });
  const concurrency = row('reservedConcurrency', {
    id: `reservedConcurrency.${role}`,
    name: `Lambda reserved concurrency of ${role}`,
    default: reserved,
    grows: true,
    sentence: `Invocations/s × mean duration of ${role} (Little’s law) at the busiest moment.`,
    demand: oneAtATime((load, coefficients) =>
      demandOf(atBusiest(load, (moment) => concurrencyOf(moment, coefficients, role))),
    ),
  });
  return [concurrency, rate];
}
