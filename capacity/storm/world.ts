/** What clients and webhooks of one storm share: time, quotas, functions, and the log of what was refused. */
import type { Role } from '../demand/coefficients.ts';
import { VirtualBucket } from './bucket.ts';
import { AccountPool, type LambdaRefusal, SimulatedFunction } from './functions.ts';
import { LimitLog } from './limit-log.ts';
import { type Random, seededRandom } from './random.ts';
import type { Limit, StormSpec } from './spec.ts';
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

const limitOf: Record<LambdaRefusal, Limit> = {
  concurrency: 'lambdaConcurrency',
  scaling: 'lambdaScaling',
  requestRate: 'lambdaRequestRate',
};

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
  readonly pool: AccountPool;
  readonly functions: Record<Role, SimulatedFunction>;
  nowMs = 0;
  #newConnections: VirtualBucket;
  #account: VirtualBucket;
  #webSocket: VirtualBucket | null;
  #webhook: VirtualBucket | null;
  #table: VirtualBucket;

  constructor(spec: StormSpec) {
    this.spec = spec;
    this.random = seededRandom(spec.seed);
    const { quotas, functions } = spec;
    this.pool = new AccountPool(quotas.lambda);
    const made = (role: Role) => new SimulatedFunction(functions[role], this.pool, this.random);
    this.functions = {
      authorize: made('authorize'),
      connect: made('connect'),
      disconnect: made('disconnect'),
      message: made('message'),
      ingest: made('ingest'),
      deliver: made('deliver'),
    };
    this.#newConnections = new VirtualBucket(quotas.newConnections);
    this.#account = new VirtualBucket(quotas.accountThrottle);
    this.#webSocket = quotas.webSocketThrottle && new VirtualBucket(quotas.webSocketThrottle);
    this.#webhook = quotas.webhookThrottle && new VirtualBucket(quotas.webhookThrottle);
    this.#table = new VirtualBucket(quotas.tableWrites);
  }

  /** A handshake passes the gateway's quotas, or one of them refuses it. */
  admitHandshake(): boolean {
    return this.#take(this.#newConnections, 'newConnections') && this.admitMessage();
  }

  admitMessage(): boolean {
    return this.#take(this.#webSocket, 'webSocketThrottle') && this.#take(this.#account, 'accountThrottle');
  }

  admitWebhook(): boolean {
    return this.#take(this.#webhook, 'webhookThrottle') && this.#take(this.#account, 'accountThrottle');
  }

  /** Extra ms that so many @connections calls wait for the account's throttle; their callers repeat what is refused. */
  pushWaitMs(calls: number): number {
    const owed = this.#account.borrow(this.nowMs, calls);
    if (owed > 0) this.limits.note('accountThrottle', this.nowMs, Math.ceil(Math.min(owed, calls)));
    return this.#account.refillMs(owed);
  }

  /** Extra ms that writes wait for the table, and whether the SDK has given up by then. */
  write(units: number): { waitMs: number; failed: boolean } {
    const owed = this.#table.borrow(this.nowMs, units);
    if (owed <= 0) return { waitMs: 0, failed: false };
    this.limits.note('tableWrites', this.nowMs);
    const waitMs = this.#table.refillMs(owed);
    if (waitMs <= sdkPatienceMs) return { waitMs, failed: false };
    this.#table.giveBack(units);
    return { waitMs: sdkPatienceMs, failed: true };
  }

  /** Extra ms that writes wait for the table when their caller repeats them until they are done. */
  patientWriteMs(units: number): number {
    const owed = this.#table.borrow(this.nowMs, units);
    if (owed > 0) this.limits.note('tableWrites', this.nowMs);
    return this.#table.refillMs(owed);
  }

  /** Starts an invocation: its duration in ms, or null when it is throttled. The caller ends it. */
  start(role: Role, meanMs?: number): number | null {
    const outcome = this.functions[role].invoke(this.nowMs, meanMs);
    if (typeof outcome === 'number') return outcome;
    this.limits.note(limitOf[outcome], this.nowMs);
    return null;
  }

  /** Adds an event so many ms from now, at least one. */
  after(ms: number, kind: number, subject: number, detail?: number): void {
    this.at(this.nowMs + Math.max(1, Math.round(ms)), kind, subject, detail);
  }

  /** Adds an event at a whole millisecond, now or later. */
  at(dueMs: number, kind: number, subject: number, detail?: number): void {
    this.wheel.add(this.nowMs, dueMs, kind, subject, detail);
  }

  #take(bucket: VirtualBucket | null, limit: Limit): boolean {
    if (bucket === null || bucket.take(this.nowMs)) return true;
    this.limits.note(limit, this.nowMs);
    return false;
  }
}
