import type { FleetPhase } from '../../records.ts';
import type { Connections } from '../connections/connections.ts';
import type { KeepAlive } from '../connections/keep-alive.ts';
import type { Reconnects } from '../connections/reconnects.ts';
import type { FanOut } from '../fan-out/fan-out.ts';
import type { Messages } from '../messages/messages.ts';
import type { Polling } from '../polling/polling.ts';
import type { Clock } from '../schedule/clock.ts';
import {
  churnSchedule,
  connectSchedule,
  messageSchedule,
  publishSchedule,
  webhookSchedule,
} from '../schedule/load-schedules.ts';
import type { Task } from '../schedule/loop.ts';
import type { PacedTask } from '../schedule/paced-task.ts';
import { countedSchedule, microsPerSecond } from '../schedule/pacer.ts';
import type { Ledger } from '../webhooks/ledger.ts';
import type { Poster } from '../webhooks/poster.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { closeGraceSeconds, closeRateFactor, type FleetLoad } from './fleet-spec.ts';

/** How often to check for the end of a phase. */
const phaseCheckMicros = 20_000;
/** The same while the phase is known not to have ended: in a crew of thousands of members that is almost always. */
const steadyCheckMicros = 100_000;

interface FleetParts {
  connections: Connections;
  reconnects: Reconnects;
  messages: Messages;
  ledger: Ledger;
  keepAlive: KeepAlive;
  fanOut: FanOut | null;
  polling: Polling | null;
  poster: Poster | null;
  webhooks: Webhooks | null;
}

interface FleetTasks {
  connecting: PacedTask;
  messaging: PacedTask;
  posting: PacedTask;
  publishing: PacedTask;
  churning: PacedTask;
  closing: PacedTask;
}

/** A timeout is noticed within a second, and what was sent last was sent late by the load generator's own delays. */
const timeoutGraceSeconds = 2;

/** The longest wait between two polls, in intervals (core/polling/polling.ts). */
const longestPollShare = 1.5;

/**
 * How long the drain lasts at most. One that is not shorter than the timeout is to give everything an outcome, also what was sent in the last moment of the steady state: it lasts until that
 * has timed out, and every tab that polls has polled once more. A shorter one ends when it says.
 */
function longestDrainSeconds({ drainSeconds, timeoutSeconds, pollSeconds }: FleetLoad, polls: boolean): number {
  if (drainSeconds < timeoutSeconds) return drainSeconds;
  const ofPolls = polls ? longestPollShare * pollSeconds : 0;
  return Math.max(drainSeconds, Math.max(timeoutSeconds, ofPolls) + timeoutGraceSeconds);
}

/** connecting → steady → draining → closing → done: which phase the fleet is in, and what starts with each. */
export class FleetPhases implements Task {
  readonly #clock: Clock;
  readonly #load: FleetLoad;
  readonly #parts: FleetParts;
  readonly #tasks: FleetTasks;
  readonly #onCompleted: () => void;
  #phase: FleetPhase = 'connecting';
  #sinceMicros = 0;
  #nextCheckMicros = Number.POSITIVE_INFINITY;
  #hasDropped = false;

  constructor(options: {
    clock: Clock;
    load: FleetLoad;
    parts: FleetParts;
    tasks: FleetTasks;
    onCompleted: () => void;
  }) {
    this.#clock = options.clock;
    this.#load = options.load;
    this.#parts = options.parts;
    this.#tasks = options.tasks;
    this.#onCompleted = options.onCompleted;
  }

  get phase(): FleetPhase {
    return this.#phase;
  }

  /** Everything that the loop has to run. */
  get tasks(): Task[] {
    const { reconnects, keepAlive, webhooks, polling } = this.#parts;
    const optional = [webhooks, polling].filter((part) => part !== null);
    return [...Object.values(this.#tasks), reconnects, keepAlive, ...optional, this];
  }

  begin(nowMicros: number): void {
    this.#tasks.connecting.begin(connectSchedule(this.#load), nowMicros);
    this.#enter('connecting', nowMicros);
  }

  nextDueMicros(): number {
    return this.#nextCheckMicros;
  }

  run(): void {
    const now = this.#clock.nowMicros();
    this.#nextCheckMicros = this.#checkAfter(now);
    switch (this.#phase) {
      case 'connecting':
        if (this.#isConnected) this.#beginSteady(now);
        return;
      case 'steady':
        this.#dropWhenDue(now);
        // Arrivals that are late are still sent: the steady state lasts until the last of them.
        if (now - this.#sinceMicros >= this.#load.steadySeconds * microsPerSecond && this.#isSent)
          this.#enter('draining', now);
        return;
      case 'draining':
        if (this.#isSettled || now - this.#sinceMicros >= this.#longestDrainMicros) this.#beginClosing(now);
        return;
      case 'closing': {
        const { openCount, closingCount, connectingCount } = this.#parts.connections;
        const underWay = openCount + connectingCount;
        if (openCount > 0) this.#sinceMicros = now;
        // A pending connect opened after the others had been asked to close.
        if (openCount > 0 && this.#tasks.closing.exhausted) this.#beginClosing(now);
        if (underWay + closingCount === 0 || now - this.#sinceMicros > closeGraceSeconds * microsPerSecond) {
          this.#phase = 'done';
          this.#onCompleted();
        }
        return;
      }
      case 'done':
    }
  }

  get #longestDrainMicros(): number {
    return longestDrainSeconds(this.#load, this.#parts.polling !== null) * microsPerSecond;
  }

  get #isConnected(): boolean {
    const { connections, reconnects, fanOut } = this.#parts;
    const connecting = connections.connectingCount + reconnects.waitingForFirst + (fanOut?.subscribing ?? 0);
    return this.#tasks.connecting.exhausted && connecting === 0;
  }

  get #isSent(): boolean {
    const { messaging, posting, publishing, churning } = this.#tasks;
    return messaging.exhausted && posting.exhausted && publishing.exhausted && churning.exhausted;
  }

  get #isSettled(): boolean {
    const { connections, messages, poster, webhooks, ledger, fanOut } = this.#parts;
    const posts = (poster?.underWay ?? 0) + (webhooks?.waiting ?? 0);
    const isQuiet = !ledger.hasPushesUnderWay && !fanOut?.hasUnderWay && !connections.hasChurnUnderWay;
    return messages.outstanding + posts === 0 && isQuiet;
  }

  #beginSteady(now: number): void {
    this.#enter('steady', now);
    this.#parts.polling?.steadyBegan(now);
    this.#tasks.messaging.begin(messageSchedule(this.#load), now);
    this.#tasks.posting.begin(webhookSchedule(this.#load), now);
    this.#tasks.publishing.begin(publishSchedule(this.#load), now);
    this.#tasks.churning.begin(churnSchedule(this.#load), now);
  }

  #dropWhenDue(now: number): void {
    const { dropAllAtSeconds } = this.#load;
    if (dropAllAtSeconds === null || this.#hasDropped) return;
    if (now - this.#sinceMicros < dropAllAtSeconds * microsPerSecond) return;
    this.#hasDropped = true;
    this.#parts.connections.dropAll(now);
  }

  #beginClosing(now: number): void {
    this.#enter('closing', now);
    this.#parts.ledger.closing(now);
    this.#parts.fanOut?.closing(now);
    this.#parts.reconnects.stop(now);
    this.#parts.connections.stopChurn();
    this.#parts.webhooks?.stop();
    this.#parts.keepAlive.stop();
    this.#parts.polling?.stop();
    const { openCount } = this.#parts.connections;
    if (openCount > 0)
      this.#tasks.closing.begin(countedSchedule(openCount, this.#load.connectRatePerSecond * closeRateFactor), now);
  }

  #enter(phase: FleetPhase, now: number): void {
    this.#phase = phase;
    this.#sinceMicros = now;
    this.#nextCheckMicros = this.#checkAfter(now);
  }

  #checkAfter(now: number): number {
    if (this.#phase !== 'steady') return now + phaseCheckMicros;
    const { steadySeconds, dropAllAtSeconds } = this.#load;
    const drops = this.#hasDropped ? null : dropAllAtSeconds;
    const next = this.#sinceMicros + Math.min(steadySeconds, drops ?? steadySeconds) * microsPerSecond;
    return next > now ? Math.min(next, now + steadyCheckMicros) : now + phaseCheckMicros;
  }
}
