/** What one unit of load costs the stack: calls, invocations, seconds and units per connect, message and webhook. */
import type { Known } from '../known.ts';

/** The functions of the reference stack, by role. */
export const roles = ['authorize', 'connect', 'disconnect', 'message', 'ingest', 'deliver'] as const;
export type Role = (typeof roles)[number];

/** A number with its origin. `measured`: a total of the run over its units. `model`: from the code path, because the run does not separate it. */
export type Coefficient = Known<
  number,
  { unit: string },
  {
    method: 'measured' | 'model';
    basis: string;
    /** In the unit of the value, from repeated runs; absent after a single run. */
    standardError?: number | undefined;
  }
>;

/** The unit of load that an invocation of each function belongs to. */
export const unitOfRole: Record<Role, 'connect' | 'message' | 'webhook'> = {
  authorize: 'connect',
  connect: 'connect',
  disconnect: 'connect',
  message: 'message',
  ingest: 'webhook',
  deliver: 'webhook',
};

/** Table units of one connect, one disconnect and one webhook. Messages (pings) do not touch the table. */
export interface TableUnits {
  perConnect: Coefficient;
  perDisconnect: Coefficient;
  perWebhook: Coefficient;
}

export interface Coefficients {
  /** Where the durations come from: a laptop's are not AWS's. `assumed`: there was no run. */
  from: 'local' | 'aws' | 'assumed';
  /** @connections calls for each push expected (one for each open connection of an event's owner). */
  callsPerPush: Coefficient;
  /** Invocations for each connect, message or webhook (see {@link unitOfRole}). */
  invocations: Record<Role, Coefficient>;
  meanSeconds: Record<Role, Coefficient>;
  p99Seconds: Record<Role, Coefficient>;
  writeUnits: TableUnits;
  readUnits: TableUnits;
  /** Mean bytes of a frame to the client. */
  pushBytes: Coefficient;
}
