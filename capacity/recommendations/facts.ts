/**
 * What a recommendation was calculated from: one shape for each kind, in the units of the recommendation. `reports/` words them.
 * A moment is Little's L, and `moment` L + 3√L of it (see momentaryConcurrency). `utilisation`: the share of a limit that is to be used at most.
 */
import type { Design } from '../../aws/quotas/remedies.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Silence } from '../demand/connection-turnover.ts';

export type Facts =
  | { of: 'notKnown'; reason: string }
  | RaiseFacts
  | AccountConcurrencyFacts
  | BackOffFacts
  | HeartbeatFacts
  | ReservationFacts
  | MemoryFacts
  | ProvisionedConcurrencyFacts
  | DirectWebhooksFacts
  | BatchSizeFacts
  | PollersFacts
  | ProvisionedPollersFacts
  | RetentionFacts
  | FifoThroughputFacts
  | MaxReceivesFacts
  | WarmThroughputFacts
  | TableModeFacts
  | SafeStageFacts
  | RedesignFacts;

/** How sure it is that a quota is exceeded within the horizon: by the best estimate, at the upper end of the growth only, not at all. */
export type Certainty = 'exceeded' | 'perhaps' | 'notExceeded';

/** Why a rate has to be carried, where the plan's busiest day alone does not ask for it. */
export type RaiseReason =
  | { kind: 'recovery'; connections: number; objectiveSeconds: number; from: RecoveryPrices['objectiveFrom'] }
  | { kind: 'burst'; value: number; lastsSeconds: number };

export interface RaiseFacts {
  of: 'raise';
  needed: number;
  date: string;
  why: RaiseReason | null;
  utilisation: number;
  value: number;
  limit: number;
  certainty: Certainty;
  /** How the quota's demand is computed, by aws/quotas' row. */
  demandSentence: string;
}

export interface AccountConcurrencyFacts {
  of: 'accountConcurrency';
  date: string;
  /** What decides it: the room above what is used now, or what is to be reserved. */
  by:
    | { kind: 'room'; executions: number; reserved: number; utilisation: number; value: number }
    | { kind: 'reserved'; executions: number; moment: number; reserved: number; floor: number; value: number };
  /** Of the law of requests/s for each execution, where it asks more than Little's law. */
  rate: { requestsPerSecond: number; perExecution: number } | null;
  /** AWS's own, of an account whose quota is below it. */
  newAccount: { default: number } | null;
  present: number;
  certainty: Certainty;
  demandSentence: string;
}

/** All connections drop at once: the two prices of having them back. */
export interface RecoveryPrices {
  objectiveSeconds: number;
  /** `plan`, or `assumed` because the plan has none. */
  objectiveFrom: 'plan' | 'assumed';
  /** At the quota in force: how long it takes, and seconds away summed over all users. */
  waiting: { windowSeconds: number; userSeconds: number };
  /** Within the objective; null: the quota in force is enough. AWS charges nothing for a raise: what it costs is time, and what the rate needs. */
  raise: {
    windowSeconds: number;
    userSeconds: number;
    connectionsPerSecond: number;
    leadDays: number;
    usd: 0;
    /** Of the functions that connects and disconnects invoke, at that rate; null: not measured. */
    executions: number | null;
    writeUnitsPerSecond: number | null;
  } | null;
}

export interface BackOffFacts {
  of: 'backOff';
  date: string;
  connections: number;
  /** The quota of new connections in force. */
  quota: { code: string | null; ratePerSecond: number; burst: number };
  utilisation: number;
  recovery: RecoveryPrices;
  today: { connections: number; windowSeconds: number };
}

export interface HeartbeatFacts {
  of: 'heartbeat';
  idleSeconds: number;
  idleCode: string | null;
  connectsPerSecond: { without: number; with: number };
  heartbeatsPerSecond: number;
  gaps: Silence['gaps'];
  /** So many heartbeats would exceed what no raise carries. */
  tooMany: boolean;
}

/** Little's law for a function at its busiest. */
export interface LittleFacts {
  mean: number;
  moment: number;
  date: string;
}

export interface ReservationFacts {
  of: 'reservation';
  little: LittleFacts;
  /** The moment: the plan's burst, or all clients reconnecting as fast as the quota of new connections admits. */
  during: 'burst' | 'storm';
  /** Executions by the law of requests/s, where it asks more. */
  byRate: number | null;
  /** Of all functions together, of the account's. */
  total: number;
  account: number;
  reservable: number;
  utilisation: number;
  smallest: number;
  /** What it would be if it were set. */
  value: number;
  /** `cappedByQueue`: its maximum concurrency is enough; `roomEnough`: only a ceiling; `raiseFirst`: nothing may be reserved yet; `queue`, `guarded`: set. */
  because: 'cappedByQueue' | 'roomEnough' | 'raiseFirst' | 'queue' | 'guarded';
}

export interface MemoryFacts {
  of: 'memory';
  mostMb: number;
}

export interface ProvisionedConcurrencyFacts {
  of: 'provisionedConcurrency';
  /** Logical id. */
  function: string;
  /** Of the connect path alone; null: of another function. */
  slo: {
    p99Seconds: number;
    sloSeconds: number;
    /** Where it is broken: executions of the steady load. */
    needed: { mean: number; moment: number } | null;
    from: Coefficients['from'];
  } | null;
  /** A burst that steps by more than Lambda starts within 10 s. */
  step: { date: string; environments: number; ready: number; utilisation: number; usdPerMonth: number } | null;
  /** Of one that has some, and needs none for either: Little's law at its busiest, and what those beyond L + 3√L cost; what saves less than the least is not advised. */
  unused?: LittleFacts & { savingUsdPerMonth: number; leastSavingUsd: number };
}

/** Functions that only put webhooks into a queue. */
export interface DirectWebhooksFacts {
  of: 'directWebhooks';
  functions: readonly string[];
  p99Seconds: number;
  timeoutSeconds: number;
}

export interface BatchSizeFacts {
  of: 'batchSize';
  withoutWindow: number;
  payloadBytes: number;
  webhookBytes: number;
  byPayload: number;
  /** Messages of a batch on average, of how many; null: not known. */
  filled: { mean: number; of: number } | null;
}

export interface PollersFacts {
  of: 'pollers';
  /** Logical ids: the queue, and what empties it. */
  queue: string;
  function: string;
  little: LittleFacts;
  least: number;
  most: number;
  /** What the pollers use without a maximum. */
  own: number;
  /** What the other functions leave of the account for now; null: enough. */
  untilRaised: { value: number; others: number; account: number } | null;
}

export interface ProvisionedPollersFacts {
  of: 'provisionedPollers';
  /** Logical ids: the queue, and what empties it. */
  queue: string;
  function: string;
  little: LittleFacts;
  minimum: number;
  maximum: number;
  ordinary: { perMinute: number; most: number };
  provisioned: { each: number; perMinute: number; most: number };
  usdPerMonth: number;
  usdPerHour: number;
}

export interface RetentionFacts {
  of: 'retention';
  longestWaitSeconds: number;
  mostSeconds: number;
  utilisation: number;
}

export interface FifoThroughputFacts {
  of: 'fifoThroughput';
  queue: string;
  messagesPerSecond: number;
  date: string;
  /** Requests/s of each API action, without high throughput and with it. */
  ordinary: number;
  highest: number;
  region: string;
}

export interface MaxReceivesFacts {
  of: 'maxReceives';
  receives: number;
  utilisation: number;
  demandSentence: string;
}

export interface WarmThroughputFacts {
  of: 'warmThroughput';
  table: string;
  kind: 'reads' | 'writes';
  unitsPerSecond: number;
  present: number;
  date: string;
  needed: boolean;
  utilisation: number;
}

export interface TableModeFacts {
  of: 'tableMode';
  table: string;
  plan: string;
  meanUnitsPerSecond: number;
  burstUnitsPerSecond: number;
  use: number;
  breakEven: number;
  /** Of provisioned capacity; negative: on-demand is cheaper. */
  savingUsdPerMonth: number;
  /** What saves less is not advised. */
  leastSavingUsd: number;
  onDemandUsdPerMillion: number;
  provisionedUsdPerHour: number;
}

export interface SafeStageFacts {
  of: 'safeStage';
  safe: string | null;
  current: string | null;
  /** The last stage that begins within the horizon. */
  last: string | null;
  /** The first quota to run out. */
  over: {
    name: string;
    utilisation: number;
    date: string;
    isToday: boolean;
    /** Whether fewer users would be within it. */
    withUsers: boolean;
  } | null;
  /** The stage that makes it run out. */
  beyond: { stage: string; date: string; users: number } | null;
  /** Quotas whose demand is not known. */
  unknownQuotas: number;
}

export interface RedesignFacts {
  of: 'redesign';
  exceeded: readonly {
    name: string;
    utilisation: number;
    date: string;
    /**
     * Why nothing else mends it: a raise that is not worth asking for, a setting that does not reach that far, AWS does not move it, or (`within`) it
     * admits no more than the named quota, which nothing mends.
     */
    remedy:
      | { kind: 'raise'; code: string | null; timesDefault: number }
      | { kind: 'set'; setting: string }
      | { kind: 'within'; name: string }
      | { kind: 'none' };
  }[];
  designs: readonly DesignFacts[];
}

/** A design, with what it would leave of this load where that can be said. */
export type DesignFacts =
  | { design: Exclude<Design, 'coalesce' | 'shard'> }
  | { design: 'coalesce'; pushesPerSecond: { collected: number; apart: number } | null }
  | { design: 'shard'; broadcast: { neededSeconds: number; deadlineSeconds: number } | null };
