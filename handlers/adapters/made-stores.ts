/** Stores of one kind, over one client. */
import type { ConnectionStore } from '../domain/connection-store.ts';
import type { EventClaims } from '../domain/event-claims.ts';
import type { RecentEvents } from '../domain/recent-events.ts';
import type { RolloutStages } from '../domain/rollout-stage.ts';

interface ConnectionStoreOptions {
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Milliseconds left for deleting subscriptions. */
  leftMs?: () => number;
}

interface EventClaimsOptions {
  /** How long a finished event is remembered. */
  eventTtlSeconds: number;
  /** How long a claim holds. */
  leaseMs: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export interface MadeStores {
  connections: (options: ConnectionStoreOptions) => ConnectionStore;
  claims: (options: EventClaimsOptions) => EventClaims;
  /** Events that are kept for clients for so long. */
  recent: (ttlSeconds: number) => RecentEvents;
  /** The stage of the rollout. */
  stages: RolloutStages;
}
