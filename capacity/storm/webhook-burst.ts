/** Webhooks from the provider through the gateway, the function that takes them in, if there is one, and the queue, to the batches of the function that empties it, and its pushes. */
import { MessageQueue } from './message-queue.ts';
import { Pollers } from './pollers.ts';
import type { WebhookResult, WebhookStorm } from './spec.ts';
import { spreadOf } from './spread.ts';
import { event, type World } from './world.ts';

export class WebhookBurst {
  #world: World;
  #storm: WebhookStorm;
  #queue: MessageQueue;
  #pollers: Pollers;
  #arrived = 0;
  #accepted = 0;
  #delivered = 0;
  #lost = 0;
  #retries = 0;
  #peakAgeMs = 0;
  #lastDeliveredAtMs = 0;
  /** In the order in which they were delivered. */
  #deliveryMs: Int32Array;

  constructor(world: World, storm: WebhookStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#deliveryMs = new Int32Array(storm.count);
    this.#queue = new MessageQueue(storm.count, world.spec.queue.maxReceiveCount);
    this.#pollers = new Pollers({
      world,
      queue: this.#queue,
      pushesPerWebhook: storm.pushesPerWebhook,
      onDelivered: (message) => this.#deliver(message),
    });
  }

  get queued(): number {
    return this.#queue.size;
  }

  get pollers(): number {
    return this.#pollers.count;
  }

  get done(): boolean {
    return this.#delivered + this.#lost + this.#queue.deadLettered === this.#storm.count;
  }

  /** What arrives in this millisecond, and the batches that can begin. */
  tick(): void {
    const { nowMs } = this.#world;
    const { count, overMs } = this.#storm;
    const due = overMs === 0 ? count : Math.min(count, Math.floor(((nowMs + 1) / overMs) * count));
    for (; this.#arrived < due; this.#arrived += 1) this.#arrive(0, nowMs);
    this.#pollers.tick();
    this.#peakAgeMs = Math.max(this.#peakAgeMs, this.#queue.ageMs(nowMs));
  }

  /** The first millisecond from one on, and before another, in which {@link tick} has something to do; that other one if there is none. */
  nextTick(fromMs: number, endMs: number): number {
    return this.#arrived < this.#storm.count ? fromMs : this.#pollers.nextTick(fromMs, endMs);
  }

  /** An event of the wheel that belongs to webhooks. */
  handle(kind: number, subject: number, detail: number): void {
    const { functions, nowMs } = this.#world;
    switch (kind) {
      case event.webhookRetry:
        this.#arrive(detail, subject);
        return;
      case event.ingested:
        functions.end('webhook', nowMs);
        this.#enqueue(subject);
        return;
      case event.visible:
        this.#queue.show(subject);
        return;
      case event.batchRetry:
        this.#pollers.invoke(subject);
        return;
      case event.batchDone:
        this.#pollers.done(subject);
        return;
    }
  }

  result(): WebhookResult {
    const { count } = this.#storm;
    const { deadLettered, deadLetteredWithoutRun, receives, peak } = this.#queue;
    return {
      count,
      delivered: this.#delivered,
      lost: this.#lost,
      deadLettered,
      deadLetteredWithoutRun,
      pending: count - this.#delivered - this.#lost - deadLettered,
      retries: this.#retries,
      accepted: this.#accepted,
      receives,
      downstream: this.#pollers.downstream,
      delivery: spreadOf(this.#deliveryMs.subarray(0, this.#delivered)),
      peakQueued: peak,
      peakAgeSeconds: this.#peakAgeMs / 1_000,
      drainedAtSeconds: this.done && this.#delivered > 0 ? this.#lastDeliveredAtMs / 1_000 : null,
    };
  }

  /** One attempt of the provider. */
  #arrive(retry: number, createdAtMs: number): void {
    const world = this.#world;
    const { providerRetries } = this.#storm;
    if (world.admitWebhook()) {
      if (world.spec.functions.webhook === null) {
        this.#enqueue(createdAtMs);
        return;
      }
      const ms = world.start('webhook');
      if (ms !== null) {
        world.after(ms, event.ingested, createdAtMs);
        return;
      }
    }
    const window = providerRetries[retry];
    if (window === undefined) {
      this.#lost += 1;
      return;
    }
    this.#retries += 1;
    const afterMs = window.fromMs + (window.toMs - window.fromMs) * world.random();
    world.at(Math.max(world.nowMs + 1, createdAtMs + Math.round(afterMs)), event.webhookRetry, createdAtMs, retry + 1);
  }

  #enqueue(createdAtMs: number): void {
    this.#accepted += 1;
    this.#queue.add(createdAtMs, this.#world.nowMs);
  }

  #deliver(message: number): void {
    const { nowMs } = this.#world;
    this.#deliveryMs[this.#delivered] = nowMs - this.#queue.createdAtMs(message);
    this.#delivered += 1;
    this.#lastDeliveredAtMs = nowMs;
  }
}
