/** Clean-up after a connection has closed. */
import type { ConnectionStore } from './connection-store.ts';

/** Removes the connection and its subscriptions. Safe to repeat or skip: rows expire, and a push to a closed connection removes it. */
export async function disconnect(store: ConnectionStore, userId: string, connectionId: string): Promise<void> {
  await Promise.all([store.removeConnection(userId, connectionId), store.unsubscribeAll(connectionId)]);
}
