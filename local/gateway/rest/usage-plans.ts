/**
 * Usage plans: what each API key may ask of the stages of its plan. A key has one bucket for all of them, and one for each method that has a throttle
 * of its own there. Source: API Gateway developer guide, "Usage plans and API keys" and "Throttle requests to your REST APIs", read November 2026.
 */
import { TokenBucket } from '../../../aws/token-bucket.ts';
import type { Refusals } from '../../quota/refusals.ts';
import type { ApiKeyModel, KeyQuotaModel, UsagePlanModel } from '../../template/apis/api-models.ts';

/** Of one request that carries a key. */
export interface KeyedRequest {
  key: ApiKeyModel;
  plan: UsagePlanModel;
  apiId: string;
  routeKey: string;
}

interface Moment {
  /** Of a monotonic clock. */
  monotonicMs: number;
  /** Milliseconds since the epoch. */
  epochMs: number;
}

interface Use {
  period: string;
  requests: number;
}

export class UsagePlans {
  #refusals: Pick<Refusals, 'count'>;
  #buckets = new Map<string, TokenBucket>();
  #uses = new Map<string, Use>();

  constructor(refusals: Pick<Refusals, 'count'>) {
    this.#refusals = refusals;
  }

  /** Why the plan refuses the request, which is counted; null: it may go on. Nothing is taken yet. */
  refusal(request: KeyedRequest, moment: Moment): 'THROTTLED' | 'QUOTA_EXCEEDED' | null {
    const { logicalId, quota } = request.plan;
    if (this.#bucketsOf(request, moment).some((bucket) => !bucket.has(moment.monotonicMs))) {
      this.#refusals.count('usagePlanThrottle', logicalId);
      return 'THROTTLED';
    }
    if (quota !== null && this.#useOf(request, quota, moment).requests >= quota.limit) {
      this.#refusals.count('usagePlanQuota', logicalId);
      return 'QUOTA_EXCEEDED';
    }
    return null;
  }

  /** Of a request that goes on. */
  take(request: KeyedRequest, moment: Moment): void {
    for (const bucket of this.#bucketsOf(request, moment)) bucket.take(moment.monotonicMs);
    const { quota } = request.plan;
    if (quota !== null) this.#useOf(request, quota, moment).requests += 1;
  }

  #bucketsOf({ key, plan, apiId, routeKey }: KeyedRequest, { monotonicMs }: Moment): TokenBucket[] {
    const ofKey = `${plan.logicalId} ${key.id}`;
    const own = plan.routes[routeKey];
    return [
      [ofKey, plan.throttle] as const,
      ...(own === undefined ? [] : [[`${ofKey} ${apiId} ${routeKey}`, own] as const]),
    ].flatMap(([name, throttle]) => {
      if (throttle === null) return [];
      const bucket = this.#buckets.get(name) ?? new TokenBucket(throttle, monotonicMs);
      this.#buckets.set(name, bucket);
      return [bucket];
    });
  }

  #useOf({ key, plan }: KeyedRequest, quota: KeyQuotaModel, { epochMs }: Moment): Use {
    const name = `${plan.logicalId} ${key.id}`;
    const period = periodOf(quota, epochMs);
    const known = this.#uses.get(name);
    if (known?.period === period) return known;
    const fresh = { period, requests: 0 };
    this.#uses.set(name, fresh);
    return fresh;
  }
}

const dayMs = 86_400_000;

/** Periods are those of the calendar, in UTC; the offset is the day on which one begins: with 0 a week begins on Sunday, a month on its first day. */
export function periodOf({ period, offset }: Pick<KeyQuotaModel, 'period' | 'offset'>, epochMs: number): string {
  const days = Math.floor(epochMs / dayMs) - offset;
  switch (period) {
    case 'DAY':
      return String(days);
    case 'WEEK':
      // The epoch was a Thursday.
      return String(Math.floor((days + 4) / 7));
    case 'MONTH':
      return new Date(days * dayMs).toISOString().slice(0, 7);
  }
}
