/** The demand of a load on Lambda's quotas. */
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { pollerCapacity } from '../demand/pollers.ts';
import { atBusiest, burstMoment, concurrencyOf, invocationRate, meanMoment, sumOf } from '../demand/rates.ts';
import { combine, type Known, mapKnown } from '../known.ts';
import { queueOf } from './deployed.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import { demandOf, oneAtATime, type Quota, row, rowsFor } from './quota.ts';

/** Those that share what the account has unreserved. */
const unreserved = ({ functions }: Deployment): DeployedFunction[] =>
  functions.filter(({ reservedConcurrency }) => reservedConcurrency === null);

/** The row of environment scaling counts a step within this time. */
const stepSeconds = 10;

/**
 * The step of a function's concurrency from the mean to its busiest moment, less what is kept ready. What a queue feeds grows no faster than its pollers.
 */
export function environmentStep(
  { id, provisionedConcurrency }: DeployedFunction,
  { load, ...stack }: { load: Load; coefficients: Coefficients; deployment: Deployment },
): Known<number> {
  const low = concurrencyOf(id, meanMoment(load), stack);
  const high = atBusiest(load, (moment) => concurrencyOf(id, moment, stack));
  const step = combine([low, high], ([from = 0, to = 0]) => Math.max(0, to - Math.max(from, provisionedConcurrency)));
  const queue = queueOf(stack.deployment, id);
  if (queue === null) return step;
  const { initial, growthPerMinute } = pollerCapacity(queue);
  return mapKnown(step, (value) => Math.min(value, initial + growthPerMinute * (stepSeconds / secondsPerMinute)));
}
const secondsPerMinute = 60;

export const lambdaQuotas = ({ queues }: Deployment): Quota[] => [
  ...accountRows,
  ...rowsFor(queues, ({ id, function: emptiedBy }) => pollerRows(id, emptiedBy)),
];

const accountRows: readonly Quota[] = [
  row('accountConcurrency', {
    grows: true,
    sentence:
      'Sum over the functions without a reservation, for which the rest of the account’s quota is, of invocations/s × mean duration (Little’s law, L) at the busiest moment; of one with provisioned concurrency at least that. A mean: short peaks may need 3√L more. New accounts may have far less than the default.',
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(
        atBusiest(load, (moment) =>
          sumOf(
            unreserved(deployment).map(({ id, provisionedConcurrency }) =>
              mapKnown(concurrencyOf(id, moment, { coefficients, deployment }), (running) =>
                Math.max(running, provisionedConcurrency),
              ),
            ),
          ),
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
          deployment.functions.map((each) => environmentStep(each, { load, coefficients, deployment })),
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
          sumOf(unreserved(deployment).map(({ id }) => invocationRate(moment, coefficients, id))),
        ),
      ),
    ),
  }),
];

const pollerRows = (queueId: string, functionId: string): readonly Quota[] => [
  row('pollerMaxConcurrency', {
    grows: true,
    sentence: `Concurrency of ${functionId} in the burst: batches/s × mean duration, with batches as full as they were measured. Beyond it, messages wait in the queue.`,
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(concurrencyOf(functionId, burstMoment(load), { coefficients, deployment })),
    ),
  }),
  row('pollerGrowthPerMinute', {
    grows: false,
    // Over it nothing is refused: messages wait in the queue for as long as the ramp takes.
    sentence: `The step of the concurrency of ${functionId} from the mean (or what its pollers start with) to the burst, assumed to be needed within a minute. Beyond it, messages wait in the queue.`,
    demand: oneAtATime((load, coefficients, deployment) => {
      const queue = deployment.queues.find(({ id }) => id === queueId);
      const initial = queue ? pollerCapacity(queue).initial : 0;
      const moments = [meanMoment(load), burstMoment(load)].map((moment) =>
        concurrencyOf(functionId, moment, { coefficients, deployment }),
      );
      return demandOf(combine(moments, ([mean = 0, burst = 0]) => Math.max(0, burst - Math.max(mean, initial))));
    }),
  }),
];

/** The quotas created by reserving concurrency for one function: a function that takes under 0.1 s meets the rate first. */
export function reservedQuotas(id: string, reserved: number, requestsPerExecution: number): Quota[] {
  const perSecond = requestsPerExecution * reserved;
  const rate = row('reservedInvocationRate', {
    id: `reservedInvocationRate.${id}`,
    ...{ resource: id, isOwnLimit: true },
    name: `Lambda synchronous invocation rate of ${id}, whose concurrency is reserved`,
    default: perSecond,
    unit: 'requests/s',
    grows: true,
    sentence: `Invocations/s of ${id} at the busiest moment, against ${requestsPerExecution}/s × its reserved concurrency.`,
    demand: oneAtATime((load, coefficients) =>
      demandOf(atBusiest(load, (moment) => invocationRate(moment, coefficients, id))),
    ),
  });
  const concurrency = row('reservedConcurrency', {
    id: `reservedConcurrency.${id}`,
    ...{ resource: id, isOwnLimit: true },
    name: `Lambda reserved concurrency of ${id}`,
    default: reserved,
    grows: true,
    sentence: `Invocations/s × mean duration of ${id} (Little’s law) at the busiest moment.`,
    demand: oneAtATime((load, coefficients, deployment) =>
      demandOf(atBusiest(load, (moment) => concurrencyOf(id, moment, { coefficients, deployment }))),
    ),
  });
  return [concurrency, rate];
}
