/** A fleet's input and its result: plain values, which are sent to and from its thread or process. */
import type { LoadLists } from '../../step/fleet-fields.ts';
import { recordOf } from '../../step/keyed.ts';
import { type NumberFieldName, rateNames } from '../../step/load-fields.ts';
import type { TokenCommand } from '../connections/token-command.ts';
import type { Mix } from '../schedule/mix.ts';
import type { RatePhase } from '../schedule/pacer.ts';
import type { WebhookFormat } from '../webhooks/webhook-request.ts';

/** The load in absolute numbers, by the fields of a step (step/load-fields.ts, step/fleet-fields.ts). Shares are 0 to 1. */
export interface FleetLoad extends Record<NumberFieldName, number>, LoadLists {}

/** How to talk to a target that is not the reference stack. */
export interface CustomProtocol {
  /** Message template with the placeholders `${id}`, `${user}`, `${sequence}` and `${feed.<column>}`. */
  message: string;
  /** Further templates, which are sent by their weights beside it. Absent: it alone. */
  mix?: Mix;
  answer: AnswerMatch;
  /** Rows whose columns fill `${feed.<column>}`, in turn by user. */
  feed: Record<string, string>[];
}

/** How an answer is matched to its message. */
export type AnswerMatch =
  /** The first text message after a send answers the oldest one: for targets without correlation ids. */
  | { kind: 'next' }
  /** A path such as `$.data.id` whose value is the id. */
  | { kind: 'jsonPath'; path: string }
  /** A regular expression whose first group is the id; without a group it answers the oldest message. */
  | { kind: 'regexp'; source: string };

/** Where tokens come from that the reference stack's secret does not sign. */
type TokenSource = { kind: 'fixed'; value: string } | ({ kind: 'command' } & TokenCommand);

/** Where the id of an event stands in the text that delivers it. */
export type PushMatch =
  | { kind: 'anywhere' }
  /** A path such as `$.data.id` whose value is the id, or a list of ids. */
  | { kind: 'jsonPath'; path: string }
  /** A regular expression whose first group is the id; it may match several times. */
  | { kind: 'regexp'; source: string };

export interface FleetSpec {
  /** Name of the fleet, unique in its run. */
  fleet: string;
  /** Unique to the run: part of every user id and event id. `A-Z a-z 0-9 . _ ~ -` */
  runTag: string;
  webSocketUrl: string;
  /** Null: no webhooks. */
  webhookUrl: string | null;
  /** Where tabs read the stage and events over HTTP, without a slash at the end. Absent or null: nowhere. */
  fallbackUrl?: string | null;
  /** Null: connections carry no token. */
  tokenSecret: string | null;
  webhookSecret: string;
  /** Source addresses, used in turn; empty: chosen by the system. */
  localAddresses: string[];
  /** Sent with every upgrade. */
  headers: Record<string, string>;
  subprotocols: string[];
  /** Null: the reference stack's. */
  protocol: CustomProtocol | null;
  /** URL of a module whose hooks make messages and read answers (hooks.ts); null: none. */
  hooksModule: string | null;
  /** Webhooks of the user's own; null: those of the reference stack. */
  webhook?: WebhookFormat | null;
  /** How their pushes are recognised; null: as the protocol says. */
  push?: PushMatch | null;
  /** Further URLs of the same host that webhooks are posted to, by their weights. Absent: to the webhook URL alone. */
  webhookMix?: Mix;
  /** Where tokens come from; null: they are signed with the secret, if there is one. */
  token?: TokenSource | null;
  /** Rows whose columns fill `${feed.<column>}`, in turn by user. */
  feed?: Record<string, string>[];
  load: FleetLoad;
}

/** How a fleet ends. */
export type FleetResult =
  | { kind: 'completed' }
  | { kind: 'aborted' }
  /** There is no point in continuing; the sentence says what happened and what to check. */
  | { kind: 'failed'; sentence: string };

/** Divides the load among fleets: rates evenly; connections and channels in whole numbers, the first fleets taking the remainder. The parts add up exactly. */
export function shareOut(load: FleetLoad, fleets: number): FleetLoad[] {
  const share = (whole: number, n: number) => Math.floor(whole / fleets) + (n < whole % fleets ? 1 : 0);
  const phases = (all: RatePhase[] | null, n: number) => all?.map((phase) => sharePhase(phase, fleets, n)) ?? null;
  return Array.from({ length: fleets }, (_, n) => ({
    ...load,
    ...recordOf(rateNames, (name) => load[name] / fleets),
    connections: share(load.connections, n),
    connectPhases: phases(load.connectPhases, n),
    messagePhases: phases(load.messagePhases, n),
    webhookPhases: phases(load.webhookPhases, n),
    publishPhases: phases(load.publishPhases, n),
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

/** Sockets are closed this many times as fast as they were opened: closing all simultaneously would be a storm of disconnects. */
export const closeRateFactor = 5;
/** The fleet waits this long for a target to answer close frames. */
export const closeGraceSeconds = 3;
/** Threads or processes that one step may start. */
export const maxFleets = 256;

/**
 * Connections of one process on one source address: Linux has 28,232 ephemeral ports (32768-60999) for one address and one target
 * (Documentation/networking/ip-sysctl, ip_local_port_range, 2026-11); the rest is left for webhook posts and other work of the machine.
 */
export const maxConnectionsPerAddress = 19_000;
