/** The buckets of a table's partitions, found by partition key. AWS's own hash is not documented: which keys share a partition differs there. */
import { hashedShare } from '../../aws/random.ts';
import { type BucketQuota, TokenBucket } from '../../aws/token-bucket.ts';
import type { CapacityLimits, Direction } from './capacity-limits.ts';

type Buckets = Record<Direction, TokenBucket>;
/** In the model `key` there is a bucket for each key in use: those that are full again are dropped at this many. */
const keysBeforeSweep = 10_000;

export class Partitions {
  #model: CapacityLimits['dynamodbPartitions'];
  #quotas: Record<Direction, BucketQuota>;
  #byIndex: Buckets[] = [];
  #byKey = new Map<string, Buckets>();
  #sweepAt = keysBeforeSweep;

  constructor(
    model: CapacityLimits['dynamodbPartitions'],
    quotas: Record<Direction, BucketQuota>,
    count: number,
    nowMs: number,
  ) {
    this.#model = model;
    this.#quotas = quotas;
    this.resize(count, nowMs);
  }

  /** Splits into more partitions: each is new, so its burst is full. */
  resize(count: number, nowMs: number): void {
    if (this.#model !== 'hash') return;
    this.#byIndex = Array.from({ length: count }, () => this.#fresh(nowMs));
  }

  admits(direction: Direction, key: string, units: number, nowMs: number): boolean {
    if (this.#model === 'none') return true;
    return this.#of(key, nowMs)[direction].admits(nowMs, units);
  }

  charge(direction: Direction, key: string, units: number, nowMs: number): void {
    if (this.#model === 'none') return;
    this.#of(key, nowMs)[direction].charge(nowMs, units);
  }

  #of(key: string, nowMs: number): Buckets {
    if (this.#model === 'hash') {
      const buckets = this.#byIndex[Math.floor(hashedShare(key) * this.#byIndex.length)];
      if (buckets) return buckets;
    }
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= this.#sweepAt) this.#sweep(nowMs);
    const made = this.#fresh(nowMs);
    this.#byKey.set(key, made);
    return made;
  }

  #sweep(nowMs: number): void {
    for (const [key, { read, write }] of this.#byKey) {
      if (read.isFull(nowMs) && write.isFull(nowMs)) this.#byKey.delete(key);
    }
    this.#sweepAt = Math.max(keysBeforeSweep, 2 * this.#byKey.size);
  }

  #fresh(nowMs: number): Buckets {
    return { read: new TokenBucket(this.#quotas.read, nowMs), write: new TokenBucket(this.#quotas.write, nowMs) };
  }
}
