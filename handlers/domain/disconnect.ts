/** Clean-up after a connection has closed. */
import type { ConnectionStore } from './connection-store.ts';

/**
 * Removes the connection and its subscriptions, each even if the other fails. Safe to repeat or skip: rows expire, and a push to a closed
 * connection removes it. Returns how many subscriptions are left, for want of time.
 */
export async function disconnect(store: ConnectionStore, userId: string, connectionId: string): Promise<number> {
  const [unlisted, unsubscribed] = await Promise.allSettled([
    store.unlist({ kind: 'user', userId }, connectionId),
    store.unsubscribeAll(connectionId),
  ]);
  if (unlisted.status === 'rejected') throw unlisted.reason;
  if (unsubscribed.status === 'rejected') throw unsubscribed.reason;
  return unsubscribed.value;
}
