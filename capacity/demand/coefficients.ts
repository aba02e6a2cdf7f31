/** What one unit of load costs each resource of a stack, by logical id: calls, invocations, seconds and table units per connect, message, webhook. */
import type { Known } from '../known.ts';

/** Kinds of load, in the order in which a profile tells them apart. A push is one frame to one connection of an event's owner. */
export const loadKinds = ['connect', 'disconnect', 'message', 'webhook', 'push'] as const;
export type LoadKind = (typeof loadKinds)[number];
/** What clients ask over HTTP beside it. A first read of events is answered at once, also where polls are held until there is an event. */
export const askKinds = ['stageRead', 'poll', 'firstRead'] as const;
export type AskKind = (typeof askKinds)[number];

/**
 * A number with its origin. `measured`: a total of the run over its units, or of a profile's phase. `model`: from the code path, because the run does
 * not separate it.
 */
export type Coefficient = Known<
  number,
  { unit: string },
  {
    method: 'measured' | 'model';
    basis: string;
    /** In the unit of the value, from repeated runs or a profile's batches; absent after a single run. */
    standardError?: number | undefined;
  }
>;

/**
 * What a unit of each kind of load costs. A kind that is absent costs nothing, or is part of another: a run without a profile counts what its pushes
 * cost with its webhooks.
 */
export type UnitCosts = Readonly<Partial<Record<LoadKind | AskKind, Coefficient>>>;

export interface FunctionCosts {
  invocations: UnitCosts;
  /** Seconds of execution: invocations × their mean duration. */
  busySeconds: UnitCosts;
  p99Seconds: Coefficient;
}

/** Of a table, or of an index, whose id is `<table>:<index>`. */
export interface TableCosts {
  writeUnits: UnitCosts;
  readUnits: UnitCosts;
}

export interface Coefficients {
  /** Where the durations come from: a laptop's are not AWS's. `assumed`: there was no run. */
  from: 'local' | 'aws' | 'assumed';
  /** @connections calls for each push expected (one for each open connection of an event's owner). */
  callsPerPush: Coefficient;
  /** Mean bytes of a frame to the client. */
  pushBytes: Coefficient;
  /** @connections calls beside answers and the pushes of webhooks, as of a chat whose messages go to everybody. Absent: none that is known. */
  calls?: UnitCosts | undefined;
  functions: Readonly<Record<string, FunctionCosts>>;
  tables: Readonly<Record<string, TableCosts>>;
  /** Messages sent to each queue. */
  queues: Readonly<Record<string, UnitCosts>>;
  /** Messages published to each topic. Absent: there is none. */
  topics?: Readonly<Record<string, UnitCosts>> | undefined;
  /** Events of each event bus that a rule matches. Absent: there is none. */
  eventBuses?: Readonly<Record<string, UnitCosts>> | undefined;
  /** Invocations of targets by each rule. Absent: there is none. */
  rules?: Readonly<Record<string, UnitCosts>> | undefined;
}
