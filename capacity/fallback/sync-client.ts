/** Pages with the client of docs/client.md: what they ask the stack over HTTP, whether they have a connection or poll. */

import type { UsagePlan } from '../demand/plan.ts';
import { stageAt } from '../projection/rollout.ts';

/** At the daily peak. */
export interface SyncLoad {
  /** Tabs that poll, because their users are online and not in the stage, or in a network that lets no WebSocket through. */
  outsideTabs: number;
  stageSeconds: number;
  pollSeconds: number;
}

/** Requests a second. */
export interface Asks {
  stageReads: number;
  /** Reads of events again and again, by who has no connection. */
  polls: number;
  /** Reads of events that are answered at once: one for each connection that opens, and for each tab that begins to poll. */
  firstReads: number;
}

/**
 * Of this many users who are in the stage of that month; undefined: the plan's pages have no such client. Outside of the stage people are online as within it, and those whose
 * network lets no WebSocket through as the others.
 */
export function syncLoadOf(plan: UsagePlan, months: number, users: number): SyncLoad | undefined {
  if (plan.syncClient === undefined) return undefined;
  const { blockedShare, stageSeconds, pollSeconds } = plan.syncClient;
  const share = stageAt(plan, months)?.share ?? 1;
  const outside = share > 0 ? users / share - users : 0;
  const polling = outside + users * blockedShare;
  return { outsideTabs: polling * plan.peakConcurrency * plan.tabsPerUser, stageSeconds, pollSeconds };
}

/** The plan of those who can be connected: in a network that lets no WebSocket through nobody opens a connection, sends, or is pushed to. */
export function connectable(plan: UsagePlan): UsagePlan {
  const { blockedShare = 0 } = plan.syncClient ?? {};
  if (blockedShare === 0) return plan;
  const share = 1 - blockedShare;
  return {
    ...plan,
    peakConcurrency: plan.peakConcurrency * share,
    ...(plan.loginShare !== undefined && { loginShare: plan.loginShare * share }),
  };
}

interface Online {
  peakConnections: number;
  sync: SyncLoad;
}

export const asksOf = (
  { peakConnections, sync: { outsideTabs, stageSeconds, pollSeconds } }: Online,
  connects: number,
): Asks => ({
  stageReads: (peakConnections + outsideTabs) / stageSeconds,
  polls: outsideTabs / pollSeconds,
  firstReads: connects,
});

/** Longer than any bucket lasts. */
const hour = 3_600;

/**
 * The stage is rolled back to nobody, or switched off. First all who had a connection notice, within one interval of their reads, and begin with a read of
 * events each: at its end at most N/s + N/p polls a second, s and p being the intervals. Then everybody polls.
 */
export function rollbackAsks({
  peakConnections,
  sync,
}: Online): { disconnects: number; asks: Asks; lastsSeconds: number }[] {
  const { outsideTabs, stageSeconds } = sync;
  const noticing = peakConnections / stageSeconds;
  const everybody = asksOf({ peakConnections: 0, sync: { ...sync, outsideTabs: peakConnections + outsideTabs } }, 0);
  return [
    {
      disconnects: noticing,
      asks: { ...everybody, firstReads: noticing },
      lastsSeconds: stageSeconds,
    },
    { disconnects: 0, asks: everybody, lastsSeconds: hour },
  ];
}
