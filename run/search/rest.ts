/** Between the trials of a search, on a target that keeps running: what one load left in the queue must not be counted against the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueDepth } from '../../metrics/queues.ts';
import type { Say } from '../load/progress.ts';

export interface RestOptions {
  depth: () => Promise<QueueDepth>;
  say: Say;
  signal: AbortSignal;
  /** Milliseconds; default: real time. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

const pollSeconds = 2;
/** A backlog that takes longer to work off is an outage, not a rest. */
const mostSeconds = 900;
/** Messages in flight are being worked on, or wait out a visibility timeout of minutes after a failure: the next run's ledger allows for these. */
const mostSecondsInFlight = 10;

/**
 * Waits until the queue is empty, at most 15 minutes, and 10 s for messages that are in flight alone. Announces what it waits for, and what remains.
 * Rejects with the signal's reason when that aborts, and with what `depth` rejects with.
 */
export async function restUntilEmpty({ depth, say, signal, wait = realWait }: RestOptions): Promise<void> {
  let inFlightSeconds = 0;
  let announced = false;
  for (let seconds = 0; ; seconds += pollSeconds) {
    signal.throwIfAborted();
    const { visible, notVisible, delayed } = await depth();
    const waiting = visible + delayed;
    if (waiting + notVisible === 0) return;
    if (seconds >= mostSeconds || inFlightSeconds >= mostSecondsInFlight) {
      say(
        `${waiting + notVisible} messages of the last trial are still in the queue after ${seconds} s: starting the next trial anyway.`,
      );
      return;
    }
    if (!announced) say(`Waiting until ${waiting + notVisible} messages of the last load have left the queue …`);
    announced = true;
    inFlightSeconds = waiting === 0 ? inFlightSeconds + pollSeconds : 0;
    await wait(pollSeconds * 1_000, signal);
  }
}

const realWait = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal });
