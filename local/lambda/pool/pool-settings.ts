/** What a pool of environments is given, and what it counts. */
import type { FunctionFailureKind } from '../../model.ts';
import type { FunctionModel } from '../../template/model.ts';
import type { LocalAddresses } from '../node/aws-hosts.ts';
import type { FunctionErrorPayload } from '../protocol.ts';

export interface EnvironmentPoolSettings {
  functions: ReadonlyMap<string, FunctionModel>;
  /** Environments that are started before they are needed, and do not end: as heldReady (held-ready.ts) has them. */
  provisioned: ReadonlyMap<string, number>;
  platformVariables: (model: FunctionModel) => Readonly<Record<string, string>>;
  maxEnvironments: number;
  maxStartingEnvironments: number;
  /** Invocations that may wait; one more fails with {@link overloaded}, so that the machine's memory does not fill up. */
  maxWaitingInvocations: number;
  /** 0: a new environment for every invocation that finds none idle, as on AWS. */
  patienceMs: number;
  idleEnvironmentMs: number;
  initLimitMs: number;
  cpuByMemory: boolean;
  addresses: LocalAddresses;
  onLog: (functionName: string, text: string, requestId: string | null) => void;
  onFailure: (functionName: string, kind: FunctionFailureKind, line: string) => void;
  /** Added to every cold start, however long it took. */
  coldStartExtraMs: number;
  /** Minimum duration of a cold start by the latency profile: drawn for each. */
  coldStartMs: () => number;
  nowMs: () => number;
}

export interface PoolCounters {
  coldStarts: number;
  /** Invocations that waited for an environment because of the machine's limits, and for how long in total. */
  machineWaits: number;
  machineWaitMs: number;
}

export const overloaded: FunctionErrorPayload = {
  errorType: 'Local.Overloaded',
  errorMessage: 'Too many invocations are waiting for an environment on this machine (maxWaitingInvocations).',
};
