/** The facts of a quota. */
import type { Remedies } from './remedies.ts';

/** What is known about one AWS quota. */
export interface QuotaFact {
  service:
    | 'apigateway'
    | 'lambda'
    | 'sqs'
    | 'sns'
    | 'events'
    | 'dynamodb'
    | 'secretsmanager'
    | 'rds'
    | 'ecs'
    | 'fargate'
    | 'ec2'
    | 'elasticloadbalancing'
    | 'elasticache';
  /** AWS's own: from the Service Quotas console where the quota has a code, otherwise from the documentation. */
  name: string;
  /** Service Quotas code; null where AWS has none. */
  code: string | null;
  /** AWS's default in most Regions, in `unit`. */
  default: number;
  /** Tokens of the bucket, for a rate that has one; null: no bucket, or none documented. */
  burst: number | null;
  burstCode: string | null;
  unit: string;
  /**
   * How the local target's default follows `quotaScale` (a rate keeps its fractions; a count stays whole and at least 1) or `timeScale`
   * (`connectionTime`); null: not at all (sizes and durations).
   */
  scales: 'rate' | 'count' | 'connectionTime' | null;
  /** What the quota applies to. `account`: per Region. */
  per:
    | 'account'
    | 'API'
    | 'API key'
    | 'stage'
    | 'connection'
    | 'request'
    | 'function'
    | 'event source'
    | 'queue'
    | 'table'
    | 'partition'
    | 'database'
    | 'item'
    | 'service'
    | 'load balancer'
    | 'node';
  /** Regions with another default. */
  regions: readonly { regions: readonly string[]; default: number; burst: number | null }[];
  /** `yes`: AWS raises it on request, by its own code; `setting`: it is set in the stack. */
  adjustable: 'yes' | 'no' | 'setting';
  /** How its limit is moved, or the load kept below it. */
  remedies: Remedies;
  source: string;
  /** Month in which the source was read. */
  readOn: string;
  /** H: AWS's own documentation or API; M: one secondary source; L: sources conflict. */
  confidence: Confidence;
  /** Of the burst, where it is less certain than the rate. Absent: the same. */
  burstConfidence?: Confidence;
}

type Confidence = 'H' | 'M' | 'L';

/** What most quotas have in common. */
export const usual = {
  code: null,
  burst: null,
  burstCode: null,
  scales: null,
  regions: [],
  readOn: '2026-11',
  confidence: 'H',
} as const;
