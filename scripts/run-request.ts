/** What `loadline run` and `loadline search` are asked for: scenario, plan, settings, target and load, checked before anything starts. */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { UsagePlan } from '../capacity/demand/plan.ts';
import { maxConnectionsPerAddress, maxFleets } from '../engine/src/core/fleet/fleet-spec.ts';
import type { RunRecord, Workload } from '../record/run.ts';
import type { DistributionOptions } from '../run/distributed/distribution.ts';
import { UsageError } from '../run/exit-code.ts';
import { accept, readInputFile, readYamlFile } from '../run/input-file.ts';
import { locateArtillery } from '../run/load/artillery.ts';
import { loadlineVersion, packageRoot } from '../run/package-root.ts';
import { describeAwsTarget } from '../run/target/aws-target.ts';
import {
  type EndpointDescription,
  type EndpointOptions,
  loadOnEndpoint,
  readEndpoint,
} from '../run/target/endpoint.ts';
import type { TargetChoice } from '../run/target/running-target.ts';
import { readTarget } from '../run/target/target-file.ts';
import { scenarioFileOf } from '../scenarios/catalogue/catalogue.ts';
import { offeredLoad, variablesUsed } from '../scenarios/catalogue/offered-load.ts';
import { parseScenario, type Scenario } from '../scenarios/catalogue/scenario.ts';
import { parsePlan } from '../scenarios/plan/plan.ts';
import { planWorkload, scenarioVariableNames, type WorkloadOverrides } from '../scenarios/plan/workload.ts';
import { nearestKey } from '../scenarios/yaml/nearest-key.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../stack/settings.ts';
import { addInterferenceOptions, type InterferenceOptions, readInterference } from './interference-options.ts';
import { addLimitOptions, type LimitOptions, readLimits } from './limit-options.ts';
import {
  collect,
  gatewayProcesses,
  integer,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  share,
} from './options.ts';

export interface RunOptions extends LimitOptions, InterferenceOptions, EndpointOptions, DistributionOptions {
  plan: string;
  target: string;
  stackName: string;
  region?: string;
  settings?: string;
  runs: string;
  gatewayProcesses?: number;
  fleets: number;
  quiet?: boolean;
  json?: boolean;
  connections?: number;
  connectRate?: number;
  steady?: number;
  drain?: number;
  messageRate?: number;
  webhookRate?: number;
  burstRate?: number;
  burstSeconds?: number;
  burstStart?: number;
  replayShare?: number;
  offlineShare?: number;
  timeout?: number;
  seed?: number;
  variable?: string[];
}

export const defaultScenario = 'sync';
const defaultPlan = join(packageRoot, 'scenarios', 'plan.yml');

/** The options of the plan, the target and the load. */
export function addRunOptions(command: Command): Command {
  command
    .option('--plan <file>', 'usage plan', defaultPlan)
    .option(
      '--target <target>',
      '"local" (started and stopped here), "aws" (a deployed stack), or a file made by `loadline local --json`',
      'local',
    )
    .option('--stack-name <name>', 'with --target aws: name of the CloudFormation stack', 'Loadline')
    .option('--region <region>', 'with --target aws: its region; else that of the settings')
    .option(
      '--settings <file>',
      "YAML file with the stack's settings, each of which has a default; for a target that is up already: those it was deployed with",
    )
    .option('--runs <folder>', 'where run folders go', 'runs')
    .option('--gateway-processes <count>', 'processes of the local target that hold the WebSockets', gatewayProcesses)
    .option('--fleets <count>', 'threads that carry the load', positiveInteger, 1)
    .option('--connections <count>', 'WebSocket connections', positiveInteger)
    .option('--connect-rate <rate>', 'new connections per second', positiveNumber)
    .option('--steady <seconds>', 'steady state, in seconds', positiveNumber)
    .option('--drain <seconds>', 'longest wait at the end, in seconds', nonNegativeNumber)
    .option('--message-rate <rate>', 'messages per second, over all connections', nonNegativeNumber)
    .option('--webhook-rate <rate>', 'webhooks per second', nonNegativeNumber)
    .option('--burst-rate <rate>', 'webhooks per second in the burst; 0 for none', nonNegativeNumber)
    .option('--burst-seconds <seconds>', 'how long the burst lasts', positiveNumber)
    .option('--burst-start <seconds>', 'when the burst begins, in seconds of the steady state', nonNegativeNumber)
    .option('--replay-share <share>', 'share of webhooks that are replays, 0 to 1', share)
    .option('--offline-share <share>', 'share of webhooks whose owner is offline, 0 to 1', share)
    .option('--timeout <seconds>', 'when a connect, message or webhook counts as timed out', positiveNumber)
    .option('--seed <number>', 'seed of everything random', integer)
    .option('--variable <name=value>', "a variable of the scenario that is not the plan's; repeatable", collect, []);
  return addInterferenceOptions(addLimitOptions(command));
}

/** Everything that a run needs, checked. */
export interface RunRequest {
  scenarioFile: string;
  plan: UsagePlan;
  settings: StackSettings;
  workload: Workload;
  /** Variables of the scenario that are not the workload's. */
  variables?: Record<string, string>;
  /** When every connection is lost at once, in seconds of the steady state; null: never. */
  disconnectAtSeconds?: number | null;
  target: TargetChoice;
}

/** @throws UsageError with a sentence for each problem. */
export async function prepareRun(scenario: string, options: RunOptions): Promise<RunRequest> {
  const file = scenarioFileOf(scenario);
  const scenarioFile = resolve(file);
  const { scenario: parsed } = accept(parseScenario(readInputFile(scenarioFile, 'scenario'), file));
  const variables = readVariables(options.variable ?? [], parsed);
  checkEffect(options, parsed, scenario);
  const { plan, benchmark } = accept(parsePlan(readInputFile(options.plan, 'usage plan'), options.plan));
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  const offered = offeredLoad(parsed, planWorkload(plan, benchmark, overridesOf(options)), variables);
  const endpoint = endpointOf(options);
  const workload = endpoint
    ? loadOnEndpoint({ name: scenario, scenario: parsed, workload: offered }, endpoint)
    : offered;
  // Workers elsewhere have limits of their own.
  if (options.on === undefined) checkLoad(workload, options.fleets);
  const timeScale = options.timeScale ?? localTimeScaleOf(parsed, variables, options);
  const targetOptions = { ...options, ...(timeScale !== undefined && { timeScale }) };
  const target = endpoint
    ? { kind: 'endpoint' as const, description: endpoint }
    : await chooseTarget(targetOptions, settings, workload.seed);
  const disconnectAtSeconds = disconnectAtOf(parsed, variables);
  return { scenarioFile, plan, settings, workload, variables, disconnectAtSeconds, target };
}

/** `--variable holdSeconds=5` → a variable that the scenario declares. */
function readVariables(given: readonly string[], scenario: Scenario): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      const name = text.slice(0, equals);
      if (equals < 1) throw new UsageError(`--variable ${text}: expected name=value, as in holdSeconds=60.`);
      const flag = Object.entries(variablesOfFlags).find(([, variables]) => variables.includes(name))?.[0];
      if (flag !== undefined) throw new UsageError(`--variable ${name}: it is set with --${flag}.`);
      if (!(name in scenario.variables))
        throw new UsageError(`--variable ${text}: ${unknownVariable(name, ownVariables(scenario))}`);
      return [name, text.slice(equals + 1)];
    }),
  );
}

const setByRun: readonly string[] = [...scenarioVariableNames, 'fleets', 'webhookUrl'];
const ownVariables = ({ variables }: Scenario): string[] =>
  Object.keys(variables).filter((name) => !setByRun.includes(name));

function unknownVariable(name: string, known: readonly string[]): string {
  const nearest = nearestKey(name, known);
  const said = nearest === null ? `The scenario's own are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return `unknown variable "${name}". ${known.length === 0 ? 'The scenario has none of its own.' : said}`;
}

/** What a flag sets, by the name that it has in a scenario. */
const variablesOfFlags: Record<string, readonly string[]> = {
  connections: ['connections'],
  'connect-rate': ['connectRatePerSecond'],
  steady: ['steadySeconds'],
  drain: ['drainSeconds'],
  'message-rate': ['messageRatePerSecond'],
  'webhook-rate': ['webhookRatePerSecond'],
  'burst-rate': ['burstRatePerSecond'],
  'burst-seconds': ['burstLastsSeconds'],
  'burst-start': ['burstStartsAtSeconds'],
  'replay-share': ['replayShare'],
  'offline-share': ['offlineOwnerShare'],
  timeout: ['timeoutSeconds'],
  seed: ['seed'],
};

/** @throws UsageError for an option that the scenario has no use for: a run that ignores it would be taken for another. */
function checkEffect(options: RunOptions, scenario: Scenario, name: string): void {
  const used = variablesUsed(scenario);
  const given = overridesOf(options);
  for (const [flag, [variable = '']] of Object.entries(variablesOfFlags)) {
    if (given[variable as keyof WorkloadOverrides] === undefined || used.has(variable)) continue;
    const own = ownVariables(scenario);
    throw new UsageError(
      `--${flag} has no effect: the scenario ${name} does not use the variable ${variable}.${own.length > 0 ? ` Its own are ${own.join(', ')}: set them with --variable name=value.` : ''}`,
    );
  }
}

/** The speed of a local target's clock that a scenario asks for; undefined when it asks for none, or the target is up already. */
function localTimeScaleOf(
  { variables }: Scenario,
  given: Record<string, string>,
  { target }: RunOptions,
): number | undefined {
  const value = given.localTimeScale ?? variables.localTimeScale;
  if (target !== 'local' || value === undefined) return undefined;
  const factor = Number(value);
  if (!(factor > 0)) throw new UsageError(`The variable localTimeScale is ${value}: expected a number above 0.`);
  return factor;
}

/** Known when it is a variable: then it can be left to the target. */
function disconnectAtOf(scenario: Scenario, given: Record<string, string>): number | null {
  if (!variablesUsed(scenario).has('dropAllAtSeconds')) return null;
  const value = given.dropAllAtSeconds ?? scenario.variables.dropAllAtSeconds;
  return value === undefined || value === '' || value === null ? null : Number(value);
}

function endpointOf(options: RunOptions): EndpointDescription | null {
  const { LOADLINE_TOKEN_SECRET: tokenSecret, LOADLINE_WEBHOOK_SECRET: webhookSecret } = process.env;
  const endpoint = readEndpoint(options, { tokenSecret, webhookSecret });
  if (endpoint === null) return null;
  if (options.target !== 'local') throw new UsageError('--url names the target itself: leave out --target.');
  checkNoLocalOptions(options, '--url');
  return endpoint;
}

/** @throws UsageError when the load is more than this machine's generator can be asked for. */
export function checkLoad(workload: Workload, fleets: number): void {
  const needed = Math.ceil(workload.connections / maxConnectionsPerAddress);
  if (needed > fleets && needed <= maxFleets) {
    throw new UsageError(
      `${workload.connections} connections are more than the ${maxConnectionsPerAddress} that a process can open: give --fleets ${needed}, or fewer connections.`,
    );
  }
  if (needed > maxFleets) {
    throw new UsageError(
      `${workload.connections} connections are more than the ${maxConnectionsPerAddress * maxFleets} that one machine is asked for: spread them over several (docs/distributed.md).`,
    );
  }
  if (fleets > Math.min(maxFleets, workload.connections)) {
    throw new UsageError(`--fleets ${fleets} is too many: give at most ${maxFleets}, and no more than connections.`);
  }
}

/** run.json as it stands before the start. */
export function newRunRecord(
  { scenarioFile, plan, settings, workload, variables, target }: RunRequest,
  of: { runId: string; planFile: string },
): RunRecord {
  return {
    schemaVersion: 1,
    runId: of.runId,
    loadlineVersion,
    commit: commitOf(packageRoot),
    scenario: scenarioFile,
    planFile: resolve(of.planFile),
    plan: { ...plan },
    workload,
    ...(variables && { variables }),
    target: {
      ...placeOf(target, settings),
      webSocketUrl: null,
      webhookUrl: null,
      resources: null,
      notes: [],
    },
    settings: { ...settings },
    machine: describeMachine(),
    startedAt: new Date().toISOString(),
    loadStartedAt: null,
    loadEndedAt: null,
    endedAt: null,
    outcome: { kind: 'running' },
    exitCode: null,
  };
}

/** What kind of target it is, and in which region; an endpoint has none that we know of. */
export function placeOf(target: TargetChoice, settings: StackSettings): Pick<RunRecord['target'], 'kind' | 'region'> {
  switch (target.kind) {
    case 'local':
      return { kind: 'local', region: settings.region };
    case 'given':
      return { kind: target.description.kind, region: target.description.region };
    case 'endpoint':
      return { kind: 'endpoint', region: '' };
  }
}

function overridesOf(options: RunOptions): WorkloadOverrides {
  return {
    connections: options.connections,
    connectRatePerSecond: options.connectRate,
    steadySeconds: options.steady,
    drainSeconds: options.drain,
    messageRatePerSecond: options.messageRate,
    webhookRatePerSecond: options.webhookRate,
    burstRatePerSecond: options.burstRate,
    burstLastsSeconds: options.burstSeconds,
    burstStartsAtSeconds: options.burstStart,
    replayShare: options.replayShare,
    offlineOwnerShare: options.offlineShare,
    timeoutSeconds: options.timeout,
    seed: options.seed,
  };
}

async function chooseTarget(options: RunOptions, settings: StackSettings, seed: number): Promise<TargetChoice> {
  const limits = readLimits(options);
  const interference = readInterference(options);
  const { gatewayProcesses: processes } = options;
  if (options.target === 'local') {
    return {
      kind: 'local',
      settings,
      seed,
      ...interference,
      ...(limits && { limits }),
      ...(processes && { gatewayProcesses: processes }),
    };
  }
  checkNoLocalOptions(options, '--target');
  if (options.target === 'aws') {
    const region = options.region ?? settings.region;
    return { kind: 'given', description: await describeAwsTarget({ stackName: options.stackName, region }) };
  }
  return { kind: 'given', description: readTarget(options.target) };
}

/** @throws UsageError for an option of a local target that this run starts. */
function checkNoLocalOptions(options: RunOptions, instead: string): void {
  if (
    readLimits(options) !== undefined ||
    options.gatewayProcesses !== undefined ||
    Object.keys(readInterference(options)).length > 0
  )
    throw new UsageError(
      `--limits, --limit, --quota-scale, --time-scale, --latency, --faults and --gateway-processes are for a local target that this run starts: give them to \`loadline local\`, or leave out ${instead}.`,
    );
}

/** The commit that is checked out, with "+" when files differ from it; null outside a checkout. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // An installed package may lie inside somebody else's repository.
    if (relative(git('rev-parse', '--show-toplevel'), realpathSync(folder)) !== '') return null;
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}

function describeMachine(): RunRecord['machine'] {
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.versions.node,
    artilleryVersion: locateArtillery().version,
  };
}
