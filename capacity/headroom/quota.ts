/** What a quota is, and the stack that it applies to. */
import type { QuotaFact } from '../../aws/quotas/quota.ts';
import { type QuotaId, quotaFact, quotaName } from '../../aws/quotas/table.ts';
import type { Coefficients, Role } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { Known } from '../known.ts';

/** Settings of the deployed stack that quotas and costs depend on. */
export interface Deployment {
  region: string;
  ingest: 'lambda' | 'direct';
  webSocketThrottle: { ratePerSecond: number; burst: number };
  webhookThrottle: { ratePerSecond: number; burst: number };
  batchSize: number;
  /** MaximumConcurrency of the event source; null: the poller's own limit. */
  maximumConcurrency: number | null;
  /** Pollers kept for the event source, at least and at most, in place of MaximumConcurrency. Absent or null: none. */
  provisionedPollers?: { minimum: number; maximum: number } | null | undefined;
  /** Of the queue; absent: the reference stack's. */
  visibilityTimeoutSeconds?: number | undefined;
  maxReceiveCount?: number | undefined;
  reservedConcurrency: Partial<Record<Role, number>>;
  memoryMb: Record<Role, number>;
  /** Which of the APIs log each request. Absent: none. */
  accessLogs?: { webhook: boolean; webSocket: boolean } | undefined;
  /** Environments kept ready. Absent: none. */
  provisionedConcurrency?: Partial<Record<Role, number>> | undefined;
  /** How long the queue keeps a message. Absent: AWS's default of 4 days. */
  retentionSeconds?: number | undefined;
  /** The table has not carried any load yet. Absent: it has carried the plan's peak. */
  newTable?: boolean | undefined;
  /** How long the table remembers an event. Absent: the reference stack's. */
  eventTtlSeconds?: number | undefined;
  /** CloudWatch metrics of each route. Absent: none. */
  detailedMetrics?: boolean | undefined;
}

/** The reference stack with default settings. */
export const referenceDeployment = {
  region: 'us-east-1',
  ingest: 'lambda' as const,
  webSocketThrottle: { ratePerSecond: 5_000, burst: 2_500 },
  webhookThrottle: { ratePerSecond: 2_000, burst: 1_000 },
  batchSize: 10,
  maximumConcurrency: null,
  visibilityTimeoutSeconds: 181,
  maxReceiveCount: 5,
  reservedConcurrency: {},
  accessLogs: { webhook: true, webSocket: true },
  memoryMb: { authorize: 256, connect: 256, disconnect: 256, message: 512, ingest: 512, deliver: 512 },
} satisfies Deployment;

/** The demand of a load on a quota. `burst`: a higher rate for a while, to be met by a bucket's tokens. */
export type Demand = Known<number, unknown, { burst?: { value: number; lastsSeconds: number } }>;

/** A quota's id; that of a reservation names its function too, and one that is met twice says how. */
export type QuotaRowId =
  | QuotaId
  | `reservedConcurrency.${Role}`
  | `reservedInvocationRate.${Role}`
  | 'sqsRetention.outage';

/** An AWS quota and the demand of a load on it. `name`: with its service, and what the reference stack uses it for. */
export interface Quota extends QuotaFact {
  id: QuotaRowId;
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
  sharesLimitOf?: QuotaRowId;
  /** There is such a limit only where the account or the plan states it. */
  onlyIfStated?: true;
  /** How demand is computed, in a sentence. */
  sentence: string;
  demand(load: Load, coefficients: Coefficients, deployment: Deployment): Demand;
}

/** A quota of AWS's table, with what differs for the reference stack. */
export const row = (id: QuotaId, more: Pick<Quota, 'grows' | 'sentence' | 'demand'> & Partial<Quota>): Quota => ({
  ...quotaFact(id),
  id,
  name: quotaName(id),
  ...more,
});

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
