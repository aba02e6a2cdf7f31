/** The token buckets in front of the APIs. Refusals are counted. */

import { TokenBucket } from '../../aws/token-bucket.ts';
import type { Limits } from '../quota/limits.ts';
import type { Refusals, Refusing } from '../quota/refusals.ts';
import type { ThrottleModel } from '../template/apis/api-models.ts';
import { UsagePlans } from './rest/usage-plans.ts';

/** Quotas of one request rather than of a rate. */
type SizeQuota = Extract<
  Refusing,
  'clientBufferBytes' | 'webSocketMessageBytes' | 'connectionsPostBytes' | 'httpPayloadBytes' | 'webSocketUrlCharacters'
>;
/** The throttle of a stage or of a route, by the kind of its API. */
type RouteThrottle = Extract<Refusing, 'webSocketApiThrottle' | 'httpApiThrottle'>;

export class GatewayThrottles {
  /** Of API keys, which may be those of several APIs. */
  readonly plans: UsagePlans;
  #refusals: Pick<Refusals, 'count'>;
  #account: TokenBucket;
  #connections: TokenBucket;
  #routes = new Map<string, { bucket: TokenBucket; quota: RouteThrottle }>();

  constructor(limits: Limits, refusals: Pick<Refusals, 'count'>, nowMs: number) {
    this.#refusals = refusals;
    this.plans = new UsagePlans(refusals);
    this.#account = new TokenBucket(limits.accountThrottle, nowMs);
    this.#connections = new TokenBucket(limits.newConnections, nowMs);
  }

  /** Declares the throttle of one route: its own, else the stage's default, else only the account's. */
  addRoute(
    { apiId, routeKey, quota }: { apiId: string; routeKey: string; quota: RouteThrottle },
    throttle: ThrottleModel | null,
    nowMs: number,
  ): void {
    if (throttle) this.#routes.set(`${apiId} ${routeKey}`, { bucket: new TokenBucket(throttle, nowMs), quota });
  }

  /** One handshake: a new connection, and a request of $connect. A refusal by one takes no token of the others. */
  takeHandshake(apiId: string, nowMs: number): boolean {
    if (!this.#connections.has(nowMs)) return this.#refuse('newConnections');
    return this.takeRequest(apiId, '$connect', nowMs) && this.#connections.take(nowMs);
  }

  /** One request of a route. A refusal by the account takes no token of the route, and vice versa. */
  takeRequest(apiId: string, routeKey: string, nowMs: number): boolean {
    const key = `${apiId} ${routeKey}`;
    const route = this.#routes.get(key);
    if (route && !route.bucket.has(nowMs)) return this.#refuse(route.quota, key);
    return this.takeAccount(nowMs) && (route?.bucket.take(nowMs) ?? true);
  }

  /** One request without a route: an @connections call. */
  takeAccount(nowMs: number): boolean {
    return this.#account.take(nowMs) || this.#refuse('accountThrottle');
  }

  /** Counts a request refused because of its content or a full buffer. */
  refuseSize(quota: SizeQuota): void {
    this.#refuse(quota);
  }

  #refuse(quota: Refusing, scope: string | null = null): false {
    this.#refusals.count(quota, scope);
    return false;
  }
}
