/** What subscriptions and publishes cost the reference stack, by its code path: no run separates them. */

/** DynamoDB bills a consistent read by 4 KB, rounded up; a query in pages of 1 MB, each by itself. */
const readUnitBytes = 4_096;
const queryPageBytes = 1_048_576;
/** Of a channel's name: `org-<ULID>.room-<ULID>`. An assumption; the protocol allows 128. */
const assumedChannelNameBytes = 62;
/**
 * A subscriber's row, by DynamoDB's rule (names and values): pk `CH#<name>`, sk `C#<connection id of 16>`, `expiresAt`, a number of 10 digits.
 */
export const subscriberRowBytes =
  'pk'.length + 'CH#'.length + assumedChannelNameBytes + 'sk'.length + 'C#'.length + 16 + 'expiresAt'.length + 6;
/**
 * `subscribe` puts the row, and adds the channel to the set of its connection: a unit each, up to about 14 such names in a set. The end of a
 * connection deletes each row, and the set once: 2 is right for connections with one channel, and too much for the others.
 */
export const writesPerSubscribe = 2;
export const writesPerUnsubscribe = 2;
/** One invocation pushes 64 at a time (handlers/domain/pushing/push-to-audience.ts). */
const pushesAtOnce = 64;
/** Mean duration of one @connections call. An assumption, as in the handler. */
const pushSeconds = 0.01;

/** Read units of one query for that many subscribers under one key. */
export function subscriberReadUnits(subscribers: number): number {
  const bytes = subscribers * subscriberRowBytes;
  const fullPages = Math.floor(bytes / queryPageBytes);
  const rest = Math.ceil((bytes - fullPages * queryPageBytes) / readUnitBytes);
  return Math.max(1, (fullPages * queryPageBytes) / readUnitBytes + rest);
}

/** How long one publish to that many subscribers takes, in one invocation. */
export const publishSeconds = (subscribers: number): number => Math.ceil(subscribers / pushesAtOnce) * pushSeconds;

/** Mean executions that such a rate of pushes keeps busy (Little's law, 64 pushes at a time). */
export const pushExecutions = (pushesPerSecond: number): number => (pushesPerSecond * pushSeconds) / pushesAtOnce;
