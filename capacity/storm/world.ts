/** What clients and webhooks of one storm share: time, quotas, functions, and the log of what was refused. */
import type { QuotaId } from '../../aws/quotas/table.ts';
import { type Random, seededRandom } from '../../aws/random.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { type FunctionPart, SimulatedFunctions } from './functions.ts';
import { LimitLog } from './limit-log.ts';
import { RouteBuckets } from './route-buckets.ts';
import type { StormSpec } from './spec.ts';
import { TimeWheel } from './time-wheel.ts';

/** Kinds of events on the wheel: those of clients, then those of webhooks. */
export const event = {
  /** Where each client has an event of its own. */
  lost: 0,
  attempt: 1,
  crowdAttempt: 2,
  authorized: 3,
  connected: 4,
  connectFailed: 5,
  disconnected: 6,
  messageDone: 7,
  webhookRetry: 8,
  ingested: 9,
  visible: 10,
  batchRetry: 11,
  batchDone: 12,
} as const;
export const firstWebhookEvent = event.webhookRetry;

/**
 * How long the SDK in a handler keeps trying a throttled write before it gives up: three attempts of DynamoDB's client with some
 * hundred ms between them. An assumption.
 */
const sdkPatienceMs = 300;

type Bucket = Pick<TokenBucket, 'takeSome'>;

export class World {
  readonly spec: StormSpec;
  readonly wheel = new TimeWheel();
  readonly random: Random;
  readonly limits = new LimitLog();
  readonly functions: SimulatedFunctions;
  nowMs = 0;
  #newConnections: TokenBucket;
  #account: TokenBucket;
  #webSocket: TokenBucket | null;
  #webhook: TokenBucket | null;
  #routes: { connect: TokenBucket | null; messages: RouteBuckets; webhooks: RouteBuckets } | null;
  #table: TokenBucket;

  constructor(spec: StormSpec) {
    this.spec = spec;
    this.random = seededRandom(spec.seed);
    const { quotas, functions } = spec;
    this.functions = new SimulatedFunctions(functions, quotas.lambda, this.random);
    this.#newConnections = new TokenBucket(quotas.newConnections, 0);
    this.#account = new TokenBucket(quotas.accountThrottle, 0);
    this.#webSocket = quotas.webSocketApiThrottle && new TokenBucket(quotas.webSocketApiThrottle, 0);
    this.#webhook = quotas.httpApiThrottle && new TokenBucket(quotas.httpApiThrottle, 0);
    this.#routes = quotas.routes
      ? {
          connect: quotas.routes.connect && new TokenBucket(quotas.routes.connect, 0),
          messages: new RouteBuckets(quotas.routes.messages, this.random),
          webhooks: new RouteBuckets(quotas.routes.webhooks, this.random),
        }
      : null;
    this.#table = new TokenBucket(quotas.dynamodbOnDemandWrite, 0);
  }

  /** Whether every handshake of this millisecond that is still to come is refused for want of new connections. */
  get hasNoNewConnections(): boolean {
    return !this.#newConnections.has(this.nowMs);
  }

  /** How many of this many handshakes pass the gateway's quotas; each refusal is noted for the quota that refuses. */
  admitHandshakes(count: number): number {
    const passed = this.#take(this.#newConnections, 'newConnections', count);
    return this.#request(this.#routes ? this.#routes.connect : this.#webSocket, 'webSocketApiThrottle', passed);
  }

  admitMessages(count: number): number {
    return this.#request(this.#routes?.messages ?? this.#webSocket, 'webSocketApiThrottle', count);
  }

  admitWebhook(): boolean {
    if (this.spec.quotas.webhooksPassBy) return true;
    return this.#request(this.#routes?.webhooks ?? this.#webhook, 'httpApiThrottle', 1) === 1;
  }

  /** Of an API: what its own throttle lets through, the account's may refuse. */
  #request(own: Bucket | null, limit: QuotaId, count: number): number {
    return this.#take(this.#account, 'accountThrottle', this.#take(own, limit, count));
  }

  /** How many of this many @connections calls the account's throttle lets through now. Their callers make the others again, so nothing counts as refused. */
  admitPushes(count: number): number {
    const passed = this.#account.takeSome(this.nowMs, count);
    if (passed < count) this.limits.note('accountThrottle', this.nowMs, 0);
    return passed;
  }

  /** Extra ms that this many @connections calls wait for the account's throttle; their callers retry refusals. */
  pushWaitMs(calls: number): number {
    this.#account.charge(this.nowMs, calls);
    const debt = -this.#account.available(this.nowMs);
    if (debt > 0) this.limits.note('accountThrottle', this.nowMs, Math.ceil(Math.min(debt, calls)));
    return this.#account.waitMs(this.nowMs, 0);
  }

  /** Extra ms that writes wait for the table, and whether the SDK has given up by then. */
  write(units: number): { waitMs: number; failed: boolean } {
    const waitMs = this.patientWriteMs(units);
    if (waitMs <= sdkPatienceMs) return { waitMs, failed: false };
    this.#table.charge(this.nowMs, -units);
    return { waitMs: sdkPatienceMs, failed: true };
  }

  /** Extra ms that writes wait for the table when their caller retries them until they succeed. */
  patientWriteMs(units: number): number {
    this.#table.charge(this.nowMs, units);
    const waitMs = this.#table.waitMs(this.nowMs, 0);
    if (waitMs > 0) this.limits.note('dynamodbOnDemandWrite', this.nowMs);
    return waitMs;
  }

  /** Starts an invocation: its duration in ms, or null when it is throttled. The caller ends it. */
  start(part: FunctionPart, meanMs?: number): number | null {
    const outcome = this.functions.invoke(part, this.nowMs, meanMs);
    if (typeof outcome === 'number') return outcome;
    this.limits.note(outcome, this.nowMs);
    return null;
  }

  /**
   * Starts this many invocations of one function, each with its duration in ms. Once one is throttled, so are all that follow in the same
   * millisecond, for the same reason. The caller ends them. @returns how many were throttled
   */
  startEach(part: FunctionPart, count: number, started: (ms: number) => void): number {
    for (let left = count; left > 0; left -= 1) {
      const outcome = this.functions.invoke(part, this.nowMs);
      if (typeof outcome === 'number') {
        started(outcome);
        continue;
      }
      this.functions.throttle(part, left - 1);
      this.limits.note(outcome, this.nowMs, left);
      return left;
    }
    return 0;
  }

  /** Adds an event this many ms from now, at least 1. */
  after(ms: number, kind: number, subject: number, detail?: number): void {
    this.at(this.nowMs + Math.max(1, Math.round(ms)), kind, subject, detail);
  }

  /** Adds an event at a whole millisecond, now or later. */
  at(dueMs: number, kind: number, subject: number, detail?: number): void {
    this.wheel.add(this.nowMs, dueMs, kind, subject, detail);
  }

  /** How many of `count` requests find a token. In one millisecond a bucket refuses all that follow one refusal. */
  #take(bucket: Bucket | null, limit: QuotaId, count: number): number {
    if (bucket === null || count === 0) return count;
    const passed = bucket.takeSome(this.nowMs, count);
    if (passed < count) this.limits.note(limit, this.nowMs, count - passed);
    return passed;
  }
}
