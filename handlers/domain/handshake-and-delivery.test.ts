/** A delivery and a handshake of the same user, interleaved at every step: no event is missed by a tab that was listed when it was read. */
import { expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { InMemoryEventClaims } from '../testing/in-memory-event-claims.ts';
import type { Audience, ConnectionStore } from './connection-store.ts';
import { deliverEvents } from './deliver-events.ts';
import type { EventClaims } from './event-claims.ts';
import type { PushAttempt } from './pushing/push.ts';

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
  const state = { step: 0, isOpen: false, wasListedWhenRead: false };
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
    });
    return { isInQueue: failedMessageIds.length > 0, counts };
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

it('a handshake that failed after it was listed costs one more receipt, and the owner is offline', async () => {
  const { clock, store, received, deliver } = world(0, Number.POSITIVE_INFINITY);
  expect(await deliver('e1')).toMatchObject({ isInQueue: true, counts: { EventsDeferred: 1, EventsFailed: 0 } });
  clock.ms += visibilityMs;
  expect((await deliver('e1')).counts).toMatchObject({ EventsOffline: 1, EventsFailed: 0, PushesGone: 1 });
  clock.ms += 60_000;
  expect((await deliver('e2')).counts).toMatchObject({ EventsOffline: 1, PushesGone: 1 });
  expect(await store.recipientsOf(ann)).toEqual([]);
  expect(received).toEqual([]);
});
