/** What the reference stack's table holds, by the layout of its rows (handlers/adapters/dynamodb-*.ts). */
import type { Load } from '../demand/load.ts';
import { subscriberRowBytes } from '../demand/subscriptions.ts';
import type { Deployment } from '../headroom/quota.ts';

/** DynamoDB charges this for each item beside its names and values (developer guide, item sizes and formats, read 2026-11). */
const itemBytes = 100;
/** Ids of users and events: a UUID. An assumption. */
const idBytes = 36;
const connectionIdBytes = 16;
const keyNames = 'pk'.length + 'sk'.length;
/** A number takes a byte for two digits, and one more. */
const secondsBytes = 6;
const millisecondsBytes = 8;
const expiry = 'expiresAt'.length + secondsBytes;

/** A finished event: pk `E#<id>`, sk `E`, phase `done`, doneAt, expiresAt. */
const eventBytes =
  itemBytes +
  keyNames +
  'E#'.length +
  idBytes +
  'E'.length +
  'phase'.length +
  'done'.length +
  'doneAt'.length +
  millisecondsBytes +
  expiry;
/** A connection: pk `U#<user>`, sk `C#<id>`, listedAt, expiresAt. */
const connectionBytes =
  itemBytes +
  keyNames +
  'U#'.length +
  idBytes +
  'C#'.length +
  connectionIdBytes +
  'listedAt'.length +
  millisecondsBytes +
  expiry;
/** A subscription: its row, and its share of the set of its connection's channels, taken to be a set of one. */
const subscriptionBytes = 2 * (itemBytes + subscriberRowBytes);

/** Of an event, in the reference stack. */
const defaultEventTtlSeconds = 86_400;
/** After its expiry a row is deleted within about two days (API reference of UpdateTimeToLive), and is charged until then. */
const deletionSeconds = 2 * 86_400;

/** Mean bytes in the table. `load` is the day's mean. */
export function storedBytes(load: Load, { eventTtlSeconds = defaultEventTtlSeconds }: Deployment): number {
  const events = load.webhookRatePerSecond * (eventTtlSeconds + deletionSeconds);
  const subscriptions = load.peakConnections * (load.fanOut?.subscriptionsPerConnection ?? 0);
  return events * eventBytes + load.peakConnections * connectionBytes + subscriptions * subscriptionBytes;
}
