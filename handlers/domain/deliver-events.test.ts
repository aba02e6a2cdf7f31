import { describe, expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { InMemoryEventClaims } from '../testing/in-memory-event-claims.ts';
import { instantPush, ScriptedPusher } from '../testing/scripted-pusher.ts';
import type { ConnectionStore } from './connection-store.ts';
import { deliverEvents } from './deliver-events.ts';
import type { EventClaims } from './event-claims.ts';
import type { PushAttempt } from './pushing/push.ts';
import { doubtMs } from './pushing/push-to-audience.ts';
import { readQueuedEvent } from './queued-event.ts';
import type { OpenedWebhook } from './webhook-body.ts';

const leaseMs = 35_000;

interface Message {
  messageId: string;
  opened: OpenedWebhook;
}

const message = (messageId: string, eventId: string, owner = 'ann'): Message => ({
  messageId,
  opened: { kind: 'event', event: { eventId, owner, frame: `frame of ${eventId}` } },
});

/** A stack in memory, in which Ann has had two tabs open for a minute. Bob has none. */
async function setUp(
  parts: { claims?: (claims: EventClaims) => EventClaims; store?: (store: ConnectionStore) => ConnectionStore } = {},
) {
  const clock = { ms: 0 };
  const options = { ttlSeconds: 10_800, eventTtlSeconds: 86_400, leaseMs, nowMs: () => clock.ms };
  const claims: EventClaims = new InMemoryEventClaims(options);
  const store: ConnectionStore = new InMemoryConnectionStore(options);
  await store.addConnection('ann', 'a1');
  await store.addConnection('ann', 'a2');
  clock.ms = 60_000;
  const pusher = new ScriptedPusher();
  const connectionsOf = async (userId: string) =>
    (await store.recipientsOf({ kind: 'user', userId })).map(({ connectionId }) => connectionId);
  const putOff: string[][] = [];
  const deliver = (messages: readonly Message[], leftMs = 24_000) =>
    deliverEvents(messages, {
      open: ({ opened }) => opened,
      store: parts.store?.(store) ?? store,
      claims: parts.claims?.(claims) ?? claims,
      ...instantPush(pusher),
      nowMs: () => clock.ms,
      budget: { leftMs: () => leftMs, signal: new AbortController().signal },
      minStartMs: 2_000,
      putOff: async (records) => {
        putOff.push(records.map(({ messageId }) => messageId));
        return [];
      },
    });
  return { clock, claims, store, pusher, connectionsOf, deliver, putOff };
}

const none = {
  EventsDelivered: 0,
  EventsOffline: 0,
  EventsDuplicate: 0,
  EventsDeferred: 0,
  EventsFailed: 0,
  EventsRefused: 0,
  PushesSent: 0,
  PushesGone: 0,
  PushesThrottled: 0,
  SignaturesRejected: 0,
};

describe('deliverEvents', () => {
  it('pushes an event to every tab of its owner', async () => {
    const { pusher, deliver } = await setUp();
    expect(await deliver([message('m1', 'e1')])).toEqual({
      failedMessageIds: [],
      failures: [],
      counts: { ...none, EventsDelivered: 1, PushesSent: 2 },
    });
    expect(pusher.sent).toEqual([
      { connectionId: 'a1', frame: 'frame of e1' },
      { connectionId: 'a2', frame: 'frame of e1' },
    ]);
  });

  it('counts an event as offline if its owner has no connection, and does not push it later', async () => {
    const { store, pusher, deliver } = await setUp();
    expect((await deliver([message('m1', 'e1', 'bob')])).counts).toEqual({ ...none, EventsOffline: 1 });
    await store.addConnection('bob', 'b1');
    expect((await deliver([message('m2', 'e1', 'bob')])).counts).toEqual({ ...none, EventsDuplicate: 1 });
    expect(pusher.attempts).toBe(0);
  });

  it('counts connections that are gone; if all of them are, the owner is offline', async () => {
    const { pusher, deliver } = await setUp();
    pusher.answer('a1', { kind: 'gone' });
    expect((await deliver([message('m1', 'e1')])).counts).toEqual({
      ...none,
      EventsDelivered: 1,
      PushesSent: 1,
      PushesGone: 1,
    });
    pusher.answer('a2', { kind: 'gone' });
    expect((await deliver([message('m2', 'e2')])).counts).toEqual({ ...none, EventsOffline: 1, PushesGone: 2 });
  });

  it('removes a connection that is gone for a minute, and not one that 410s made seem so', async () => {
    const { clock, pusher, connectionsOf, deliver } = await setUp();
    pusher
      .answer('a1', { kind: 'gone' })
      .answer('a2', ...Array<PushAttempt>(4).fill({ kind: 'gone' }), { kind: 'sent' });
    expect((await deliver([message('m1', 'e1')])).counts).toMatchObject({ PushesSent: 1, PushesGone: 1 });
    expect(await connectionsOf('ann')).toEqual(['a1', 'a2']);
    clock.ms += doubtMs;
    await deliver([message('m2', 'e2')]);
    expect(await connectionsOf('ann')).toEqual(['a2']);
    expect(pusher.sent.map(({ connectionId }) => connectionId)).toEqual(['a2', 'a2']);
  });

  it('fails an event that a connection did not take, whatever else is under way', async () => {
    const { store, pusher, deliver } = await setUp();
    await store.addConnection('ann', 'a0');
    pusher.answer('a0', { kind: 'gone' }).answer('a2', { kind: 'throttled' });
    expect((await deliver([message('m1', 'e1')])).failures).toEqual([
      'Message m1: 2 of 3 pushes: A push was throttled on every attempt.',
    ]);
  });

  it('keeps the event of a tab whose handshake is under way, and delivers it when the message is received again', async () => {
    const { clock, store, pusher, deliver, putOff } = await setUp();
    await store.addConnection('ann', 'a3');
    pusher.answer('a3', { kind: 'gone' });
    expect(await deliver([message('m1', 'e1')])).toEqual({
      failedMessageIds: ['m1'],
      failures: ['Message m1: 1 of 3 pushes: The connection is not open yet.'],
      counts: { ...none, EventsDeferred: 1, PushesSent: 2 },
    });
    expect(putOff).toEqual([['m1']]);
    clock.ms += 8_000;
    pusher.answer('a3', { kind: 'sent' });
    expect((await deliver([message('m1', 'e1')])).counts).toEqual({ ...none, EventsDelivered: 1, PushesSent: 1 });
    expect(pusher.sent.map(({ connectionId }) => connectionId)).toEqual(['a1', 'a2', 'a3']);
  });

  it('pushes a replay once, whether it comes later or in the same batch', async () => {
    const { pusher, deliver } = await setUp();
    const first = await deliver([message('m1', 'e1'), message('m2', 'e1'), message('m3', 'e1')]);
    expect(first.counts).toEqual({ ...none, EventsDelivered: 1, EventsDuplicate: 2, PushesSent: 2 });
    expect(first.failedMessageIds).toEqual([]);
    expect((await deliver([message('m4', 'e1')])).counts).toEqual({ ...none, EventsDuplicate: 1 });
    expect(pusher.sent).toHaveLength(2);
  });

  it('succeeds after a 429, and counts it', async () => {
    const { pusher, deliver } = await setUp();
    pusher.answer('a1', { kind: 'throttled' }, { kind: 'throttled' }, { kind: 'sent' });
    expect((await deliver([message('m1', 'e1')])).counts).toEqual({
      ...none,
      EventsDelivered: 1,
      PushesSent: 2,
      PushesThrottled: 2,
    });
  });

  it('leaves an event in the queue if its pushes stay throttled, and pushes only the rest when it is redelivered', async () => {
    const { pusher, deliver } = await setUp();
    pusher.answer('a2', { kind: 'throttled' });
    const first = await deliver([message('m1', 'e1')]);
    expect(first.failedMessageIds).toEqual(['m1']);
    expect(first.counts).toEqual({ ...none, EventsFailed: 1, PushesSent: 1, PushesThrottled: 5 });

    pusher.answer('a2', { kind: 'sent' });
    const second = await deliver([message('m1', 'e1')]);
    expect(second.failedMessageIds).toEqual([]);
    expect(second.counts).toEqual({ ...none, EventsDelivered: 1, PushesSent: 1 });
    expect(pusher.sent.map(({ connectionId }) => connectionId)).toEqual(['a1', 'a2']);
  });

  it('remembers whom every earlier attempt has reached, and counts the event as delivered if there was anyone', async () => {
    const { pusher, deliver } = await setUp();
    pusher.answer('a2', { kind: 'throttled' });
    await deliver([message('m1', 'e1')]);
    await deliver([message('m1', 'e1')]);
    pusher.answer('a2', { kind: 'gone' });
    expect((await deliver([message('m1', 'e1')])).counts).toEqual({ ...none, EventsDelivered: 1, PushesGone: 1 });
    expect(pusher.sent.map(({ connectionId }) => connectionId)).toEqual(['a1']);
  });

  it('fails only the messages that failed', async () => {
    const { store, pusher, deliver } = await setUp();
    await store.addConnection('eve', 'e1');
    pusher.answer('e1', { kind: 'refused', reason: '@connections answered 413' });
    const result = await deliver([message('m1', 'e1'), message('m2', 'e2', 'eve'), message('m3', 'e3', 'bob')]);
    expect(result.failedMessageIds).toEqual(['m2']);
    expect(result.failures).toEqual(['Message m2: 1 of 1 pushes: @connections answered 413']);
    expect(result.counts).toEqual({ ...none, EventsDelivered: 1, EventsOffline: 1, EventsFailed: 1, PushesSent: 2 });
  });

  it('drops and counts a message with a wrong signature, and keeps an unreadable one and one that cannot be judged yet', async () => {
    const { deliver, putOff } = await setUp();
    const result = await deliver([
      { messageId: 'm1', opened: { kind: 'rejected' } },
      { messageId: 'm2', opened: { kind: 'malformed', reason: 'The body is not JSON.' } },
      { messageId: 'm3', opened: { kind: 'tooLarge' } },
      { messageId: 'm4', opened: readQueuedEvent('x') },
      { messageId: 'm5', opened: { kind: 'unverified' } },
    ]);
    expect(result.failedMessageIds).toEqual(['m2', 'm3', 'm4', 'm5']);
    expect(result.counts).toEqual({ ...none, SignaturesRejected: 1, EventsFailed: 3, EventsDeferred: 1 });
    expect(putOff).toEqual([['m5']]);
  });

  it('starts nothing when its time is nearly over', async () => {
    const { pusher, deliver } = await setUp();
    const result = await deliver([message('m1', 'e1')], 1_999);
    expect(result.failedMessageIds).toEqual(['m1']);
    expect(pusher.attempts).toBe(0);
    expect((await deliver([message('m1', 'e1')], 2_000)).counts.EventsDelivered).toBe(1);
  });

  describe('when an environment dies in the middle', () => {
    it('delivers the event when its message is redelivered, and a replay meanwhile does not replace it', async () => {
      const { clock, claims, deliver } = await setUp();
      await claims.claim('e1', 'm1');
      // Dead. A replay in another message is dropped, because m1 is still in the queue …
      expect((await deliver([message('m2', 'e1')])).counts).toEqual({ ...none, EventsDuplicate: 1 });
      // … and m1 itself, should SQS deliver it twice, is not deleted …
      expect((await deliver([message('m1', 'e1')])).failedMessageIds).toEqual(['m1']);
      // … until the lease has expired, well before the message is visible again.
      clock.ms += leaseMs;
      expect((await deliver([message('m1', 'e1')])).counts).toEqual({ ...none, EventsDelivered: 1, PushesSent: 2 });
    });
  });

  describe('when the table fails', () => {
    const failing = <Part extends object>(part: Part, method: keyof Part): Part =>
      new Proxy(part, {
        get: (target, name) => {
          if (name === method) return async () => Promise.reject(new Error(`no ${String(method)}`));
          const member = Reflect.get(target, name);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });

    it.each(['claim', 'complete', 'release'] as const)('keeps the message if it cannot %s', async (method) => {
      const { pusher, deliver } = await setUp({ claims: (claims) => failing(claims, method) });
      if (method === 'release') pusher.answer('a1', { kind: 'throttled' });
      const result = await deliver([message('m1', 'e1')]);
      expect(result.failedMessageIds).toEqual(['m1']);
      expect(result.counts.EventsFailed).toBe(1);
      expect(result.counts.EventsDelivered).toBe(0);
    });

    it('says so if it cannot be saved who has been reached', async () => {
      const { pusher, deliver } = await setUp({ claims: (claims) => failing(claims, 'release') });
      pusher.answer('a2', { kind: 'throttled' });
      expect((await deliver([message('m1', 'e1')])).failures).toEqual([
        'Message m1: 1 of 2 pushes: A push was throttled on every attempt. It could not be saved who has been reached: Error: no release',
      ]);
    });

    it('keeps the message if the owner cannot be looked up, and has released the event', async () => {
      const { claims, deliver } = await setUp({ store: (store) => failing(store, 'recipientsOf') });
      expect((await deliver([message('m1', 'e1')])).failedMessageIds).toEqual(['m1']);
      expect(await claims.claim('e1', 'm1')).toEqual({ kind: 'claimed', pushedTo: new Set() });
    });

    it('does not push twice because completing failed after the pushes', async () => {
      const down = { value: true };
      const { pusher, deliver } = await setUp({
        claims: (claims) => (down.value ? failing(claims, 'complete') : claims),
      });
      await deliver([message('m1', 'e1')]);
      down.value = false;
      expect((await deliver([message('m1', 'e1')])).counts).toEqual({ ...none, EventsDelivered: 1 });
      expect(pusher.sent).toHaveLength(2);
    });

    it('delivers even if the doubt about a connection cannot be noted', async () => {
      const { pusher, deliver } = await setUp({ store: (store) => failing(store, 'doubt') });
      pusher.answer('a1', { kind: 'gone' });
      expect((await deliver([message('m1', 'e1')])).counts).toMatchObject({ EventsDelivered: 1, EventsFailed: 0 });
    });
  });

  it('accounts for every message of a large batch exactly once', async () => {
    const { deliver } = await setUp();
    const messages = Array.from({ length: 1_000 }, (_, index) =>
      message(`m${index}`, `e${index % 900}`, index % 3 === 0 ? 'ann' : 'bob'),
    );
    const { counts, failedMessageIds } = await deliver(messages);
    expect(failedMessageIds).toEqual([]);
    // 900 events, of which the 300 divisible by three are Ann's; 100 messages repeat one.
    expect(counts).toEqual({
      ...none,
      EventsDelivered: 300,
      EventsOffline: 600,
      EventsDuplicate: 100,
      PushesSent: 600,
    });
  });
});
