/** Where clients wait for their next attempt: a cohort for a while, as an event among the others, or only counted. */
import { delayRange } from '../../../aws/back-off.ts';
import { Places } from '../places.ts';
import type { ReconnectStorm } from '../spec.ts';
import { event, type World } from '../world.ts';
import { CappedClients } from './capped-clients.ts';
import { divide } from './divide.ts';
import { shortestWaitMs, WaitingRoom } from './waiting-room.ts';

/** A cohort of at least this many clients for each millisecond that it spreads over is divided among them by binomial draws; a smaller one by a draw a client. */
const clientsPerSlot = 2;

/**
 * From here on a cohort waits in the waiting room; for less it is an event among the others, in the order in which they were added. In a
 * millisecond, whoever became due first has the first tokens and executions: that decides who is refused where executions are short.
 */
const longWaitMs = 4 * shortestWaitMs;

/** From here on those whose back-off has reached its cap are only counted. */
const manyClients = 5_000;

/** Clients that were lost in the same millisecond, and make their n-th attempt, from 1. */
export interface Cohort {
  lostAtMs: number;
  attempt: number;
  size: number;
}

export class Waits {
  #world: World;
  #storm: ReconnectStorm;
  #horizonMs: number;
  #room = new WaitingRoom();
  /** Null: each carries how many attempts it has made, and when it was lost. */
  #capped: CappedClients | null;
  #crowds = new Places<Cohort>();
  /** Delays before attempt n, by n − 1: the least, and how much more at most, in ms. The last is that of all later attempts. */
  #leastMs: Float64Array;
  #spansMs: Float64Array;

  constructor(world: World, storm: ReconnectStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#horizonMs = world.spec.horizonSeconds * 1_000;
    const ranges = Array.from({ length: 32 }, (_, attempt) => delayRange(storm.backOff, attempt));
    this.#leastMs = Float64Array.from(ranges, ({ fromMs }) => fromMs);
    this.#spansMs = Float64Array.from(ranges, ({ spanMs }) => spanMs);
    this.#capped = cappedClientsOf(storm, ranges);
  }

  /**
   * Gives the cohorts that are due in this millisecond to `attempt`, as long as there are new connections; then to `refused`, all at once, those that have nothing
   * else to do than to wait again, and to `failed` the others. Call it for every millisecond in which there are any, in order of time.
   */
  tick({ attempt, refused, failed }: Due): void {
    const { nowMs } = this.#world;
    const room = this.#room;
    room.begin(nowMs);
    while (room.next()) {
      if (this.#world.hasNoNewConnections) {
        this.#refuseRoom(refused, failed);
        break;
      }
      attempt(room.lostAtMs, room.attempt, room.size);
    }
    const capped = this.#capped;
    const due = capped?.take(nowMs) ?? 0;
    if (capped === null || due === 0) return;
    if (!this.#world.hasNoNewConnections) {
      attempt(0, capped.attempt, due);
      return;
    }
    refused(due, capped.attempt);
    this.schedule(nowMs + this.#storm.networkMs, { lostAtMs: 0, attempt: capped.attempt + 1, size: due });
  }

  /** The first millisecond from one on, and before another, in which {@link tick} has something to do; that other one if there is none. */
  nextDue(fromMs: number, endMs: number): number {
    const next = this.#room.nextDue(fromMs, endMs);
    return this.#capped?.nextDue(fromMs, next) ?? next;
  }

  /** The crowd of an event. */
  takeCrowd(place: number): Cohort {
    const cohort = this.#crowds.at(place);
    this.#crowds.close(place);
    return cohort;
  }

  /** The most attempts of a client, of those that are only counted. */
  mostAttempts(): number {
    return this.#capped?.mostAttempts() ?? 0;
  }

  /** The clients wait for their n-th attempt, from a time on. */
  schedule(fromMs: number, { lostAtMs, attempt, size }: Cohort): void {
    const range = Math.min(attempt, this.#spansMs.length) - 1;
    const spanMs = this.#spansMs[range] ?? 0;
    const startMs = fromMs + (this.#leastMs[range] ?? 0);
    const { random, nowMs } = this.#world;
    const earliestMs = attempt === 1 ? nowMs : nowMs + 1;
    if (spanMs === 0 || size >= clientsPerSlot * spanMs) {
      divide(size, { startMs, spanMs, random }, (slotMs, here) =>
        this.#wait(Math.max(earliestMs, slotMs), lostAtMs, attempt, here),
      );
      return;
    }
    const capped = this.#capped;
    if (capped !== null && attempt > capped.attempt) {
      capped.spread(size, { startMs, spanMs, earliestMs, horizonMs: this.#horizonMs, random });
      return;
    }
    for (let client = 0; client < size; client += 1)
      this.#wait(Math.max(earliestMs, Math.floor(startMs + spanMs * random() + 0.5)), lostAtMs, attempt, 1);
  }

  /** The cohort that was taken last and all that follow in this millisecond: nearly all attempts of a storm of many. */
  #refuseRoom(refused: Due['refused'], failed: Due['failed']): void {
    const { nowMs, random } = this.#world;
    const room = this.#room;
    const knownAtMs = nowMs + this.#storm.networkMs;
    const { maxAttempts } = this.#storm.backOff;
    const leastMs = this.#leastMs;
    const spansMs = this.#spansMs;
    const last = spansMs.length - 1;
    const horizonMs = this.#horizonMs;
    const firstCapped = this.#capped?.attempt ?? Number.POSITIVE_INFINITY;
    let all = 0;
    let most = 0;
    do {
      const { attempt, size } = room;
      all += size;
      if (attempt > most) most = attempt;
      if (size > 1 || attempt >= maxAttempts) {
        failed(room.lostAtMs, attempt, size);
        continue;
      }
      const range = attempt < last ? attempt : last;
      const dueMs = Math.floor(knownAtMs + (leastMs[range] ?? 0) + (spansMs[range] ?? 0) * random() + 0.5);
      if (dueMs - nowMs < longWaitMs || attempt + 1 >= firstCapped)
        this.#wait(Math.max(nowMs + 1, dueMs), room.lostAtMs, attempt + 1, 1);
      else if (dueMs < horizonMs) room.add(dueMs, room.lostAtMs, attempt + 1, 1);
    } while (room.next());
    refused(all, most);
  }

  #wait(dueMs: number, lostAtMs: number, attempt: number, size: number): void {
    const world = this.#world;
    // Whoever waits beyond the end is pending then.
    if (dueMs >= this.#horizonMs) return;
    if (this.#capped !== null && attempt >= this.#capped.attempt) {
      if (attempt === this.#capped.attempt) this.#capped.join(dueMs, size);
      else this.#capped.again(dueMs, size);
    } else if (dueMs - world.nowMs >= longWaitMs) this.#room.add(dueMs, lostAtMs, attempt, size);
    else if (size === 1) world.at(dueMs, event.attempt, lostAtMs, attempt);
    else world.at(dueMs, event.crowdAttempt, this.#crowds.open({ lostAtMs, attempt, size }));
  }
}

/** What becomes of cohorts that are due. The attempt that they make is counted from 1. */
export interface Due {
  attempt: (lostAtMs: number, attempt: number, size: number) => void;
  /** For want of new connections: this many attempts, the highest of which was a client's n-th. */
  refused: (size: number, attempt: number) => void;
  /** Of those, the ones that are still to be told what comes next. */
  failed: (lostAtMs: number, attempt: number, size: number) => void;
}

/** Null: they are too few, or differ in more than the attempts that they have made. */
function cappedClientsOf(
  { count, lostOverMs, networkMs, backOff: { maxAttempts } }: ReconnectStorm,
  ranges: readonly { fromMs: number; spanMs: number }[],
): CappedClients | null {
  if (count < manyClients || lostOverMs > 1 || maxAttempts !== Number.POSITIVE_INFINITY) return null;
  const last = ranges.at(-1) ?? { fromMs: 0, spanMs: 0 };
  const lower = ranges.findLastIndex(({ fromMs, spanMs }) => fromMs !== last.fromMs || spanMs !== last.spanMs);
  // Attempt n, from 1, waits for the delay of range n - 1.
  return CappedClients.of({ attempt: lower + 2, longestMs: networkMs + last.fromMs + last.spanMs });
}
