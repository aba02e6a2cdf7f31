import { expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { disconnect } from './disconnect.ts';

async function twoTabs() {
  const store = new InMemoryConnectionStore({ ttlSeconds: 100, nowMs: () => 0 });
  for (const connectionId of ['c1', 'c2']) {
    await store.addConnection('ann', connectionId);
    await store.subscribe(connectionId, 'news', 100);
  }
  const listed = async () => ({
    ann: (await store.recipientsOf({ kind: 'user', userId: 'ann' })).map(({ connectionId }) => connectionId),
    news: (await store.recipientsOf({ kind: 'channel', channel: 'news' })).map(({ connectionId }) => connectionId),
  });
  return { store, listed };
}

it('removes the connection and its subscriptions, and keeps the user’s other tab', async () => {
  const { store, listed } = await twoTabs();
  expect(await disconnect(store, 'ann', 'c1')).toBe(0);
  expect(await listed()).toEqual({ ann: ['c2'], news: ['c2'] });
  await disconnect(store, 'ann', 'c1');
  expect(await listed()).toEqual({ ann: ['c2'], news: ['c2'] });
});

it('removes one even if the other cannot be removed, and says so', async () => {
  const { store, listed } = await twoTabs();
  store.unlist = () => Promise.reject(new Error('The table is unavailable.'));
  store.unsubscribeAll = async () => 7;
  await expect(disconnect(store, 'ann', 'c1')).rejects.toThrow('The table is unavailable.');
  const second = await twoTabs();
  second.store.unsubscribeAll = () => Promise.reject(new Error('No channels.'));
  await expect(disconnect(second.store, 'ann', 'c1')).rejects.toThrow('No channels.');
  expect((await second.listed()).ann).toEqual(['c2']);
  expect((await listed()).ann).toEqual(['c1', 'c2']);
});

it('says how many subscriptions are left', async () => {
  const { store } = await twoTabs();
  store.unsubscribeAll = async () => 7;
  expect(await disconnect(store, 'ann', 'c1')).toBe(7);
});
