/** Quotas of Lambda that the reference stack meets. */
import { type Role, roles } from '../demand/coefficients.ts';
import { burstMoment, concurrencyOf, invocationRate, meanMoment, sumOf } from '../demand/rates.ts';
import { type Deployment, demandOf, type Quota } from './quota.ts';

const limits = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const scaling = 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html';
const read = { readOn: '2026-11', confidence: 'H', regionExceptions: [], burst: null, burstCode: null } as const;

/** The functions that are deployed: the `direct` variant has no ingest function. */
export const rolesOf = (deployment: Pick<Deployment, 'ingest'>): readonly Role[] =>
  roles.filter((role) => role !== 'ingest' || deployment.ingest === 'lambda');

const synchronous = (deployment: Deployment): readonly Role[] =>
  rolesOf(deployment).filter((role) => role !== 'deliver');

/** Concurrent batches with which the poller of a standard queue starts. AWS Lambda developer guide, SQS scaling, read 2026-11. */
const pollerStart = 5;

export const lambdaQuotas: readonly Quota[] = [
  {
    ...read,
    id: 'lambda.concurrentExecutions',
    name: 'Lambda concurrent executions of the account',
    code: 'L-B99A9384',
    default: 1_000,
    unit: 'executions',
    adjustable: 'yes',
    source: limits,
    grows: true,
    sentence:
      'Sum over the functions of invocations/s × mean duration (Little), in the busiest moment. A mean: a moment may need 3·√ of it more. New accounts may have far less than the default.',
    demand: (load, coefficients, deployment) =>
      demandOf(sumOf(rolesOf(deployment).map((role) => concurrencyOf(burstMoment(load), coefficients, role)))),
  },
  {
    ...read,
    id: 'lambda.scalingRate',
    name: 'Lambda scaling rate of one function',
    code: null,
    default: 1_000,
    unit: 'executions/10 s',
    adjustable: 'no',
    source: scaling,
    grows: true,
    sentence: 'The largest step of one function’s concurrency from the mean to the burst, as if it came within 10 s.',
    demand: (load, coefficients, deployment) => {
      const steps = rolesOf(deployment).map((role) => {
        const [low, high] = [meanMoment(load), burstMoment(load)].map((m) => concurrencyOf(m, coefficients, role));
        if (low?.kind !== 'value') return low ?? { kind: 'unknown' as const, reason: 'no mean' };
        return high?.kind === 'value' ? { kind: 'value' as const, value: high.value - low.value } : (high ?? low);
      });
      const missing = steps.find((step) => step.kind === 'unknown');
      if (missing) return missing;
      return { kind: 'value', value: Math.max(0, ...steps.map((step) => (step.kind === 'value' ? step.value : 0))) };
    },
  },
  {
    ...read,
    id: 'lambda.requestRate',
    name: 'Lambda synchronous requests of the account',
    code: null,
    // 10 requests/s for each concurrent execution; the value in force follows the concurrency quota.
    default: 10_000,
    unit: 'requests/s',
    adjustable: 'no',
    source: limits,
    grows: true,
    sentence:
      'Invocations/s of the functions called synchronously (all but deliver), against 10/s × concurrent executions.',
    demand: (load, coefficients, deployment) =>
      demandOf(sumOf(synchronous(deployment).map((role) => invocationRate(burstMoment(load), coefficients, role)))),
  },
  {
    ...read,
    id: 'lambda.pollerConcurrency',
    name: 'concurrency of the queue’s poller',
    code: null,
    default: 1_250,
    unit: 'executions',
    adjustable: 'setting',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
    grows: true,
    sentence:
      'Concurrency of the deliver function in the burst: batches/s × mean duration, with the batches as full as in the run. Beyond it webhooks wait in the queue.',
    demand: (load, coefficients) => demandOf(concurrencyOf(burstMoment(load), coefficients, 'deliver')),
  },
  {
    ...read,
    id: 'lambda.pollerRamp',
    name: 'growth of the poller’s concurrency',
    code: null,
    default: 300,
    unit: 'executions/min',
    adjustable: 'no',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
    // Over it nothing is refused: webhooks wait in the queue for as long as the ramp takes.
    grows: false,
    sentence:
      'The step of deliver’s concurrency from the mean, or the 5 it starts with, to the burst, as if it were wanted within a minute. Beyond it webhooks wait.',
    demand: (load, coefficients) => {
      const [mean, burst] = [meanMoment(load), burstMoment(load)].map((moment) =>
        concurrencyOf(moment, coefficients, 'deliver'),
      );
      if (mean?.kind !== 'value') return mean ?? { kind: 'unknown', reason: 'no mean' };
      if (burst?.kind !== 'value') return burst ?? mean;
      return { kind: 'value', value: Math.max(0, burst.value - Math.max(mean.value, pollerStart)) };
    },
  },
];

/** The quota that reserving concurrency for one function makes. */
export function reservedQuota(role: Role, reserved: number): Quota {
  return {
    ...read,
    id: `lambda.reservedConcurrency.${role}`,
    name: `reserved concurrency of ${role}`,
    code: null,
    default: reserved,
    unit: 'executions',
    adjustable: 'setting',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
    grows: true,
    sentence: `Invocations/s × mean duration of ${role} (Little), in the busiest moment.`,
    demand: (load, coefficients) => demandOf(concurrencyOf(burstMoment(load), coefficients, role)),
  };
}
