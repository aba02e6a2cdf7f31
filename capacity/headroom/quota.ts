/** What a quota is, and the stack that it is held against. */
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
  reservedConcurrency: Partial<Record<Role, number>>;
  memoryMb: Record<Role, number>;
  /** Environments kept ready. Absent: none. */
  provisionedConcurrency?: Partial<Record<Role, number>> | undefined;
}

/** The reference stack as its settings stand when nothing is set. */
export const referenceDeployment: Deployment = {
  region: 'us-east-1',
  ingest: 'lambda',
  webSocketThrottle: { ratePerSecond: 5_000, burst: 2_500 },
  webhookThrottle: { ratePerSecond: 2_000, burst: 1_000 },
  batchSize: 10,
  maximumConcurrency: null,
  reservedConcurrency: {},
  memoryMb: { authorize: 256, connect: 256, disconnect: 256, message: 512, ingest: 512, deliver: 512 },
};

/** What a load asks of a quota. `burst`: a higher rate for a while, to be met by a bucket's tokens. */
export type Demand = Known<number, unknown, { burst?: { value: number; lastsSeconds: number } }>;

export interface Quota {
  id: string;
  name: string;
  /** Service Quotas code; null where AWS has none. */
  code: string | null;
  /** AWS's default in most Regions. */
  default: number;
  /** Tokens of the bucket, for a rate that has one. */
  burst: number | null;
  burstCode: string | null;
  unit: string;
  adjustable: 'yes' | 'no' | 'setting';
  regionExceptions: readonly { regions: readonly string[]; value: number; burst: number | null }[];
  source: string;
  /** Month in which the source was read. */
  readOn: string;
  /** H: AWS's own documentation or API; M: one secondary source; L: sources conflict. */
  confidence: 'H' | 'M' | 'L';
  /** True when the demand grows with users: only these bind first. Others (sizes, timeouts) are checked, and bind only once exceeded. */
  grows: boolean;
  /**
   * The limit follows the load: it is at least this many times the highest demand so far. Absent: it stays.
   * Twice the previous peak at once, for an on-demand table (DynamoDB developer guide, on-demand capacity mode, read 2026-11).
   */
  peakFactor?: number;
  /** How demand is computed, in a sentence. */
  sentence: string;
  demand(load: Load, coefficients: Coefficients, deployment: Deployment): Demand;
}

/** A quota with the value in force for one account and Region. */
export interface QuotaInForce extends Quota {
  limit: number;
  limitBurst: number | null;
  limitFrom: 'default' | 'region' | 'plan' | 'setting' | 'derived';
}

/** The quota as it is in force; with AWS's default where nothing else is known. */
export const inForce = (quota: Quota | QuotaInForce): QuotaInForce =>
  'limit' in quota ? quota : { ...quota, limit: quota.default, limitBurst: quota.burst, limitFrom: 'default' };

export const demandOf = (
  answer: Known<number>,
  burst?: { answer: Known<number>; lastsSeconds: number } | null,
): Demand => {
  if (answer.kind === 'unknown') return answer;
  if (!burst) return answer;
  if (burst.answer.kind === 'unknown') return burst.answer;
  return { ...answer, burst: { value: burst.answer.value, lastsSeconds: burst.lastsSeconds } };
};
