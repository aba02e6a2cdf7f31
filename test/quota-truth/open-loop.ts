/** Requests at a constant rate from an absolute schedule: a slow answer never delays the next request. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';

export type Outcome = 'accepted' | 'refused';

/** A request that could not be sent when it was due: the machine is too slow, which says nothing about the target. */
export class NotOnTime extends Error {}

/** One request; times in ms since the first was due. */
export interface Attempt {
  dueAtMs: number;
  sentAtMs: number;
  doneAtMs: number;
  outcome: Outcome;
}

export interface Offer {
  ratePerSecond: number;
  seconds: number;
  /** Sends the request of this number; rejects only if it is neither accepted nor refused, which ends the offer. */
  send: (index: number) => Promise<Outcome>;
  nowMs: () => number;
}

/** Settles once everything is answered. */
export async function offer({ ratePerSecond, seconds, send, nowMs }: Offer): Promise<Attempt[]> {
  const startMs = nowMs();
  const count = Math.round(ratePerSecond * seconds);
  const pending: Promise<Attempt>[] = [];
  const attempt = async (index: number): Promise<Attempt> => {
    const sentAtMs = nowMs() - startMs;
    const outcome = await send(index);
    return { dueAtMs: (index / ratePerSecond) * 1_000, sentAtMs, doneAtMs: nowMs() - startMs, outcome };
  };
  for (let index = 0; index < count; index++) {
    const dueMs = startMs + (index / ratePerSecond) * 1_000;
    // A timer is late by a millisecond or more: the final wait spins the event loop.
    for (let leftMs = dueMs - nowMs(); leftMs > 0; leftMs = dueMs - nowMs()) {
      await (leftMs > 3 ? sleep(leftMs - 2) : turn());
    }
    const sent = attempt(index);
    // Awaited below; until then it must not count as unhandled.
    sent.catch(() => undefined);
    pending.push(sent);
  }
  return await Promise.all(pending);
}
