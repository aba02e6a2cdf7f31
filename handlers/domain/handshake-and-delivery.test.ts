/** A delivery and a handshake of the same user, interleaved at every step: no event is missed by a tab that was listed when it was read. */
import { expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { InMemoryEventClaims } from '../testing/in-memory-event-claims.ts';
import type { Audience, ConnectionStore } from './connection-store.ts';
import { deliverEvents } from './deliver-events.ts';
import type { EventClaims } from './event-claims.ts';
import type { PushAttempt } from './pushing/push.ts';
import { putOffSeconds } from './put-off.ts';

const ann: Audience = { kind: 'user', userId: 'ann' };
/** The queue's visibility timeout: when a failed message is received again. */
const visibilityMs = 181_000;
/** More than a delivery has: claim, list, eight pushes with seven waits, a second look, and the end. */
const steps = 24;

/** API Gateway: `$connect` lists the connection in its step `listAt`, and the socket opens in step `openAt`. */
function world(listAt: number, openAt: number) {
  const clock = { ms: 1_790_000_000_000 };
  const options = { ttlSeconds: 10_800, eventTtlSeconds: 86_400, leaseMs: 35_000, nowMs: () => clock.ms };
  const store = new InMemoryConnectionStore(options);
  const claims = new InMemoryEventClaims(options);
  const state = { step: 0, isOpen: false, wasListedWhenRead: false, canRelease: true };
  const received: string[] = [];

  /** One step of the delivery; the handshake has its own between any two of them. */
  async function step(): Promise<void> {
    if (state.step === listAt) await store.addConnection('ann', 'c1');
    if (state.step === openAt) state.isOpen = true;
    state.step++;
  }
  const stepping = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          await step();
          if (name === 'release' && !state.canRelease) throw new Error('The table is down.');
          if (name === 'recipientsOf') state.wasListedWhenRead = await store.isListed(ann, 'c1');
          return method.apply(target, given);
        };
      },
    });
  const pusher = {
    push: async (_connectionId: string, frame: string): Promise<PushAttempt> => {
      await step();
      if (!state.isOpen) return { kind: 'gone' };
      received.push(frame);
      return { kind: 'sent' };
    },
  };
  const deliver = async (eventId: string) => {
    let isPutOff = false;
    const messages = [{ messageId: `message of ${eventId}` }];
    const { failedMessageIds, counts } = await deliverEvents(messages, {
      open: () => ({ kind: 'event', event: { eventId, owner: 'ann', frame: eventId } }),
      store: stepping<ConnectionStore>(store),
      claims: stepping<EventClaims>(claims),
      pusher,
      sleepMs: async (milliseconds) => {
        clock.ms += milliseconds;
        await step();
      },
      random: () => 0.5,
      nowMs: () => clock.ms,
      budget: { leftMs: () => 24_000, signal: new AbortController().signal },
      minStartMs: 2_000,
      putOff: async () => {
        isPutOff = true;
        return [];
      },
    });
    return { isInQueue: failedMessageIds.length > 0, isPutOff, counts };
  };
  return { clock, state, store, received, deliver };
}

const orders = Array.from({ length: steps + 1 }, (_, listAt) =>
  Array.from({ length: steps + 1 - listAt }, (_, more) => ({ listAt, openAt: listAt + more })),
).flat();

it(`misses nothing, in ${orders.length} orders`, async () => {
  const seen = { reachedAtOnce: 0, reachedLater: 0, offline: 0 };
  for (const { listAt, openAt } of orders) {
    const { clock, state, store, received, deliver } = world(listAt, openAt);
    const first = await deliver('e1');
    const { wasListedWhenRead } = state;
    // The handshake ends after the delivery at the latest.
    if (!(await store.isListed(ann, 'c1'))) await store.addConnection('ann', 'c1');
    state.isOpen = true;
    clock.ms += visibilityMs;
    if (first.isInQueue) expect((await deliver('e1')).isInQueue).toBe(false);

    const order = `listed in step ${listAt}, open in step ${openAt}`;
    expect(received, order).toEqual(wasListedWhenRead ? ['e1'] : []);
    expect(first.counts.EventsOffline, order).toBe(wasListedWhenRead ? 0 : 1);
    // And the tab is not deaf.
    expect((await deliver('e2')).counts.EventsDelivered, order).toBe(1);
    seen[!wasListedWhenRead ? 'offline' : first.isInQueue ? 'reachedLater' : 'reachedAtOnce']++;
  }
  // Each way occurs, or the test would show nothing.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
});

/** Receives the message as the queue would until it is no longer in it. Returns its receipts, what the first and the last one counted, and how long that took. */
async function receiveAll({ clock, deliver }: ReturnType<typeof world>, random: () => number) {
  const beganMs = clock.ms;
  const all: Awaited<ReturnType<typeof deliver>>['counts'][] = [];
  for (let receipts = 1; ; receipts++) {
    const { isInQueue, isPutOff, counts } = await deliver('e1');
    all.push(counts);
    if (!isInQueue) return { receipts, first: all[0], last: counts, seconds: (clock.ms - beganMs) / 1_000 };
    const seconds = isPutOff ? putOffSeconds(receipts, random) : null;
    clock.ms += seconds === null ? visibilityMs : seconds * 1_000;
  }
}

it.each([0, 0.999])(
  'a handshake that failed after it was listed costs three more receipts within a minute and a half, and the owner is offline (random: %d)',
  async (random) => {
    const failed = world(0, Number.POSITIVE_INFINITY);
    const { clock, store, received, deliver } = failed;
    const { receipts, first, last, seconds } = await receiveAll(failed, () => random);
    expect(first).toMatchObject({ EventsDeferred: 1, EventsFailed: 0 });
    expect(receipts).toBeLessThanOrEqual(4);
    expect(seconds).toBeLessThan(90);
    expect(last).toMatchObject({ EventsOffline: 1, EventsFailed: 0, PushesGone: 1 });
    clock.ms += 60_000;
    expect((await deliver('e2')).counts).toMatchObject({ EventsOffline: 1, PushesGone: 1 });
    expect(await store.recipientsOf(ann)).toEqual([]);
    expect(received).toEqual([]);
  },
);

it('a handshake that takes longer than the pushes is waited for by seconds, not by the visibility timeout', async () => {
  const slow = world(0, steps);
  const first = await slow.deliver('e1');
  expect(first).toMatchObject({ isInQueue: true, isPutOff: true });
  slow.state.isOpen = true;
  slow.clock.ms += (putOffSeconds(1, () => 0.999) ?? 0) * 1_000;
  expect(await slow.deliver('e1')).toMatchObject({ isInQueue: false, counts: { EventsDelivered: 1 } });
  expect(slow.received).toEqual(['e1']);
});

it('is not put off while its claim could not be given back: a receipt before the lease ends would fail', async () => {
  const { state, deliver } = world(0, Number.POSITIVE_INFINITY);
  state.canRelease = false;
  expect(await deliver('e1')).toMatchObject({ isInQueue: true, isPutOff: false, counts: { EventsDeferred: 1 } });
});
