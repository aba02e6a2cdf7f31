/** Capacity of one table or global secondary index: its own throughput and that of its partitions, separately for reads and writes. */

import { OnDemandGrowth } from '../../aws/on-demand-growth.ts';
import { type BucketQuota, TokenBucket } from '../../aws/token-bucket.ts';
import type { CapacityLimits, Direction } from './capacity-limits.ts';
import { Partitions } from './partitions.ts';

/** The third part of a throttling reason. Source: DynamoDB API, ThrottlingReason. */
export type ThrottleLimit =
  | 'ProvisionedThroughputExceeded'
  | 'AccountLimitExceeded'
  | 'KeyRangeThroughputExceeded'
  | 'MaxOnDemandThroughputExceeded';

/** Which quota refused: the resource's own or a partition's. */
export interface Refusal {
  scope: 'resource' | 'partition';
  limit: ThrottleLimit;
}

/** Units/s set by the template; null if it sets no maximum. */
export type ThroughputMode =
  | { kind: 'onDemand'; maximum: Record<Direction, number | null> }
  | { kind: 'provisioned'; units: Record<Direction, number> };

interface Side {
  bucket: TokenBucket;
  growth: OnDemandGrowth | null;
  perSecond: number;
  /** Name of a refusal by the bucket. */
  limit: ThrottleLimit;
}

export class ResourceCapacity {
  #mode: ThroughputMode;
  #limits: CapacityLimits;
  #sides: Record<Direction, Side>;
  #partitions: Partitions;

  constructor(mode: ThroughputMode, limits: CapacityLimits, nowMs: number) {
    this.#mode = mode;
    this.#limits = limits;
    this.#sides = { read: this.#side('read', nowMs), write: this.#side('write', nowMs) };
    const quotas = { read: limits.dynamodbPartitionRead, write: limits.dynamodbPartitionWrite };
    this.#partitions = new Partitions(limits.dynamodbPartitions, quotas, this.#partitionCount(), nowMs);
  }

  /** The capacity mode, which determines the type of the error. */
  get mode(): ThroughputMode['kind'] {
    return this.#mode.kind;
  }

  /**
   * Whether a request that costs at least this many units may start. `partitionKey` is null for access across all partitions (Scan).
   * Consumes nothing: {@link charge} its known cost, and the rest once that is known.
   */
  refusal(direction: Direction, partitionKey: string | null, units: number, nowMs: number): Refusal | null {
    const side = this.#sides[direction];
    this.#grow(nowMs);
    if (!side.bucket.admits(nowMs, units)) return { scope: 'resource', limit: side.limit };
    if (partitionKey !== null && !this.#partitions.admits(direction, partitionKey, units, nowMs))
      return { scope: 'partition', limit: 'KeyRangeThroughputExceeded' };
    return null;
  }

  charge(direction: Direction, partitionKey: string | null, units: number, nowMs: number): void {
    const side = this.#sides[direction];
    side.bucket.charge(nowMs, units);
    side.growth?.consumed(units, nowMs);
    if (partitionKey !== null) this.#partitions.charge(direction, partitionKey, units, nowMs);
  }

  #grow(nowMs: number): void {
    let changed = false;
    for (const direction of ['read', 'write'] as const) {
      const side = this.#sides[direction];
      if (side.growth === null) continue;
      const { quota, limit } = this.#onDemandQuota(direction, side.growth, nowMs);
      if (quota.ratePerSecond === side.perSecond) continue;
      side.bucket.change(quota, nowMs);
      side.perSecond = quota.ratePerSecond;
      side.limit = limit;
      changed = true;
    }
    if (changed) this.#partitions.resize(this.#partitionCount(), nowMs);
  }

  #side(direction: Direction, nowMs: number): Side {
    const { dynamodbGrowthWindowMs: windowMs, dynamodbProvisionedBurstSeconds: burstSeconds } = this.#limits;
    if (this.#mode.kind === 'provisioned') {
      const perSecond = this.#mode.units[direction];
      const bucket = new TokenBucket({ ratePerSecond: perSecond, burst: perSecond * burstSeconds }, nowMs);
      return { bucket, growth: null, perSecond, limit: 'ProvisionedThroughputExceeded' };
    }
    const start = direction === 'read' ? this.#limits.dynamodbOnDemandRead : this.#limits.dynamodbOnDemandWrite;
    const growth = new OnDemandGrowth({ startPerSecond: start.ratePerSecond, windowMs }, nowMs);
    const { quota, limit } = this.#onDemandQuota(direction, growth, nowMs);
    return { bucket: new TokenBucket(quota, nowMs), growth, perSecond: quota.ratePerSecond, limit };
  }

  /** The minimum of the throughput that the table has grown to, the account's quota per table, and the template's maximum. */
  #onDemandQuota(
    direction: Direction,
    growth: OnDemandGrowth,
    nowMs: number,
  ): { quota: BucketQuota; limit: ThrottleLimit } {
    const limits = this.#limits;
    const start = direction === 'read' ? limits.dynamodbOnDemandRead : limits.dynamodbOnDemandWrite;
    const account = direction === 'read' ? limits.dynamodbTableRead : limits.dynamodbTableWrite;
    const maximum = this.#mode.kind === 'onDemand' ? this.#mode.maximum[direction] : null;
    const ratePerSecond = growth.capacityPerSecond(nowMs);
    const grown = { ratePerSecond, burst: (start.burst * ratePerSecond) / start.ratePerSecond };
    const least = grown.ratePerSecond < account.ratePerSecond ? grown : account;
    if (maximum !== null && maximum < least.ratePerSecond)
      return { quota: { ratePerSecond: maximum, burst: maximum }, limit: 'MaxOnDemandThroughputExceeded' };
    return { quota: least, limit: least === grown ? 'KeyRangeThroughputExceeded' : 'AccountLimitExceeded' };
  }

  /**
   * Partitions required for the throughput: on-demand for the larger of reads and writes, provisioned for both together.
   * Source: DynamoDB developer guide (1,000 write or 3,000 read units a partition); 4,000 and 12,000 both give 4.
   */
  #partitionCount(): number {
    const reads = this.#sides.read.perSecond / this.#limits.dynamodbPartitionRead.ratePerSecond;
    const writes = this.#sides.write.perSecond / this.#limits.dynamodbPartitionWrite.ratePerSecond;
    return Math.max(1, Math.ceil(this.#mode.kind === 'onDemand' ? Math.max(reads, writes) : reads + writes));
  }
}
