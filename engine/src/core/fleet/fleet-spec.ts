/** What a fleet is told, and how it ends: plain values, so that they travel to and from its thread or process. */
import type { BackOff } from '../connections/back-off.ts';
import type { RatePhase } from '../schedule/pacer.ts';
import type { WebhookRetryPolicy } from '../webhooks/webhook-retries.ts';

/** The load in absolute numbers. Shares are 0 to 1. The same fields as the workload of run.json, and more. */
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
  /** Sizes of webhooks by weight, instead of `webhookBytes`; empty: all of one size. */
  webhookSizes: { bytes: number; weight: number }[];
  /** A window of the steady state in which the webhook rate is another. */
  burst: { startsAtSeconds: number; lastsSeconds: number; ratePerSecond: number } | null;
  replayShare: number;
  offlineOwnerShare: number;
  /** Of new events: posted twice at the same time. */
  duplicateShare: number;
  /** How the provider posts an event again that was refused. */
  webhookRetries: WebhookRetryPolicy;
  timeoutSeconds: number;
  seed: number;
  /** How arrivals of all kinds lie within their rate. */
  arrivals: 'even' | 'poisson';
  /** Take the place of the constant rates. Connects go on at the last rate until all have been made. */
  connectPhases: RatePhase[] | null;
  messagePhases: RatePhase[] | null;
  webhookPhases: RatePhase[] | null;
  /** How devices come back after a failed connect or a lost connection. */
  backOff: BackOff;
  /** When, in the steady state, every connection is dropped at once; null: never. */
  dropAllAtSeconds: number | null;
  /** Each connection pings this often beside the messages, so that it is not idle; 0: never. */
  keepAliveSeconds: number;
  /** Of the connections: those that never ping to stay open. */
  idleShare: number;
  /** Connections closed, each to be opened again at once, in the steady state. */
  churnRatePerSecond: number;
  /** A push that comes later than this after its webhook or publish was due is late. */
  pushTimeoutSeconds: number;
  /** Channels by size: `count` of them with `subscribers` connections each. */
  channels: { count: number; subscribers: number }[];
  publishRatePerSecond: number;
  publishPhases: RatePhase[] | null;
  publishBytes: number;
}

/** What is sent and recognised when the target is not the reference stack. */
export interface OwnProtocol {
  /** Text of a message, with `${id}`, `${user}`, `${sequence}` and `${feed.<column>}` in it. */
  message: string;
  answer: AnswerMatch;
  /** Rows whose columns fill `${feed.<column>}`, in turn by connection. */
  feed: Record<string, string>[];
}

/** How an answer is recognised, and how the message that it answers. */
export type AnswerMatch =
  /** The first text message after a send answers the oldest one: for targets without correlation ids. */
  | { kind: 'next' }
  /** A path such as `$.data.id` whose value is the id. */
  | { kind: 'jsonPath'; path: string }
  /** A regular expression whose first group is the id; without a group it answers the oldest message. */
  | { kind: 'regexp'; source: string };

export interface FleetSpec {
  /** Name of the fleet, unique in its run. */
  fleet: string;
  /** Unique to the run: part of every user id and event id. `A-Z a-z 0-9 . _ ~ -` */
  runTag: string;
  webSocketUrl: string;
  /** Null: no webhooks. */
  webhookUrl: string | null;
  /** Null: connections carry no token. */
  tokenSecret: string | null;
  webhookSecret: string;
  /** Source addresses to take turns with; empty: the system's choice. */
  localAddresses: string[];
  /** Sent with every upgrade. */
  headers: Record<string, string>;
  subprotocols: string[];
  /** Null: the reference stack's. */
  protocol: OwnProtocol | null;
  /** URL of a module whose hooks make messages and read answers (hooks.ts); null: none. */
  hooksModule: string | null;
  load: FleetLoad;
}

/** How a fleet ends. */
export type FleetResult =
  | { kind: 'completed' }
  | { kind: 'aborted' }
  /** It makes no sense to go on; the sentence says what happened and what to look at. */
  | { kind: 'failed'; sentence: string };

/** The load shared out over fleets: rates, connections and channels evenly, a remainder to the first. Their sums are exactly the whole. */
export function shareOut(load: FleetLoad, fleets: number): FleetLoad[] {
  const share = (whole: number, n: number) => Math.floor(whole / fleets) + (n < whole % fleets ? 1 : 0);
  const phases = (all: RatePhase[] | null, n: number) => all?.map((phase) => sharePhase(phase, fleets, n)) ?? null;
  return Array.from({ length: fleets }, (_, n) => ({
    ...load,
    connections: share(load.connections, n),
    connectRatePerSecond: load.connectRatePerSecond / fleets,
    messageRatePerSecond: load.messageRatePerSecond / fleets,
    webhookRatePerSecond: load.webhookRatePerSecond / fleets,
    publishRatePerSecond: load.publishRatePerSecond / fleets,
    churnRatePerSecond: load.churnRatePerSecond / fleets,
    connectPhases: phases(load.connectPhases, n),
    messagePhases: phases(load.messagePhases, n),
    webhookPhases: phases(load.webhookPhases, n),
    publishPhases: phases(load.publishPhases, n),
    burst: load.burst && { ...load.burst, ratePerSecond: load.burst.ratePerSecond / fleets },
    channels: load.channels.map((channel) => ({ ...channel, count: share(channel.count, n) })),
    seed: load.seed + n,
  }));
}

function sharePhase(phase: RatePhase, fleets: number, n: number): RatePhase {
  switch (phase.kind) {
    case 'constant':
      return { ...phase, ratePerSecond: phase.ratePerSecond / fleets };
    case 'burst':
      return { ...phase, arrivals: Math.floor(phase.arrivals / fleets) + (n < phase.arrivals % fleets ? 1 : 0) };
    default:
      return { ...phase, fromPerSecond: phase.fromPerSecond / fleets, toPerSecond: phase.toPerSecond / fleets };
  }
}

/** Values of the fields that a step need not give. */
export const quietLoad = {
  arrivals: 'even',
  connectPhases: null,
  messagePhases: null,
  webhookPhases: null,
  webhookSizes: [],
  duplicateShare: 0,
  webhookRetries: { attempts: 1, baseSeconds: 300 },
  backOff: { attempts: 0, baseSeconds: 1, capSeconds: 30, jitter: 'full' },
  dropAllAtSeconds: null,
  keepAliveSeconds: 0,
  idleShare: 0,
  churnRatePerSecond: 0,
  pushTimeoutSeconds: 30,
  channels: [],
  publishRatePerSecond: 0,
  publishPhases: null,
  publishBytes: 128,
} satisfies Partial<FleetLoad>;

/** Sockets are closed this many times as fast as they were opened, so that the end is no storm of disconnects. */
export const closeRateFactor = 5;
/** A target that does not answer a close frame is left after this. */
export const closeGraceSeconds = 3;
/** Threads or processes that one step may start. */
export const maxFleets = 256;

/**
 * Connections of one process on one source address: Linux hands out 28,232 ports (32768-60999) for one address and one target
 * (Documentation/networking/ip-sysctl, ip_local_port_range, 2026-11); the rest is left for webhook posts and what else the machine does.
 */
export const maxConnectionsPerAddress = 19_000;
