/** What a quota is, and the demand of a load on it. */
import type { QuotaFact } from '../../aws/quotas/quota.ts';
import { type QuotaId, quotaFact, quotaName } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { Known } from '../known.ts';
import type { Deployment } from './deployment.ts';

/** The demand of a load on a quota. `burst`: a higher rate for a while, to be met by a bucket's tokens. */
export type Demand = Known<number, unknown, { burst?: { value: number; lastsSeconds: number } }>;

/** An AWS quota and the demand of a load on it. `name`: with its service, and the resource. */
export interface Quota extends QuotaFact {
  /**
   * Of the row: the quota's; with the resource's after it where the stack has several of its kind, or the quota is made by a setting
   * (`reservedConcurrency.Send`), or with how it is met where that is in two ways.
   */
  id: string;
  quota: QuotaId;
  /** Logical id of what it belongs to; null: the whole account. */
  resource: string | null;
  /** True when the demand grows with users: only these bind first. Others (sizes, timeouts) are checked, and bind only once exceeded. */
  grows: boolean;
  /**
   * The limit follows the load: it is at least this many times the highest demand so far. Absent: it stays.
   * Twice the previous peak, for an on-demand table (DynamoDB developer guide, on-demand capacity mode, read 2026-11). On a table that is
   * not new such a limit grows with the demand, so it does not bind before a step exceeds it.
   */
  peakFactor?: number;
  /** True when it follows from the stack alone, whatever the load: stages, routes, memory. Absent: false. */
  fixed?: true;
  /** Its limit is that of another quota. */
  sharesLimitOf?: string;
  /** It is one resource's own: a value that is stated for the quota as such is not this one's. */
  isOwnLimit?: true;
  /** There is such a limit only where the account or the plan states it. */
  onlyIfStated?: true;
  /** How demand is computed, in a sentence. */
  sentence: string;
  demand(load: Load, coefficients: Coefficients, deployment: Deployment): Demand;
}

/** A quota of AWS's table, with what the stack adds to it. */
export const row = (id: QuotaId, more: Pick<Quota, 'grows' | 'sentence' | 'demand'> & Partial<Quota>): Quota => ({
  ...quotaFact(id),
  ...{ id, quota: id, name: quotaName(id), resource: null },
  ...more,
});

/** Rows of one quota, one for each resource that has it. A single one keeps the quota's id. */
export function rowsFor<Resource extends { id: string }>(
  resources: readonly Resource[],
  rowsOf: (resource: Resource) => readonly Quota[],
): Quota[] {
  return resources.flatMap((resource) =>
    rowsOf(resource).map((quota) => {
      const suffix = resources.length > 1 ? `.${resource.id}` : '';
      return {
        ...quota,
        id: `${quota.id}${suffix}`,
        name: `${quota.name} (${resource.id})`,
        resource: resource.id,
        ...(quota.sharesLimitOf !== undefined && { sharesLimitOf: `${quota.sharesLimitOf}${suffix}` }),
      };
    }),
  );
}

/** A quota with the value in force for one account and Region. */
export interface QuotaInForce extends Quota {
  limit: number;
  limitBurst: number | null;
  limitFrom: 'default' | 'region' | 'plan' | 'setting' | 'derived';
  /** Part of the account's quota that functions with a reservation have for themselves; not in `limit`. Absent: none. */
  reserved?: number;
}

/** The quota as it is in force; with AWS's default where nothing else is known. */
export const inForce = (quota: Quota | QuotaInForce): QuotaInForce =>
  'limit' in quota ? quota : { ...quota, limit: quota.default, limitBurst: quota.burst, limitFrom: 'default' };

/** An account's quota with what is reserved of it: the value that AWS shows and raises. */
export const wholeLimit = ({ limit, reserved = 0 }: Pick<QuotaInForce, 'limit' | 'reserved'>): number =>
  limit + reserved;

const managed =
  'The functions run on Lambda Managed Instances: an environment has several invocations at a time, and this counts one each.';

/** A demand that assumes one invocation at a time in each environment. */
export const oneAtATime =
  (demand: Quota['demand']): Quota['demand'] =>
  (load, coefficients, deployment) =>
    load.managedInstances ? { kind: 'unknown', reason: managed } : demand(load, coefficients, deployment);

export const demandOf = (
  answer: Known<number>,
  burst?: { answer: Known<number>; lastsSeconds: number } | null,
): Demand => {
  if (answer.kind === 'unknown') return answer;
  if (!burst) return answer;
  if (burst.answer.kind === 'unknown') return burst.answer;
  return { ...answer, burst: { value: burst.answer.value, lastsSeconds: burst.lastsSeconds } };
};
