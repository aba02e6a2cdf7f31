/** The pollers of the queue: long polls, batches, invocations of the function that empties it, retries of throttled ones, and the scaling of all that. */
import { longPollSeconds, PollerScaler, throttledPollerMs } from '../../aws/poller-scaling.ts';
import { Downstream } from './downstream.ts';
import { IdlePollers } from './idle-pollers.ts';
import type { MessageQueue } from './message-queue.ts';
import { Places } from './places.ts';
import type { DownstreamResult } from './spec.ts';
import { event, type World } from './world.ts';

/** What a poller has received and not yet finished. */
interface Batch {
  /** Those that succeed, or all of them until the invocation starts. */
  messages: readonly number[];
  failed: readonly number[];
  receivedAtMs: number;
  /** Before the next attempt to invoke, after a throttle. */
  pauseMs: number;
}

export interface PollerOptions {
  world: World;
  queue: MessageQueue;
  pushesPerWebhook: number;
  /** Called for every message that is delivered and deleted. */
  onDelivered: (message: number) => void;
}

export class Pollers {
  #options: PollerOptions;
  #scaler: PollerScaler;
  #downstream: Downstream | null;
  #polling = 0;
  #busy = 0;
  #idle = new IdlePollers();
  #batches = new Places<Batch>();

  constructor(options: PollerOptions) {
    const { spec, nowMs } = options.world;
    this.#options = options;
    this.#scaler = new PollerScaler(spec.quotas.poller, spec.queue.maximumConcurrency, nowMs);
    this.#downstream = spec.downstream && new Downstream(spec.downstream, nowMs);
  }

  get count(): number {
    return this.#polling;
  }

  get downstream(): DownstreamResult | null {
    return this.#downstream?.result() ?? null;
  }

  /** The batches that begin in this millisecond, and the long polls that end. */
  tick(): void {
    const { world, queue } = this.#options;
    const { nowMs } = world;
    this.#receive();
    if (nowMs % 1_000 === 0) {
      this.#scaler.tick(this.#polling > 0 && this.#busy >= this.#polling, nowMs);
      this.#startMissing();
      this.#receive();
      // Counted once a second: the queue waits, nothing is refused.
      if (queue.size > 0) world.limits.note('pollerMaxConcurrency', nowMs, 0);
    }
    while (nowMs - this.#idle.first >= longPollSeconds * 1_000) {
      this.#idle.shift();
      if (this.#scaler.foundNothing(this.#polling)) this.#polling -= 1;
      else this.#next();
    }
  }

  /** The first millisecond from one on, and before another, in which {@link tick} has something to do; that other one if there is none. */
  nextTick(fromMs: number, endMs: number): number {
    if (this.#options.queue.size > 0) return fromMs;
    const second = Math.ceil(fromMs / 1_000) * 1_000;
    return Math.min(endMs, second, Math.max(fromMs, this.#idle.first + longPollSeconds * 1_000));
  }

  /** Invokes the function with a batch; a throttled poller tries again until its messages are about to be visible to others. */
  invoke(place: number): void {
    const { world } = this.#options;
    const { spec, nowMs } = world;
    const batch = this.#batches.at(place);
    const ms = world.start('consumer', (spec.functions.consumer?.meanMs ?? 1) * batch.messages.length);
    if (ms !== null) {
      this.#run(place, ms);
      return;
    }
    this.#scaler.backOff(nowMs);
    if (nowMs - batch.receivedAtMs + batch.pauseMs >= spec.queue.visibilityTimeoutMs) {
      batch.failed = batch.messages;
      batch.messages = [];
      this.#end(place);
      return;
    }
    world.after(batch.pauseMs, event.batchRetry, place);
    batch.pauseMs = Math.min(throttledPollerMs.most, 2 * batch.pauseMs);
  }

  /** The invocation has ended. */
  done(place: number): void {
    const { world, onDelivered } = this.#options;
    const batch = this.#batches.at(place);
    world.functions.end('consumer', world.nowMs);
    if (batch.failed.length > 0 && !world.spec.queue.partialBatches) this.#scaler.backOff(world.nowMs);
    for (const message of batch.messages) onDelivered(message);
    this.#end(place);
  }

  /** Idle pollers take what is visible. */
  #receive(): void {
    const { world, queue } = this.#options;
    while (queue.size > 0 && this.#idle.length > 0) {
      const messages = queue.receive(world.spec.batchSize);
      // All that was visible went to the dead-letter queue.
      if (messages.length === 0) return;
      this.#idle.shift();
      this.#busy += 1;
      this.#scaler.foundMessages();
      this.#startMissing();
      const batch = { messages, failed: [], receivedAtMs: world.nowMs, pauseMs: throttledPollerMs.first };
      this.invoke(this.#batches.open(batch));
    }
  }

  #run(place: number, ms: number): void {
    const { world, queue, pushesPerWebhook } = this.#options;
    const batch = this.#batches.at(place);
    const { messages } = batch;
    queue.run(messages);
    const succeeded = this.#downstream?.call(messages.length, world.nowMs) ?? messages.length;
    const writesMs = world.patientWriteMs(messages.length * world.spec.writeUnits.perWebhook);
    const pushesMs = world.pushWaitMs(succeeded * pushesPerWebhook);
    if (succeeded < messages.length) {
      const deleted = world.spec.queue.partialBatches ? succeeded : 0;
      batch.failed = messages.slice(deleted);
      batch.messages = messages.slice(0, deleted);
    }
    world.after(ms + pushesMs + writesMs, event.batchDone, place);
  }

  /** What failed becomes visible again once its visibility timeout has passed, and the poller is free. */
  #end(place: number): void {
    const { world } = this.#options;
    const { failed, receivedAtMs } = this.#batches.at(place);
    const visibleAtMs = Math.max(world.nowMs + 1, receivedAtMs + world.spec.queue.visibilityTimeoutMs);
    for (const message of failed) world.at(visibleAtMs, event.visible, message);
    this.#batches.close(place);
    this.#busy -= 1;
    this.#next();
  }

  /** A poller without a batch polls again, or stops where fewer are allowed. */
  #next(): void {
    if (this.#polling > this.#scaler.allowed) this.#polling -= 1;
    else this.#idle.push(this.#options.world.nowMs);
  }

  #startMissing(): void {
    for (; this.#polling < this.#scaler.allowed; this.#polling += 1) this.#idle.push(this.#options.world.nowMs);
  }
}
