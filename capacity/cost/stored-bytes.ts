/** What a stack's table holds, where the layout of its rows is known. */
import type { Load } from '../demand/load.ts';
import type { StackCode } from '../headroom/deployment.ts';

/** After its expiry a row is deleted within about two days (API reference of UpdateTimeToLive), and is charged until then. */
const deletionSeconds = 2 * 86_400;

/** Mean bytes in the table. `load` is the day's mean. */
export function storedBytes(load: Load, { storage, fallback }: Pick<StackCode, 'storage' | 'fallback'>): number {
  if (storage === null) return 0;
  const { eventTtlSeconds, bytesPerEvent, bytesPerConnection, bytesPerSubscription } = storage;
  const events = load.webhookRatePerSecond * (eventTtlSeconds + deletionSeconds);
  const recent = fallback
    ? load.webhookRatePerSecond * (fallback.recentSeconds + deletionSeconds) * fallback.bytesPerRecentEvent
    : 0;
  const subscriptions = load.peakConnections * (load.fanOut?.subscriptionsPerConnection ?? 0);
  return (
    recent + events * bytesPerEvent + load.peakConnections * bytesPerConnection + subscriptions * bytesPerSubscription
  );
}
