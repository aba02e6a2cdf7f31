/** Behaviour of every connection store. The unit tests run it on the in-memory one, the integration tests on those in DynamoDB and PostgreSQL. */
import { expect, it } from 'vitest';
import type { Audience, ConnectionStore } from '../domain/connection-store.ts';
import { disconnect } from '../domain/disconnect.ts';

interface StoreOptions {
  ttlSeconds: number;
  nowMs: () => number;
}

const many = 100;
const user = (userId: string): Audience => ({ kind: 'user', userId });
const channel = (name: string): Audience => ({ kind: 'channel', channel: name });

export function connectionStoreBehaviour(make: (options: StoreOptions) => ConnectionStore): void {
  const at = { ms: 1_790_000_000_000 };
  const store = make({ ttlSeconds: 100, nowMs: () => at.ms });
  const idsOf = async (audience: Audience, atMost?: number) =>
    (await store.recipientsOf(audience, atMost)).map(({ connectionId }) => connectionId).toSorted();

  it('finds the connections of a user, and only of that user, with the time at which each was listed', async () => {
    await store.addConnection('ann', 'c1=');
    at.ms += 1_000;
    await store.addConnection('ann', 'c2=');
    await store.addConnection('ann2', 'c3=');
    expect(await store.recipientsOf(user('ann'))).toEqual([
      { connectionId: 'c1=', listedAtMs: at.ms - 1_000, doubtedAtMs: null },
      { connectionId: 'c2=', listedAtMs: at.ms, doubtedAtMs: null },
    ]);
    expect(await idsOf(user('unknown'))).toEqual([]);
    expect(await store.isListed(user('ann'), 'c1=')).toBe(true);
    expect(await store.isListed(user('ann'), 'c3=')).toBe(false);
  });

  it('removes one connection and leaves the others; removing it again changes nothing', async () => {
    await store.addConnection('bob', 'c1=');
    await store.addConnection('bob', 'c2=');
    await store.unlist(user('bob'), 'c1=');
    await store.unlist(user('bob'), 'c1=');
    expect(await idsOf(user('bob'))).toEqual(['c2=']);
    expect(await store.isListed(user('bob'), 'c1=')).toBe(false);
  });

  it('notes a doubt about one connection, and takes it back', async () => {
    await store.addConnection('cat', 'c1=');
    await store.addConnection('cat', 'c2=');
    const listedAtMs = at.ms;
    at.ms += 60_000;
    await store.doubt(user('cat'), 'c1=');
    expect(await store.recipientsOf(user('cat'))).toEqual([
      { connectionId: 'c1=', listedAtMs, doubtedAtMs: at.ms },
      { connectionId: 'c2=', listedAtMs, doubtedAtMs: null },
    ]);
    await store.trust(user('cat'), 'c1=');
    expect((await store.recipientsOf(user('cat')))[0]).toEqual({ connectionId: 'c1=', listedAtMs, doubtedAtMs: null });
  });

  it('brings no connection back by doubt or trust', async () => {
    await store.doubt(user('dan'), 'c1=');
    await store.trust(user('dan'), 'c1=');
    await store.doubt(channel('dan'), 'c1=');
    expect(await idsOf(user('dan'))).toEqual([]);
    expect(await idsOf(channel('dan'))).toEqual([]);
  });

  it('finds the subscribers of a channel; subscribing twice counts once', async () => {
    await store.subscribe('s1=', 'news', many);
    await store.subscribe('s1=', 'news', many);
    await store.subscribe('s2=', 'news', many);
    await store.subscribe('s1=', 'other', many);
    expect(await idsOf(channel('news'))).toEqual(['s1=', 's2=']);
    expect((await store.recipientsOf(channel('news')))[0]).toMatchObject({ listedAtMs: null, doubtedAtMs: null });
    expect(await idsOf(channel('news'), 1)).toHaveLength(1);
    expect(await idsOf(channel('news'), 2)).toHaveLength(2);
    expect(await idsOf(channel('news'), 3)).toHaveLength(2);
  });

  it('subscribes a connection to no more channels than it may have', async () => {
    for (const name of ['a1', 'a2', 'a3']) expect(await store.subscribe('t1=', name, 3)).toBe('subscribed');
    expect(await store.subscribe('t1=', 'a4', 3)).toBe('tooMany');
    expect(await idsOf(channel('a4'))).toEqual([]);
    // One that it has already, another connection, and a place that is free again.
    expect(await store.subscribe('t1=', 'a2', 3)).toBe('subscribed');
    expect(await store.subscribe('t2=', 'a4', 3)).toBe('subscribed');
    await store.unlist(channel('a1'), 't1=');
    expect(await store.subscribe('t1=', 'a4', 3)).toBe('subscribed');
    expect(await store.subscribe('t1=', 'a1', 3)).toBe('tooMany');
  });

  it('holds the cap when many subscriptions come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => store.subscribe('r1=', `r${index}`, 7)));
    expect(answers.filter((answer) => answer === 'subscribed')).toHaveLength(7);
  });

  it('ends all subscriptions of a connection and no others', async () => {
    await store.subscribe('u1=', 'a', many);
    await store.subscribe('u1=', 'b', many);
    await store.subscribe('u2=', 'a', many);
    expect(await store.unsubscribeAll('u1=')).toBe(0);
    expect(await idsOf(channel('a'))).toEqual(['u2=']);
    expect(await idsOf(channel('b'))).toEqual([]);
    expect(await store.unsubscribeAll('u1=')).toBe(0);
  });

  it('ends one subscription', async () => {
    await store.subscribe('v1=', 'c', many);
    await store.subscribe('v1=', 'd', many);
    await store.unlist(channel('c'), 'v1=');
    expect(await idsOf(channel('c'))).toEqual([]);
    expect(await idsOf(channel('d'))).toEqual(['v1=']);
    expect(await store.unsubscribeAll('v1=')).toBe(0);
    expect(await idsOf(channel('d'))).toEqual([]);
  });

  it('finds every one of a large audience, in order: over 1 MB of rows', async () => {
    // 1,200 ids of 900 bytes.
    const ids = Array.from({ length: 1_200 }, (_, index) => `${String(index).padStart(4, '0')}${'x'.repeat(896)}`);
    await Promise.all(ids.map((id) => store.addConnection('large', id)));
    expect((await store.recipientsOf(user('large'))).map(({ connectionId }) => connectionId)).toEqual(ids);
  });

  it('a disconnect that comes late, or twice, or for a connection that never was, ends that connection and no other', async () => {
    await store.addConnection('fay', 'old=');
    await store.subscribe('old=', 'room', many);
    await store.addConnection('fay', 'new=');
    await store.subscribe('new=', 'room', many);
    for (const connectionId of ['old=', 'old=', 'never=']) expect(await disconnect(store, 'fay', connectionId)).toBe(0);
    expect(await idsOf(user('fay'))).toEqual(['new=']);
    expect(await idsOf(channel('room'))).toEqual(['new=']);
  });

  it('keeps what came at once apart: connects, subscriptions and disconnects of many connections of one user', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => `k${String(index).padStart(2, '0')}=`);
    await Promise.all(
      ids.map(async (id, index) => {
        await store.addConnection('gil', id);
        await Promise.all([store.subscribe(id, 'busy', many), store.subscribe(id, `own-${id}`, many)]);
        if (index % 3 === 0) await disconnect(store, 'gil', id);
      }),
    );
    const left = ids.filter((_, index) => index % 3 !== 0);
    expect(await idsOf(user('gil'))).toEqual(left);
    expect(await idsOf(channel('busy'))).toEqual(left);
  });

  it('omits expired entries, even if still stored', async () => {
    await store.addConnection('eve', 'c1=');
    await store.subscribe('c1=', 'late', many);
    at.ms += 99_999;
    expect(await idsOf(user('eve'))).toEqual(['c1=']);
    expect(await store.isListed(user('eve'), 'c1=')).toBe(true);
    at.ms += 1;
    expect(await idsOf(user('eve'))).toEqual([]);
    expect(await idsOf(channel('late'))).toEqual([]);
    expect(await store.isListed(user('eve'), 'c1=')).toBe(false);
  });
}
