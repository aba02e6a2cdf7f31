/** Reconnects with an event for every attempt of every client: what the cohorts of reconnects.ts are compared with. */
import { delayRange } from '../../aws/back-off.ts';
import type { ReconnectResult, ReconnectStorm } from './spec.ts';
import { spreadOf } from './spread.ts';
import { event, type World } from './world.ts';

export class EventByEventReconnects {
  attempts = 0;
  connected = 0;
  #world: World;
  #storm: ReconnectStorm;
  #gaveUp = 0;
  #timedOut = 0;
  #disconnectsLost = 0;
  #messagesRefused = 0;
  #maxAttempts = 0;
  /** By client. An event carries how many attempts its client has made: a refused one, the usual case, touches nothing else. */
  #lostAtMs: Int32Array;
  #startedAtMs: Int32Array;
  /** In the order in which they reconnected. */
  #connectedAtMs: Int32Array;
  #recoveryMs: Int32Array;

  constructor(world: World, storm: ReconnectStorm) {
    this.#world = world;
    this.#storm = storm;
    const { count, lostOverMs } = storm;
    this.#lostAtMs = new Int32Array(count);
    this.#startedAtMs = new Int32Array(count);
    this.#connectedAtMs = new Int32Array(count);
    this.#recoveryMs = new Int32Array(count);
    for (let client = 0; client < count; client += 1) {
      const lostAtMs = Math.floor((client / count) * lostOverMs);
      this.#lostAtMs[client] = lostAtMs;
      world.at(lostAtMs, event.lost, client);
    }
  }

  /** Losses and attempts are events of the wheel. */
  tick(): void {}

  nextTick(_fromMs: number, endMs: number): number {
    return endMs;
  }

  handle(kind: number, client: number, n: number): void {
    const { functions, nowMs } = this.#world;
    switch (kind) {
      case event.lost:
        this.lost(client);
        return;
      case event.attempt:
        this.attempt(client, n);
        return;
      case event.authorized:
        this.authorized(client, n);
        return;
      case event.connected:
        this.handshaken(client, n);
        return;
      case event.connectFailed:
        this.connectFailed(client, n);
        return;
      case event.disconnected:
        functions.end('disconnect', nowMs);
        return;
      case event.messageDone:
        functions.end('message', nowMs);
        return;
    }
  }

  get done(): boolean {
    return this.connected + this.#gaveUp === this.#storm.count;
  }

  lost(client: number): void {
    const world = this.#world;
    // API Gateway runs $disconnect once, when it can.
    const ms = world.start('disconnect');
    if (ms === null) this.#disconnectsLost += 1;
    else world.after(ms + world.write(world.spec.writeUnits.perDisconnect).waitMs, event.disconnected, client);
    world.at(world.nowMs + this.#backOff(0), event.attempt, client, 1);
  }

  /** The n-th attempt of a client, from 1. */
  attempt(client: number, n: number): void {
    const { nowMs } = this.#world;
    this.attempts += 1;
    const ms = this.#world.admitHandshakes(1) === 1 ? this.#world.start('authorizer') : null;
    if (ms === null) {
      this.#failed(client, n, nowMs + this.#storm.networkMs);
      return;
    }
    this.#startedAtMs[client] = nowMs;
    this.#world.after(ms, event.authorized, client, n);
  }

  authorized(client: number, n: number): void {
    const world = this.#world;
    world.functions.end('authorizer', world.nowMs);
    const ms = world.start('connect');
    if (ms === null) {
      this.#failed(client, n, world.nowMs + this.#storm.networkMs);
      return;
    }
    // A write that the SDK gave up on: $connect throws, and the handshake is a 502.
    const { waitMs, failed } = world.write(world.spec.writeUnits.perConnect);
    world.after(ms + waitMs, failed ? event.connectFailed : event.connected, client, n);
  }

  connectFailed(client: number, n: number): void {
    this.#world.functions.end('connect', this.#world.nowMs);
    this.#failed(client, n, this.#world.nowMs + this.#storm.networkMs);
  }

  handshaken(client: number, n: number): void {
    this.#world.functions.end('connect', this.#world.nowMs);
    const atMs = this.#world.nowMs + this.#storm.networkMs;
    const gaveUpAtMs = (this.#startedAtMs[client] ?? 0) + this.#storm.timeoutMs;
    if (atMs > gaveUpAtMs) {
      // The client left while the handshake was pending: the functions worked in vain.
      this.#timedOut += 1;
      this.#failed(client, n, gaveUpAtMs);
      return;
    }
    this.#connectedAtMs[this.connected] = atMs;
    this.#recoveryMs[this.connected] = atMs - (this.#lostAtMs[client] ?? 0);
    this.#maxAttempts = Math.max(this.#maxAttempts, n);
    this.connected += 1;
    for (let i = 0; i < this.#storm.messagesAfterConnect; i += 1) {
      const ms = this.#world.admitMessages(1) === 1 ? this.#world.start('message') : null;
      if (ms === null) this.#messagesRefused += 1;
      else this.#world.after(ms, event.messageDone, client);
    }
  }

  result(): ReconnectResult {
    const { count } = this.#storm;
    const { newConnections } = this.#world.spec.quotas;
    const connectedAtMs = this.#connectedAtMs.subarray(0, this.connected).toSorted();
    const at = (share: number) => {
      const ms = connectedAtMs[Math.ceil(share * count) - 1];
      return ms === undefined ? null : ms / 1_000;
    };
    return {
      count,
      reconnected: this.connected,
      gaveUp: this.#gaveUp,
      pending: count - this.connected - this.#gaveUp,
      attempts: this.attempts,
      timedOut: this.#timedOut,
      maxAttemptsOfAClient: this.#maxAttempts,
      recovery: spreadOf(this.#recoveryMs.subarray(0, this.connected)),
      recoveredAtSeconds: { half: at(0.5), most: at(0.9), nearlyAll: at(0.99), all: at(1) },
      floorSeconds: Math.max(0, (count - newConnections.burst) / newConnections.ratePerSecond),
      disconnectsLost: this.#disconnectsLost,
      messagesRefused: this.#messagesRefused,
    };
  }

  /** The n-th attempt has failed, and the client knows at that time. */
  #failed(client: number, n: number, knownAtMs: number): void {
    this.#maxAttempts = Math.max(this.#maxAttempts, n);
    if (n >= this.#storm.backOff.maxAttempts) {
      this.#gaveUp += 1;
      return;
    }
    const againAtMs = knownAtMs + this.#backOff(n);
    this.#world.at(Math.max(againAtMs, this.#world.nowMs + 1), event.attempt, client, n + 1);
  }

  #backOff(attempts: number): number {
    const { fromMs, spanMs } = delayRange(this.#storm.backOff, attempts);
    return Math.round(spanMs === 0 ? fromMs : fromMs + spanMs * this.#world.random());
  }
}
