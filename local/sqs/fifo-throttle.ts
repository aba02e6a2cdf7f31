/**
 * Requests a second of a FIFO queue, by API action: a batch counts as one request of its action. Source: SQS developer guide, message quotas, read
 * November 2026. AWS documents no burst; here it is one second's worth.
 */
import { TokenBucket } from '../../aws/token-bucket.ts';
import type { SqsQueue } from './fauxqs-store.ts';

export interface FifoLimits {
  sqsFifoRequests: number;
  sqsFifoHighThroughput: number;
}

const throttled = ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'];

export class FifoThrottle {
  #limits: FifoLimits;
  #buckets = new Map<string, TokenBucket>();

  constructor(limits: FifoLimits) {
    this.#limits = limits;
  }

  /** The quota that refuses this request of the queue; null: none, and the request is counted. */
  refusing(queue: SqsQueue, action: string, nowMs: number): keyof FifoLimits | null {
    const method = action.replace(/Batch$/, '');
    if (!queue.isFifo() || !throttled.includes(method)) return null;
    const isHigh = queue.attributes.FifoThroughputLimit === 'perMessageGroupId';
    const quota = isHigh ? 'sqsFifoHighThroughput' : 'sqsFifoRequests';
    const key = `${quota} ${method} ${queue.name}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      const ratePerSecond = this.#limits[quota];
      bucket = new TokenBucket({ ratePerSecond, burst: Math.max(1, ratePerSecond) }, nowMs);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(nowMs) ? null : quota;
  }
}
