import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../../testing/in-memory-connection-store.ts';
import { instantPush, ScriptedPusher } from '../../testing/scripted-pusher.ts';
import type { Audience } from '../connection-store.ts';
import type { PushAttempt } from './push.ts';
import { doubtMs, handshakeLimitMs, pushToAudience } from './push-to-audience.ts';
import { Slots } from './slots.ts';

const ann: Audience = { kind: 'user', userId: 'ann' };
const gone: PushAttempt = { kind: 'gone' };

/** Ann's one tab c1, listed at 0 ms. */
async function setUp() {
  const clock = { ms: 0 };
  const store = new InMemoryConnectionStore({ ttlSeconds: 10_800, nowMs: () => clock.ms });
  await store.addConnection('ann', 'c1');
  const pusher = new ScriptedPusher();
  const dependencies = { store, nowMs: () => clock.ms, ...instantPush(pusher) };
  const push = async (audience = ann) => {
    const before = pusher.attempts;
    const reaches = await pushToAudience(audience, await store.recipientsOf(audience), 'frame', dependencies);
    return { kinds: reaches.map(({ kind }) => kind), attempts: pusher.attempts - before };
  };
  const listed = () => store.recipientsOf(ann);
  return { clock, store, pusher, push, listed, dependencies };
}

describe('a connection whose holder says that it is gone', () => {
  it('is removed at once, however new its listing is', async () => {
    const { pusher, push, listed } = await setUp();
    pusher.answer('c1', { kind: 'gone', isCertain: true });
    expect(await push()).toEqual({ kinds: ['gone'], attempts: 1 });
    expect(await listed()).toEqual([]);
  });
});

describe('a connection that answers 410', () => {
  it('is kept while its handshake may be under way', async () => {
    const { clock, pusher, push, listed } = await setUp();
    pusher.answer('c1', gone);
    for (clock.ms of [0, handshakeLimitMs - 1]) expect(await push()).toEqual({ kinds: ['opening'], attempts: 8 });
    expect(await listed()).toEqual([{ connectionId: 'c1', listedAtMs: 0, doubtedAtMs: null }]);
  });

  it('is reached if its handshake ends meanwhile', async () => {
    const { pusher, push } = await setUp();
    pusher.answer('c1', ...Array.from({ length: 7 }, () => gone), { kind: 'sent' });
    expect(await push()).toEqual({ kinds: ['sent'], attempts: 8 });
  });

  it('is gone at once if $disconnect has removed it meanwhile', async () => {
    const { store, pusher, dependencies } = await setUp();
    const recipients = await store.recipientsOf(ann);
    await store.unlist(ann, 'c1');
    pusher.answer('c1', gone);
    expect(await pushToAudience(ann, recipients, 'frame', dependencies)).toMatchObject([{ kind: 'gone' }]);
  });

  it('is doubted later, and removed only if it still does a minute after that', async () => {
    const { clock, pusher, push, listed } = await setUp();
    pusher.answer('c1', gone);
    clock.ms = handshakeLimitMs;
    expect(await push()).toEqual({ kinds: ['gone'], attempts: 5 });
    expect(await listed()).toEqual([{ connectionId: 'c1', listedAtMs: 0, doubtedAtMs: handshakeLimitMs }]);
    clock.ms += doubtMs - 1;
    expect(await push()).toEqual({ kinds: ['gone'], attempts: 1 });
    expect(await listed()).toHaveLength(1);
    clock.ms += 1;
    expect(await push()).toEqual({ kinds: ['gone'], attempts: 1 });
    expect(await listed()).toEqual([]);
  });

  it('is trusted again when a push reaches it', async () => {
    const { clock, pusher, push, listed } = await setUp();
    clock.ms = handshakeLimitMs;
    pusher.answer('c1', gone, gone, gone, gone, gone, { kind: 'sent' }, gone);
    await push();
    expect((await push()).kinds).toEqual(['sent']);
    expect(await listed()).toEqual([{ connectionId: 'c1', listedAtMs: 0, doubtedAtMs: null }]);
    clock.ms += doubtMs;
    await push();
    expect(await listed()).toHaveLength(1);
  });

  it('has no handshake under way if it is subscribed to a channel', async () => {
    const { store, pusher, push } = await setUp();
    const news: Audience = { kind: 'channel', channel: 'news' };
    await store.subscribe('c1', 'news', 100);
    pusher.answer('c1', gone);
    expect(await push(news)).toEqual({ kinds: ['gone'], attempts: 5 });
    expect(await store.recipientsOf(news)).toMatchObject([{ connectionId: 'c1', doubtedAtMs: 0 }]);
  });
});

describe('many recipients', () => {
  async function pushToMany(count: number, slots?: Slots) {
    const { store, dependencies } = await setUp();
    const running = { now: 0, most: 0, ids: [] as string[] };
    const pusher = {
      push: async (connectionId: string): Promise<PushAttempt> => {
        running.ids.push(connectionId);
        running.most = Math.max(running.most, ++running.now);
        await setImmediate();
        running.now--;
        return { kind: 'sent' };
      },
    };
    for (let index = 0; index < count; index++) await store.subscribe(`s${index}`, 'news', 100);
    const news: Audience = { kind: 'channel', channel: 'news' };
    const recipients = await store.recipientsOf(news);
    const reaches = await pushToAudience(news, recipients, 'frame', {
      ...dependencies,
      pusher,
      ...(slots && { slots }),
    });
    return { running, recipients: recipients.map(({ connectionId }) => connectionId), reaches };
  }

  it('64 at a time, each once', async () => {
    const { running, recipients, reaches } = await pushToMany(200);
    expect(running.most).toBe(64);
    expect(running.ids.toSorted()).toEqual(recipients);
    expect(reaches.map(({ connectionId }) => connectionId).toSorted()).toEqual(recipients);
    expect(reaches.every(({ kind }) => kind === 'sent')).toBe(true);
  });

  it('in random order if they do not fit at a time, so that the same ones are not always last', async () => {
    const { running, recipients } = await pushToMany(200);
    expect(running.ids).not.toEqual(recipients);
    expect((await pushToMany(64)).running.ids).toEqual((await pushToMany(64)).recipients);
  });

  it('no more than the slots that other frames leave', async () => {
    const slots = new Slots(10);
    const [one, two] = await Promise.all([pushToMany(100, slots), pushToMany(100, slots)]);
    expect((one?.running.most ?? 0) + (two?.running.most ?? 0)).toBeLessThanOrEqual(20);
    expect(one?.running.most).toBeLessThanOrEqual(10);
    expect([one, two].map((each) => each?.running.ids.length)).toEqual([100, 100]);
  });
});
