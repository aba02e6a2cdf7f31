/**
 * Clients that have lost their connection, and reconnect through the gateway's quotas, the authorizer and $connect.
 *
 * Clients of one state are exchangeable: lost in the same millisecond, with the same number of attempts made, due in the same millisecond. They are one
 * cohort, which passes the quotas as a whole; those it lets through are simulated one by one, and the refused spread over their next delay.
 */
import { delayRange } from '../../aws/back-off.ts';
import { binomial } from './binomial.ts';
import { MilestoneLog } from './milestones.ts';
import { Places } from './places.ts';
import type { ReconnectResult, ReconnectStorm } from './spec.ts';
import { spreadOf } from './spread.ts';
import { shortestWaitMs, WaitingRoom } from './waiting-room.ts';
import { event, type World } from './world.ts';

/** A cohort of at least this many clients for each millisecond that it spreads over is divided among them by binomial draws; a smaller one by a draw a client. */
const clientsPerSlot = 2;

/**
 * From here on a cohort waits in the waiting room; for less it is an event among the others, in the order in which they were added. In a
 * millisecond, whoever became due first has the first tokens and executions: that decides who is refused where executions are short.
 */
const longWaitMs = 4 * shortestWaitMs;

interface Handshake {
  lostAtMs: number;
  /** From 1. */
  attempt: number;
  startedAtMs: number;
}

interface Crowd {
  lostAtMs: number;
  attempt: number;
  size: number;
}

export class Reconnects {
  attempts = 0;
  connected = 0;
  #world: World;
  #storm: ReconnectStorm;
  #horizonMs: number;
  #waiting = new WaitingRoom();
  /** Those that the gateway has let in: as many as executions, at most. */
  #handshakes = new Places<Handshake>();
  #crowds = new Places<Crowd>();
  #milestones: MilestoneLog;
  /** In the order in which they reconnected. */
  #recoveryMs: Int32Array;
  #lost = 0;
  #gaveUp = 0;
  #timedOut = 0;
  #disconnectsLost = 0;
  #messagesRefused = 0;
  #maxAttempts = 0;
  /** Delays before attempt n, by n − 1: the least, and how much more at most, in ms. The last is that of all later attempts. */
  #leastMs: Float64Array;
  #spansMs: Float64Array;

  constructor(world: World, storm: ReconnectStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#horizonMs = world.spec.horizonSeconds * 1_000;
    this.#milestones = new MilestoneLog(storm.count);
    this.#recoveryMs = new Int32Array(storm.count);
    const ranges = Array.from({ length: 32 }, (_, attempt) => delayRange(storm.backOff, attempt));
    this.#leastMs = Float64Array.from(ranges, ({ fromMs }) => fromMs);
    this.#spansMs = Float64Array.from(ranges, ({ spanMs }) => spanMs);
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
    const waiting = this.#waiting;
    waiting.begin(nowMs);
    while (waiting.next()) {
      if (this.#world.hasNoNewConnections) {
        this.#refuseWaiting();
        return;
      }
      this.#attempt(waiting.lostAtMs, waiting.attempt, waiting.size);
    }
  }

  /**
   * The cohort that was taken last and all that follow in this millisecond are refused for want of new connections: nearly all attempts of a large storm,
   * so this repeats {@link #failed} for one client, without what differs only from millisecond to millisecond.
   */
  #refuseWaiting(): void {
    const { nowMs, random, limits } = this.#world;
    const waiting = this.#waiting;
    const knownAtMs = nowMs + this.#storm.networkMs;
    const { maxAttempts } = this.#storm.backOff;
    const leastMs = this.#leastMs;
    const spansMs = this.#spansMs;
    const horizonMs = this.#horizonMs;
    const last = spansMs.length - 1;
    let refused = 0;
    let most = this.#maxAttempts;
    do {
      const { attempt, size } = waiting;
      refused += size;
      if (size > 1 || attempt >= maxAttempts) {
        this.#failed(waiting.lostAtMs, attempt, size, knownAtMs);
        continue;
      }
      if (attempt > most) most = attempt;
      const range = attempt < last ? attempt : last;
      const dueMs = Math.floor(knownAtMs + (leastMs[range] ?? 0) + (spansMs[range] ?? 0) * random() + 0.5);
      if (dueMs - nowMs < longWaitMs) this.#wait(Math.max(nowMs + 1, dueMs), waiting.lostAtMs, attempt + 1, 1);
      else if (dueMs < horizonMs) waiting.add(dueMs, waiting.lostAtMs, attempt + 1, 1);
    } while (waiting.next());
    this.#maxAttempts = Math.max(this.#maxAttempts, most);
    this.attempts += refused;
    limits.note('newConnections', nowMs, refused);
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
      maxAttemptsOfAClient: this.#maxAttempts,
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
    this.#schedule(world.nowMs, world.nowMs, 1, size);
  }

  #attemptOfCrowd(place: number): void {
    const { lostAtMs, attempt, size } = this.#crowds.at(place);
    this.#crowds.close(place);
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
    else this.#schedule(knownAtMs, lostAtMs, attempt + 1, size);
  }

  /** The clients wait for their n-th attempt, from a time on. */
  #schedule(fromMs: number, lostAtMs: number, attempt: number, size: number): void {
    const range = Math.min(attempt, this.#spansMs.length) - 1;
    const spanMs = this.#spansMs[range] ?? 0;
    const startMs = fromMs + (this.#leastMs[range] ?? 0);
    const { random, nowMs } = this.#world;
    const earliestMs = attempt === 1 ? nowMs : nowMs + 1;
    if (spanMs === 0 || size >= clientsPerSlot * spanMs) {
      this.#divide({ startMs, spanMs, earliestMs }, lostAtMs, attempt, size);
      return;
    }
    for (let client = 0; client < size; client += 1)
      this.#wait(Math.max(earliestMs, Math.floor(startMs + spanMs * random() + 0.5)), lostAtMs, attempt, 1);
  }

  /** Divides a cohort among whole milliseconds: each takes its binomial share of those that are left. The first and last have half a millisecond. */
  #divide(
    { startMs, spanMs, earliestMs }: { startMs: number; spanMs: number; earliestMs: number },
    lostAtMs: number,
    attempt: number,
    size: number,
  ): void {
    const endMs = startMs + spanMs;
    let left = size;
    for (let slot = Math.round(startMs); left > 0; slot += 1) {
      const from = Math.max(startMs, slot - 0.5);
      const share = slot + 0.5 >= endMs ? 1 : (slot + 0.5 - from) / (endMs - from);
      const here = binomial(left, share, this.#world.random);
      if (here > 0) this.#wait(Math.max(earliestMs, slot), lostAtMs, attempt, here);
      left -= here;
    }
  }

  #wait(dueMs: number, lostAtMs: number, attempt: number, size: number): void {
    const world = this.#world;
    // Whoever waits beyond the end is pending then.
    if (dueMs >= this.#horizonMs) return;
    if (dueMs - world.nowMs >= longWaitMs) this.#waiting.add(dueMs, lostAtMs, attempt, size);
    else if (size === 1) world.at(dueMs, event.attempt, lostAtMs, attempt);
    else world.at(dueMs, event.crowdAttempt, this.#crowds.open({ lostAtMs, attempt, size }));
  }
}
