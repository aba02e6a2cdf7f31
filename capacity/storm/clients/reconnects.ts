/**
 * Clients that have lost their connection, and reconnect through the gateway's quotas, the authorizer and $connect.
 *
 * Clients of one state are exchangeable: lost in the same millisecond, with the same number of attempts made, due in the same millisecond. They are one
 * cohort, which passes the quotas as a whole; those it lets through are simulated one by one, and the refused spread over their next delay.
 */
import { MilestoneLog } from '../milestones.ts';
import { Places } from '../places.ts';
import type { ReconnectResult, ReconnectStorm } from '../spec.ts';
import { spreadOf } from '../spread.ts';
import { event, type World } from '../world.ts';
import { type Due, Waits } from './waits.ts';

interface Handshake {
  lostAtMs: number;
  /** From 1. */
  attempt: number;
  startedAtMs: number;
}

export class Reconnects {
  attempts = 0;
  connected = 0;
  #world: World;
  #storm: ReconnectStorm;
  #waits: Waits;
  #due: Due;
  /** Those that the gateway has let in: as many as executions, at most. */
  #handshakes = new Places<Handshake>();
  #milestones: MilestoneLog;
  /** In the order in which they reconnected. */
  #recoveryMs: Int32Array;
  #lost = 0;
  #gaveUp = 0;
  #timedOut = 0;
  #disconnectsLost = 0;
  #messagesRefused = 0;
  #maxAttempts = 0;

  constructor(world: World, storm: ReconnectStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#milestones = new MilestoneLog(storm.count);
    this.#recoveryMs = new Int32Array(storm.count);
    this.#waits = new Waits(world, storm);
    this.#due = {
      attempt: (lostAtMs, attempt, size) => this.#attempt(lostAtMs, attempt, size),
      refused: (size, attempt) => {
        this.attempts += size;
        if (attempt > this.#maxAttempts) this.#maxAttempts = attempt;
        world.limits.note('newConnections', world.nowMs, size);
      },
      failed: (lostAtMs, attempt, size) => this.#failed(lostAtMs, attempt, size, world.nowMs + storm.networkMs),
    };
  }

  get done(): boolean {
    return this.connected + this.#gaveUp === this.#storm.count;
  }

  /** Losses, and attempts of clients that have waited for a while: they became due before the events of this millisecond. */
  tick(): void {
    const { nowMs } = this.#world;
    const { count, lostOverMs } = this.#storm;
    if (this.#lost < count) {
      const lost = lostOverMs === 0 ? count : Math.min(count, Math.ceil(((nowMs + 1) / lostOverMs) * count));
      this.#lose(lost - this.#lost);
      this.#lost = lost;
    }
    this.#waits.tick(this.#due);
  }

  /** The first millisecond from one on, and before another, in which {@link tick} has something to do; that other one if there is none. */
  nextTick(fromMs: number, endMs: number): number {
    return this.#lost < this.#storm.count ? fromMs : this.#waits.nextDue(fromMs, endMs);
  }

  /** An event of the wheel that is the clients' own. */
  handle(kind: number, place: number, attempt: number): void {
    const { functions, nowMs } = this.#world;
    switch (kind) {
      case event.attempt:
        this.#attempt(place, attempt, 1);
        return;
      case event.crowdAttempt:
        this.#attemptOfCrowd(place);
        return;
      case event.disconnected:
        functions.end('disconnect', nowMs);
        return;
      case event.messageDone:
        functions.end('message', nowMs);
        return;
      case event.authorized:
        this.#authorized(place);
        return;
      case event.connectFailed:
        functions.end('connect', nowMs);
        this.#handshakeFailed(place, nowMs + this.#storm.networkMs);
        return;
      case event.connected:
        this.#handshaken(place);
        return;
    }
  }

  result(): ReconnectResult {
    const { count } = this.#storm;
    const { newConnections } = this.#world.spec.quotas;
    return {
      count,
      reconnected: this.connected,
      gaveUp: this.#gaveUp,
      pending: count - this.connected - this.#gaveUp,
      attempts: this.attempts,
      timedOut: this.#timedOut,
      maxAttemptsOfAClient: Math.max(this.#maxAttempts, this.#waits.mostAttempts()),
      recovery: spreadOf(this.#recoveryMs.subarray(0, this.connected)),
      recoveredAtSeconds: this.#milestones.result(),
      floorSeconds: Math.max(0, (count - newConnections.burst) / newConnections.ratePerSecond),
      disconnectsLost: this.#disconnectsLost,
      messagesRefused: this.#messagesRefused,
    };
  }

  #lose(size: number): void {
    if (size === 0) return;
    const world = this.#world;
    const { perDisconnect } = world.spec.writeUnits;
    // API Gateway runs $disconnect once, when it can.
    this.#disconnectsLost += world.startEach('disconnect', size, (ms) =>
      world.after(ms + world.write(perDisconnect).waitMs, event.disconnected, 0),
    );
    this.#waits.schedule(world.nowMs, { lostAtMs: world.nowMs, attempt: 1, size });
  }

  #attemptOfCrowd(place: number): void {
    const { lostAtMs, attempt, size } = this.#waits.takeCrowd(place);
    this.#attempt(lostAtMs, attempt, size);
  }

  /** The n-th attempts of a cohort. */
  #attempt(lostAtMs: number, attempt: number, size: number): void {
    const world = this.#world;
    this.attempts += size;
    const passed = world.admitHandshakes(size);
    let refused = size - passed;
    if (passed > 0)
      refused += world.startEach('authorizer', passed, (ms) =>
        world.after(ms, event.authorized, this.#handshakes.open({ lostAtMs, attempt, startedAtMs: world.nowMs })),
      );
    if (refused > 0) this.#failed(lostAtMs, attempt, refused, world.nowMs + this.#storm.networkMs);
  }

  #authorized(place: number): void {
    const world = this.#world;
    world.functions.end('authorizer', world.nowMs);
    const ms = world.start('connect');
    if (ms === null) {
      this.#handshakeFailed(place, world.nowMs + this.#storm.networkMs);
      return;
    }
    // A write that the SDK gave up on: $connect throws, and the handshake is a 502.
    const { waitMs, failed } = world.write(world.spec.writeUnits.perConnect);
    world.after(ms + waitMs, failed ? event.connectFailed : event.connected, place);
  }

  #handshaken(place: number): void {
    const world = this.#world;
    world.functions.end('connect', world.nowMs);
    const atMs = world.nowMs + this.#storm.networkMs;
    const { lostAtMs, attempt, startedAtMs } = this.#handshakes.at(place);
    const gaveUpAtMs = startedAtMs + this.#storm.timeoutMs;
    if (atMs > gaveUpAtMs) {
      // The client left while the handshake was pending: the functions worked in vain.
      this.#timedOut += 1;
      this.#handshakeFailed(place, gaveUpAtMs);
      return;
    }
    this.#handshakes.close(place);
    this.#maxAttempts = Math.max(this.#maxAttempts, attempt);
    this.#recoveryMs[this.connected] = atMs - lostAtMs;
    this.connected += 1;
    this.#milestones.reached(this.connected, atMs);
    const { messagesAfterConnect } = this.#storm;
    const admitted = world.admitMessages(messagesAfterConnect);
    const throttled = world.startEach('message', admitted, (ms) => world.after(ms, event.messageDone, 0));
    this.#messagesRefused += messagesAfterConnect - admitted + throttled;
  }

  #handshakeFailed(place: number, knownAtMs: number): void {
    const { lostAtMs, attempt } = this.#handshakes.at(place);
    this.#handshakes.close(place);
    this.#failed(lostAtMs, attempt, 1, knownAtMs);
  }

  /** The n-th attempt of these clients has failed, and they know at that time. */
  #failed(lostAtMs: number, attempt: number, size: number, knownAtMs: number): void {
    if (attempt > this.#maxAttempts) this.#maxAttempts = attempt;
    if (attempt >= this.#storm.backOff.maxAttempts) this.#gaveUp += size;
    else this.#waits.schedule(knownAtMs, { lostAtMs, attempt: attempt + 1, size });
  }
}
