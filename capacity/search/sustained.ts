/** What of a carried load a token bucket lent: a trial begins with full buckets, and carries rate + burst / duration. */
import type { QuotaId } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { Deployment } from '../headroom/deployment.ts';
import type { QuotaInForce } from '../headroom/quota.ts';

export type Sustained =
  /** No bucket was asked for more than its rate. */
  | { kind: 'same' }
  /** `load`: what the bucket carries without its burst, in the search's unit; it was asked for `demandPerSecond` of its `ratePerSecond`. */
  | { kind: 'less'; load: number; quota: string; demandPerSecond: number; ratePerSecond: number }
  | { kind: 'unknown'; reason: string };

/** Rates with a bucket that a load asks for. Concurrency and pollers lend nothing. */
const buckets: readonly QuotaId[] = [
  'accountThrottle',
  'newConnections',
  'webSocketApiThrottle',
  'httpApiThrottle',
  'usagePlanThrottle',
  'dynamodbOnDemandWrite',
  'dynamodbOnDemandRead',
];
/** Of a rate: what is over it by less is the error of a mean. */
const tolerance = 0.005;

/**
 * The load that lasts, from one that a trial carried: for every bucket that was asked for more than its rate r, load − (d(load) − r) / d′, with the
 * demand d of the trial's own coefficients, linear in the load; the least of them. `loadsAt`: what the trial applies at a load, each moment
 * (ramp, steady state) by itself.
 */
export function sustainedLoad(
  load: number,
  loadsAt: (load: number) => readonly Load[],
  {
    coefficients,
    deployment,
    quotas,
  }: { coefficients: Coefficients; deployment: Deployment; quotas: readonly QuotaInForce[] },
): Sustained {
  let least: Sustained = { kind: 'same' };
  for (const quota of quotas.filter((each) => buckets.some((bucket) => bucket === each.quota)))
    for (const moment of loadsAt(load).keys()) {
      const demandAt = (at: number) => {
        const of = loadsAt(at)[moment];
        const demand = of && quota.demand(of, coefficients, deployment);
        return demand?.kind === 'value' ? Math.max(demand.value, demand.burst?.value ?? 0) : null;
      };
      const [demand, half] = [demandAt(load), demandAt(load / 2)];
      if (demand === null || half === null)
        return { kind: 'unknown', reason: `the demand on ${quota.name} was not measured` };
      if (demand <= quota.limit * (1 + tolerance) || demand <= half) continue;
      const lasting = Math.max(0, load - ((demand - quota.limit) * (load / 2)) / (demand - half));
      if (least.kind === 'same' || lasting < least.load)
        least = { kind: 'less', load: lasting, quota: quota.id, demandPerSecond: demand, ratePerSecond: quota.limit };
    }
  return least;
}
