/** What the largest user, channel and tenant ask of a single key of the table: a partition's limits hold for each key. */
import type { Load } from './load.ts';
import { subscriberReadUnits } from './subscriptions.ts';

/** Read units a second on the busiest key that the plan names; 0: it names none. */
export function keyReads(load: Load): number {
  const { largestUser, fanOut, webhookBurst, webhookRatePerSecond } = load;
  const burst = webhookBurst && webhookRatePerSecond > 0 ? webhookBurst.ratePerSecond / webhookRatePerSecond : 1;
  const ofUser = largestUser
    ? largestUser.webhookRatePerSecond * burst * subscriberReadUnits(largestUser.connections)
    : 0;
  const ofChannel = fanOut?.largest
    ? fanOut.largest.readsPerSecond * subscriberReadUnits(fanOut.largest.subscribers)
    : 0;
  return Math.max(ofUser, ofChannel, fanOut?.broadcast?.readUnits ?? 0);
}

/**
 * Write units a second on the busiest key: a row is put when a connection comes, and deleted when one goes. In a steady state as many go as come; in a
 * burst they only come.
 */
export function keyWrites(load: Load): number {
  const changes = Math.max(load.connectBurst?.ratePerSecond ?? 0, 2 * load.connectRatePerSecond);
  const rows = Math.max(load.largestUser?.connections ?? 0, load.fanOut?.largest?.subscribers ?? 0);
  return load.peakConnections > 0 ? (rows * changes) / load.peakConnections : 0;
}

/** A set of connection ids of 16 bytes, with the rest of an event's claim. */
const claimBaseBytes = 200;
const bytesPerConnection = 16 + 1;

export const claimBytes = (connections: number): number => claimBaseBytes + connections * bytesPerConnection;
