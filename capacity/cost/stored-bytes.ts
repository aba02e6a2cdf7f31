/** What a stack's table holds, where the layout of its rows is known. */
import type { Load } from '../demand/load.ts';
import type { StackCode } from '../headroom/deployment.ts';

/** After its expiry a row is deleted within about two days (API reference of UpdateTimeToLive), and is charged until then. */
const deletionSeconds = 2 * 86_400;

/** Mean bytes in the table. `load` is the day's mean. */
export function storedBytes(load: Load, storage: NonNullable<StackCode['storage']>): number {
  const { eventTtlSeconds, bytesPerEvent, bytesPerConnection, bytesPerSubscription } = storage;
  const events = load.webhookRatePerSecond * (eventTtlSeconds + deletionSeconds);
  const subscriptions = load.peakConnections * (load.fanOut?.subscriptionsPerConnection ?? 0);
  return events * bytesPerEvent + load.peakConnections * bytesPerConnection + subscriptions * bytesPerSubscription;
}
