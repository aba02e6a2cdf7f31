/** Serves the stack of a CloudFormation template on this machine, in its own processes. */
import { randomInt } from 'node:crypto';
import type { StackGraph } from '../graph/model.ts';
import type { GivenValues } from '../template/parameters.ts';
import { TemplateError, TemplateErrors } from '../template/template-error.ts';
import { localAccountId } from './account.ts';
import { localCredentials } from './gateway/connections-api/sigv4.ts';
import { maxGatewayProcesses } from './gateway-processes.ts';
import { loadTemplate, type TemplateChoice } from './input/load-template.ts';
import { faultsPath } from './interference/control-endpoint.ts';
import { type FaultsFile, faultListSchema, faultsFileSchema, setFaults } from './interference/faults.ts';
import {
  type LatencyProfile,
  latencyProfileNames,
  latencyProfileSchema,
  namedLatencyProfile,
} from './interference/latency-profile.ts';
import { checkRuntimes, RuntimeMissingError } from './lambda/runtime-api/runtime-command.ts';
import type { Notice } from './notices.ts';
import { neededBinaries } from './postgres/binaries.ts';
import { isOfOtherPage } from './process/foreign-requests.ts';
import { PortError } from './process/listen.ts';
import { makeLogFolder } from './process/log-file.ts';
import type { Ports, SupervisorReady } from './process/messages.ts';
import { killAfterMsOf, SpawnedPart } from './process/spawned-part.ts';
import { type LimitsInput, limitsSchema } from './quota/limits.ts';
import { resolveLimits } from './quota/resolve-limits.ts';
import { stackGraphOf } from './template/stack-graph.ts';
import { readStackModel } from './template/stack-model.ts';

export type { FaultsFile, GivenValues, LatencyProfile, LimitsInput, Notice, TemplateChoice };
export {
  faultListSchema,
  faultsFileSchema,
  faultsPath,
  isOfOtherPage,
  latencyProfileNames,
  latencyProfileSchema,
  limitsSchema,
  localCredentials,
  namedLatencyProfile,
  PortError,
  RuntimeMissingError,
  TemplateError,
  TemplateErrors,
};

const supervisorStartLimitMs = 420_000;
/** Addresses that nothing has yet. */
const nowhere = { accountId: localAccountId, sqsUrl: 'http://not-yet', gatewayAddress: 'not-yet' };

export interface ServeOptions {
  /** The template to serve: a file, or a folder that a tool made. */
  choice: TemplateChoice;
  /** Values of parameters, SSM parameters and exports of other stacks. */
  given?: GivenValues;
  /** Types, and properties as `Type.Property`, to go on without. */
  ignore?: readonly string[];
  /** By default that of the cloud assembly, or the name of the template's folder. */
  stackName?: string;
  region: string;
  /** Ports on 127.0.0.1; by default a free one is chosen for each. */
  ports?: Partial<Ports>;
  /**
   * Processes that hold the WebSockets, 1 to {@link maxGatewayProcesses}; default 1. One holds about as many connections as its limit of open files, less
   * 1,000. More than one share the gateway's port; the system spreads new connections over them.
   */
  gatewayProcesses?: number;
  /** Folder for the logs of each process and function; created if missing, for its owner only. Without it, nothing is written. */
  logFolder?: string;
  /** Quotas that differ from AWS's defaults, including `quotaScale` and `timeScale`; limits set here are not scaled. */
  limits?: LimitsInput;
  /** Service latency in addition to this machine's own; default `none`. */
  latency?: LatencyProfile;
  /** Faults active from the start; the control endpoint adds and clears others. */
  faults?: FaultsFile;
  /** Seed of latencies and faults; random by default, and always recorded in the model. */
  seed?: number;
  /** Receives what the functions write, and what goes wrong in front of them, as it happens. At most a thousand a second. */
  onNotice?: (notice: Notice) => void;
  /** Loads a function's code again when a file of it changes; default false. */
  watch?: boolean;
  /** Stops the target when it aborts. */
  signal?: AbortSignal;
}

/** A served stack: where it answers, what its template outputs, and how it differs from AWS. */
export interface ServedStack extends SupervisorReady {
  /** Settles when the target has ended, intentionally or not; `reason` is a sentence. Never rejects. */
  exited: Promise<{ code: number | null; reason: string }>;
  /** As `exited`, but already when one of its processes has failed and the others are being ended. */
  failed: Promise<{ reason: string }>;
  /** Names of its processes that do not answer within the limit, in milliseconds: suspended, or in an endless loop. */
  silentParts: (limitMs: number) => Promise<string[]>;
  /** Names of its processes that did not end when asked to, and were killed. */
  killed: readonly string[];
  /** Ends every process of the target, within a few seconds. May be called repeatedly. */
  stop: () => Promise<void>;
}

/**
 * Settles when everything answers. Writes nothing to stdout or stderr. A Ctrl-C in the terminal does not reach the target:
 * the caller stops it. If the caller ends without doing so, even by kill -9, the target ends by itself.
 * @throws {PortError} for a port that cannot be listened on; {@link TemplateErrors} for a template that cannot be served; else an error whose message
 * is one sentence: a file that cannot be read, a process that did not start.
 */
export async function serveStack(options: ServeOptions): Promise<ServedStack> {
  const { choice, given = {}, ignore = [], region, ports, logFolder, signal, onNotice, watch = false } = options;
  signal?.throwIfAborted();
  const gatewayProcesses = checkedGatewayProcesses(options.gatewayProcesses);
  const limits = resolveLimits(options.limits);
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  const faultSeed = options.faults?.seed ?? seed;
  const interference = {
    latency: options.latency ?? namedLatencyProfile('none'),
    seed,
    faults: setFaults(options.faults?.faults ?? [], {
      taken: [],
      seed: faultSeed,
      nowMs: Date.now(),
      timeScale: limits.timeScale,
    }),
  };
  if (logFolder !== undefined) await makeLogFolder(logFolder);
  const loaded = await loadTemplate({ choice, region, given, ignore, stackName: options.stackName });
  const stackName = options.stackName ?? loaded.stackName;
  try {
    // Before anything starts: whatever is not supported is an error of the template, not of a process.
    const { functions, databases } = readStackModel({ ...nowhere, stackName, region, input: loaded.input });
    await checkRuntimes(functions);
    if (databases.length > 0) neededBinaries();
    signal?.throwIfAborted();
  } catch (error) {
    loaded.remove();
    throw error;
  }
  const killed: string[] = [];
  const supervisor = new SpawnedPart<SupervisorReady>({
    name: 'supervisor',
    entry: 'supervisor.main',
    configuration: {
      stackName,
      region,
      input: loaded.input,
      ports: { gateway: 0, aws: 0, dynamodb: 0, sqs: 0, ...ports },
      gatewayProcesses,
      limits,
      logFolder: logFolder ?? null,
      interference,
      notices: onNotice !== undefined,
      watch,
    },
    logFolder: logFolder ?? null,
    detached: true,
    killAfterMs: killAfterMsOf.supervisor,
    // It waits for the others, some of them one after the other.
    startLimitMs: supervisorStartLimitMs,
    onKilled: (name) => killed.push(name),
    onNotices(notices) {
      for (const notice of notices) onNotice?.(notice);
    },
  });
  const abort = () => void supervisor.stop();
  signal?.addEventListener('abort', abort, { once: true });
  void supervisor.exited.then(() => {
    signal?.removeEventListener('abort', abort);
    loaded.remove();
  });
  try {
    const { exited, failed } = supervisor;
    const silentParts = (limitMs: number) => supervisor.silentParts(limitMs);
    return { ...(await supervisor.ready), exited, failed, silentParts, killed, stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * What a template would be as a stack, without serving it. Addresses in the graph lead nowhere.
 * @throws as {@link serveStack} does before it starts anything.
 */
export async function inspectStack(
  options: Pick<ServeOptions, 'choice' | 'given' | 'ignore' | 'stackName' | 'region'>,
): Promise<StackGraph> {
  const { choice, given = {}, ignore = [], region } = options;
  const { input, remove, ...loaded } = await loadTemplate({ choice, region, given, ignore });
  try {
    const { stackName = loaded.stackName } = options;
    const model = readStackModel({ ...nowhere, gatewayAddress: null, stackName, region, input });
    await checkRuntimes(model.functions);
    return stackGraphOf(model, nowhere.sqsUrl);
  } finally {
    remove();
  }
}

function checkedGatewayProcesses(given = 1): number {
  if (Number.isInteger(given) && given >= 1 && given <= maxGatewayProcesses) return given;
  throw new Error(`gatewayProcesses must be a whole number from 1 to ${maxGatewayProcesses}, not ${given}.`);
}
