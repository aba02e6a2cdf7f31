import { expect, it } from 'vitest';
import { InMemoryConnectionStore } from '../testing/in-memory-connection-store.ts';
import { disconnect } from './disconnect.ts';

it('removes the connection and its subscriptions, and keeps the user’s other tab', async () => {
  const store = new InMemoryConnectionStore({ ttlSeconds: 100, nowMs: () => 0 });
  for (const connectionId of ['c1', 'c2']) {
    await store.addConnection('ann', connectionId);
    await store.subscribe(connectionId, 'news');
  }
  await disconnect(store, 'ann', 'c1');
  expect(await store.connectionsOf('ann')).toEqual(['c2']);
  expect(await store.subscribersOf('news')).toEqual(['c2']);
  await disconnect(store, 'ann', 'c1');
  expect(await store.connectionsOf('ann')).toEqual(['c2']);
});
