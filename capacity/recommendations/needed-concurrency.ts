/** Concurrency that functions need at their busiest. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { loadKinds, type UnitCosts } from '../demand/coefficients.ts';
import { momentaryConcurrency } from '../demand/little.ts';
import { atBusiest, concurrencyOf } from '../demand/rates.ts';
import type { DeployedFunction } from '../headroom/deployment.ts';
import { wholeLimit } from '../headroom/quota.ts';
import { mostRaised } from './quota-raises.ts';
import type { Context } from './recommendation-terms.ts';

export type Needed =
  | { kind: 'value'; mean: number; moment: number; storm?: boolean }
  | { kind: 'unknown'; reason: string };

const managed =
  'The functions run on Lambda Managed Instances, where an environment has several invocations at a time.';

/** Concurrency of a moment in the burst, L and L + 3√L, or why it is not known. */
export function burstConcurrency(context: Context, id: string): Needed {
  const { load } = context;
  if (load.managedInstances) return { kind: 'unknown', reason: managed };
  const mean = atBusiest(load, (moment) => concurrencyOf(id, moment, context));
  if (mean.kind === 'unknown') return mean;
  return { kind: 'value', mean: mean.value, moment: Math.ceil(momentaryConcurrency(mean.value)) };
}

/** L + 3√L of a function at the busiest moment; for one whose answer a connect waits for, also when all clients reconnect as fast as API Gateway admits them. */
export function neededReservation(context: Context, { id, awaitedBy }: DeployedFunction): Needed {
  const burst = burstConcurrency(context, id);
  const quota = context.now.limits.find(({ id }) => id === 'newConnections');
  if (burst.kind === 'unknown' || !quota || !awaitedBy.includes('connect')) return burst;
  const connects = Math.min(quota.limit, context.load.peakConnections);
  const storm = concurrencyOf(id, { connects, messages: 0, webhooks: 0 }, context);
  if (storm.kind === 'unknown' || storm.value <= burst.mean) return burst;
  return { kind: 'value', mean: storm.value, moment: Math.ceil(momentaryConcurrency(storm.value)), storm: true };
}

/** Concurrent executions of the account, with those that are reserved. */
export function accountLimit({ limits }: Pick<Context, 'limits'>): number {
  const quota = limits.find(({ id }) => id === 'accountConcurrency');
  return quota ? wholeLimit(quota) : Number.POSITIVE_INFINITY;
}

export const limitOf = ({ limits }: Pick<Context, 'limits'>, id: string): number =>
  limits.find((quota) => quota.id === id)?.limit ?? Number.POSITIVE_INFINITY;

/** The largest account concurrency worth asking for. */
export function mostExecutions(context: Context): number {
  const quota = context.limits.find(({ id }) => id === 'accountConcurrency');
  return (quota && mostRaised(quota, accountLimit(context))) ?? Number.POSITIVE_INFINITY;
}

/** AWS gives new accounts fewer concurrent executions than its default of 1,000, and raises them with use: 10 and 50 have been seen. */
export const isNew = (context: Context): boolean => {
  const quota = context.limits.find(({ id }) => id === 'accountConcurrency');
  return quota !== undefined && accountLimit(context) < quota.default;
};

/** Of a law that the account does not state otherwise: requests/s of one execution. */
export const requestsPerExecution = ({ plan }: Pick<Context, 'plan'>): number =>
  plan.quotas.reservedInvocationRate ?? quotaFact('reservedInvocationRate').default;

/** What only webhooks cause has nothing to do without them. */
export function isIdle(context: Pick<Context, 'load'>, costs: UnitCosts | undefined): boolean {
  const kinds = loadKinds.filter((kind) => costs?.[kind] !== undefined);
  return kinds.every((kind) => kind === 'webhook' || kind === 'push') && !hasWebhooks(context);
}

const hasWebhooks = ({ load }: Pick<Context, 'load'>): boolean =>
  load.webhookRatePerSecond > 0 ||
  (load.webhookBurst?.ratePerSecond ?? 0) > 0 ||
  (load.largestUser?.webhookRatePerSecond ?? 0) > 0;
