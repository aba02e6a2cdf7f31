/** Webhooks through the gateway, the ingest function and the queue, to the batches of the deliver function and its pushes. */
import { longPollSeconds, PollerScaler, throttledPollerMs } from '../../aws/poller-scaling.ts';
import type { WebhookResult, WebhookStorm } from './spec.ts';
import { spreadOf } from './spread.ts';
import { event, type World } from './world.ts';

export class WebhookBurst {
  queued = 0;
  #world: World;
  #storm: WebhookStorm;
  #arrived = 0;
  #delivered = 0;
  #lost = 0;
  #retries = 0;
  #peakQueued = 0;
  #peakAgeMs = 0;
  #lastDeliveredAtMs = 0;
  #deliveryMs: Int32Array;
  /** The queue: first-in-first-out, each place used once. */
  #createdAtMs: Int32Array;
  #enqueuedAtMs: Int32Array;
  #head = 0;
  #running = 0;
  #scaler: PollerScaler;
  /** When a poller last had messages. */
  #foundAtMs = 0;
  #pauseMs = throttledPollerMs.first;
  #pausedUntilMs = 0;

  constructor(world: World, storm: WebhookStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#scaler = new PollerScaler(world.spec.quotas.poller, null, world.nowMs);
    this.#deliveryMs = new Int32Array(storm.count);
    this.#createdAtMs = new Int32Array(storm.count);
    this.#enqueuedAtMs = new Int32Array(storm.count);
  }

  get done(): boolean {
    return this.#delivered + this.#lost === this.#storm.count;
  }

  /** What arrives in this millisecond, and the batches that can begin. */
  tick(): void {
    const { nowMs } = this.#world;
    const { count, overMs } = this.#storm;
    const due = overMs === 0 ? count : Math.min(count, Math.floor(((nowMs + 1) / overMs) * count));
    for (; this.#arrived < due; this.#arrived += 1) this.arrive(0, nowMs);
    this.#poll();
  }

  /** One attempt of the provider. */
  arrive(retry: number, createdAtMs: number): void {
    const { nowMs } = this.#world;
    const { ingest, providerRetriesAfterMs } = this.#storm;
    if (this.#world.admitWebhook()) {
      if (ingest === 'direct') {
        this.#enqueue(createdAtMs);
        return;
      }
      const ms = this.#world.start('ingest');
      if (ms !== null) {
        this.#world.after(ms, event.ingested, createdAtMs);
        return;
      }
    }
    const afterMs = providerRetriesAfterMs[retry];
    if (afterMs === undefined) {
      this.#lost += 1;
      return;
    }
    this.#retries += 1;
    this.#world.at(Math.max(nowMs + 1, createdAtMs + afterMs), event.webhookRetry, createdAtMs, retry + 1);
  }

  ingested(createdAtMs: number): void {
    this.#world.functions.end('ingest', this.#world.nowMs);
    this.#enqueue(createdAtMs);
  }

  batchDone(webhooks: number): void {
    this.#world.functions.end('deliver', this.#world.nowMs);
    this.#running -= 1;
    this.#delivered += webhooks;
    this.#lastDeliveredAtMs = this.#world.nowMs;
  }

  result(): WebhookResult {
    const { count } = this.#storm;
    return {
      count,
      delivered: this.#delivered,
      lost: this.#lost,
      pending: count - this.#delivered - this.#lost,
      retries: this.#retries,
      delivery: spreadOf(this.#deliveryMs.subarray(0, this.#head)),
      peakQueued: this.#peakQueued,
      peakAgeSeconds: this.#peakAgeMs / 1_000,
      drainedAtSeconds: this.done ? this.#lastDeliveredAtMs / 1_000 : null,
    };
  }

  #enqueue(createdAtMs: number): void {
    const place = this.#head + this.queued;
    this.#createdAtMs[place] = createdAtMs;
    this.#enqueuedAtMs[place] = this.#world.nowMs;
    this.queued += 1;
    this.#peakQueued = Math.max(this.#peakQueued, this.queued);
  }

  #poll(): void {
    const { nowMs, spec } = this.#world;
    this.#scaler.tick(this.#running >= this.#scaler.allowed, nowMs);
    if (this.queued === 0) {
      this.#findNothing(nowMs);
      return;
    }
    this.#foundAtMs = nowMs;
    this.#scaler.foundMessages();
    this.#peakAgeMs = Math.max(this.#peakAgeMs, nowMs - (this.#enqueuedAtMs[this.#head] ?? nowMs));
    if (nowMs < this.#pausedUntilMs) return;
    while (this.queued > 0 && this.#running < this.#scaler.allowed) {
      if (!this.#startBatch(Math.min(spec.batchSize, this.queued))) {
        this.#scaler.backOff(nowMs);
        this.#pausedUntilMs = nowMs + this.#pauseMs;
        this.#pauseMs = Math.min(throttledPollerMs.most, 2 * this.#pauseMs);
        return;
      }
      this.#pauseMs = throttledPollerMs.first;
    }
    // Counted once a second: the queue waits, nothing is refused.
    if (this.queued > 0 && nowMs % 1_000 === 0) this.#world.limits.note('pollerMaxConcurrency', nowMs, 0);
  }

  /** The free pollers return from a long poll without messages. */
  #findNothing(nowMs: number): void {
    if (nowMs - this.#foundAtMs < longPollSeconds * 1_000) return;
    this.#foundAtMs = nowMs;
    for (let free = this.#scaler.allowed - this.#running; free > 0; free -= 1)
      if (!this.#scaler.foundNothing(this.#running + free)) return;
  }

  #startBatch(webhooks: number): boolean {
    const world = this.#world;
    const { spec, nowMs } = world;
    const ms = world.start('deliver', spec.functions.deliver.meanMs * webhooks);
    if (ms === null) return false;
    const pushesMs = world.pushWaitMs(webhooks * this.#storm.pushesPerWebhook);
    const durationMs = Math.round(ms + pushesMs + world.patientWriteMs(webhooks * spec.writeUnits.perWebhook));
    world.after(durationMs, event.batchDone, webhooks);
    this.#running += 1;
    const end = this.#head + webhooks;
    for (; this.#head < end; this.#head += 1) {
      this.#deliveryMs[this.#head] = nowMs + durationMs - (this.#createdAtMs[this.#head] ?? nowMs);
    }
    this.queued -= webhooks;
    return true;
  }
}
