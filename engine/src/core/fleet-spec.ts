/** What a fleet is told: plain values, so that they travel to its thread. */

/** The load in absolute numbers. Shares are 0 to 1. The same fields as the workload of run.json. */
export interface FleetLoad {
  connections: number;
  tabsPerUser: number;
  connectRatePerSecond: number;
  steadySeconds: number;
  drainSeconds: number;
  messageRatePerSecond: number;
  messageBytes: number;
  webhookRatePerSecond: number;
  webhookBytes: number;
  /** A window of the steady state in which the webhook rate is another. */
  burst: { startsAtSeconds: number; lastsSeconds: number; ratePerSecond: number } | null;
  replayShare: number;
  offlineOwnerShare: number;
  timeoutSeconds: number;
  seed: number;
}

export interface FleetSpec {
  /** Name of the fleet, unique in its run. */
  fleet: string;
  /** Unique to the run: part of every user id and event id. `A-Z a-z 0-9 . _ ~ -` */
  runTag: string;
  webSocketUrl: string;
  /** Null: no webhooks. */
  webhookUrl: string | null;
  tokenSecret: string;
  webhookSecret: string;
  /** Source addresses to take turns with; empty: the system's choice. */
  localAddresses: string[];
  load: FleetLoad;
}

/**
 * Connections of one process on one source address: Linux hands out 28,232 ports (32768-60999) for one address and one target
 * (Documentation/networking/ip-sysctl, ip_local_port_range, 2026-11); the rest is left for webhook posts and what else the machine does.
 */
export const maxConnectionsPerAddress = 19_000;

/** The load shared out over fleets: rates and connections evenly, a remainder to the first. Their sums are exactly the whole. */
export function shareOut(load: FleetLoad, fleets: number): FleetLoad[] {
  return Array.from({ length: fleets }, (_, n) => ({
    ...load,
    connections: Math.floor(load.connections / fleets) + (n < load.connections % fleets ? 1 : 0),
    connectRatePerSecond: load.connectRatePerSecond / fleets,
    messageRatePerSecond: load.messageRatePerSecond / fleets,
    webhookRatePerSecond: load.webhookRatePerSecond / fleets,
    burst: load.burst && { ...load.burst, ratePerSecond: load.burst.ratePerSecond / fleets },
    seed: load.seed + n,
  }));
}

/** Sockets are closed this many times as fast as they were opened, so that the end is no storm of disconnects. */
export const closeRateFactor = 5;
/** A target that does not answer a close frame is left after this. */
export const closeGraceSeconds = 3;
/** Threads that one step may start. */
export const maxFleets = 256;
