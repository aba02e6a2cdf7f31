/** Behaviour of every connection store. The unit tests run it on the in-memory one, the integration tests on the one in DynamoDB. */
import { expect, it } from 'vitest';
import type { ConnectionStore } from '../domain/connection-store.ts';

interface StoreOptions {
  ttlSeconds: number;
  nowMs: () => number;
}

export function connectionStoreBehaviour(make: (options: StoreOptions) => ConnectionStore): void {
  const at = { ms: 1_790_000_000_000 };
  const store = make({ ttlSeconds: 100, nowMs: () => at.ms });

  it('finds the connections of a user, and only of that user', async () => {
    await store.addConnection('ann', 'c1=');
    await store.addConnection('ann', 'c2=');
    await store.addConnection('ann2', 'c3=');
    expect((await store.connectionsOf('ann')).toSorted()).toEqual(['c1=', 'c2=']);
    expect(await store.connectionsOf('unknown')).toEqual([]);
  });

  it('removes one connection and leaves the others; removing it again changes nothing', async () => {
    await store.addConnection('bob', 'c1=');
    await store.addConnection('bob', 'c2=');
    await store.removeConnection('bob', 'c1=');
    await store.removeConnection('bob', 'c1=');
    expect(await store.connectionsOf('bob')).toEqual(['c2=']);
  });

  it('finds the subscribers of a channel; subscribing twice counts once', async () => {
    await store.subscribe('s1=', 'news');
    await store.subscribe('s1=', 'news');
    await store.subscribe('s2=', 'news');
    await store.subscribe('s1=', 'other');
    expect((await store.subscribersOf('news')).toSorted()).toEqual(['s1=', 's2=']);
    expect(await store.subscribersOf('news', 1)).toHaveLength(1);
    expect(await store.subscribersOf('news', 2)).toHaveLength(2);
    expect(await store.subscribersOf('news', 3)).toHaveLength(2);
  });

  it('ends all subscriptions of a connection and no others', async () => {
    await store.subscribe('u1=', 'a');
    await store.subscribe('u1=', 'b');
    await store.subscribe('u2=', 'a');
    await store.unsubscribeAll('u1=');
    expect(await store.subscribersOf('a')).toEqual(['u2=']);
    expect(await store.subscribersOf('b')).toEqual([]);
  });

  it('ends one subscription', async () => {
    await store.subscribe('v1=', 'c');
    await store.subscribe('v1=', 'd');
    await store.unsubscribe('v1=', 'c');
    expect(await store.subscribersOf('c')).toEqual([]);
    expect(await store.subscribersOf('d')).toEqual(['v1=']);
  });

  it('omits expired entries, even if still stored', async () => {
    await store.addConnection('eve', 'c1=');
    await store.subscribe('c1=', 'late');
    at.ms += 99_999;
    expect(await store.connectionsOf('eve')).toEqual(['c1=']);
    at.ms += 1;
    expect(await store.connectionsOf('eve')).toEqual([]);
    expect(await store.subscribersOf('late')).toEqual([]);
  });
}
