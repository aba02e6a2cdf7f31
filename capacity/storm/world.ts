/** What clients and webhooks of one storm share: time, quotas, functions, and the log of what was refused. */
import type { QuotaId } from '../../aws/quotas/table.ts';
import { type Random, seededRandom } from '../../aws/random.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import type { Role } from '../demand/coefficients.ts';
import { SimulatedFunctions } from './functions.ts';
import { LimitLog } from './limit-log.ts';
import type { StormSpec } from './spec.ts';
import { TimeWheel } from './time-wheel.ts';

/** Kinds of events on the wheel. */
export const event = {
  lost: 0,
  attempt: 1,
  authorized: 2,
  connected: 3,
  disconnected: 4,
  messageDone: 5,
  webhookRetry: 6,
  ingested: 7,
  batchDone: 8,
  connectFailed: 9,
} as const;

/**
 * How long the SDK in a handler keeps trying a throttled write before it gives up: three attempts of DynamoDB's client with some
 * hundred ms between them. An assumption.
 */
const sdkPatienceMs = 300;

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
    this.#table = new TokenBucket(quotas.dynamodbOnDemandWrite, 0);
  }

  /** A handshake passes the gateway's quotas, or one of them refuses it. */
  admitHandshake(): boolean {
    return this.#take(this.#newConnections, 'newConnections') && this.admitMessage();
  }

  admitMessage(): boolean {
    return this.#take(this.#webSocket, 'webSocketApiThrottle') && this.#take(this.#account, 'accountThrottle');
  }

  admitWebhook(): boolean {
    return this.#take(this.#webhook, 'httpApiThrottle') && this.#take(this.#account, 'accountThrottle');
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
  start(role: Role, meanMs?: number): number | null {
    const outcome = this.functions.invoke(role, this.nowMs, meanMs);
    if (typeof outcome === 'number') return outcome;
    this.limits.note(outcome, this.nowMs);
    return null;
  }

  /** Adds an event this many ms from now, at least 1. */
  after(ms: number, kind: number, subject: number, detail?: number): void {
    this.at(this.nowMs + Math.max(1, Math.round(ms)), kind, subject, detail);
  }

  /** Adds an event at a whole millisecond, now or later. */
  at(dueMs: number, kind: number, subject: number, detail?: number): void {
    this.wheel.add(this.nowMs, dueMs, kind, subject, detail);
  }

  #take(bucket: TokenBucket | null, limit: QuotaId): boolean {
    if (bucket === null || bucket.take(this.nowMs)) return true;
    this.limits.note(limit, this.nowMs);
    return false;
  }
}
