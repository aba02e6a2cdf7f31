/** What `loadline run` and `loadline search` are asked for: scenario, plan, settings, target and load, checked before anything starts. */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { UsagePlan } from '../capacity/index.ts';
import { maxConnectionsPerAddress, maxFleets } from '../engine/src/core/fleet-spec.ts';
import type { RunRecord, Workload } from '../metrics/run.ts';
import { parsePlan } from '../scenarios/plan.ts';
import { parseScenario } from '../scenarios/scenario.ts';
import { planWorkload, type WorkloadOverrides } from '../scenarios/workload.ts';
import { parseSettings, type StackSettings, settingsSchema } from '../stack/settings.ts';
import { locateArtillery } from './artillery.ts';
import { describeAwsTarget } from './aws-target.ts';
import { UsageError } from './exit-code.ts';
import { accept, readInputFile, readYamlFile } from './input-file.ts';
import { addInterferenceOptions, type InterferenceOptions, readInterference } from './interference-options.ts';
import { addLimitOptions, type LimitOptions, readLimits } from './limit-options.ts';
import { gatewayProcesses, integer, nonNegativeNumber, positiveInteger, positiveNumber, share } from './options.ts';
import { loadlineVersion, packageRoot } from './package-root.ts';
import type { TargetChoice } from './running-target.ts';
import { readTarget } from './target-file.ts';

export interface RunOptions extends LimitOptions, InterferenceOptions {
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
}

export const defaultScenario = join(packageRoot, 'scenarios', 'sync.yml');
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
    .option('--seed <number>', 'seed of everything random', integer);
  return addInterferenceOptions(addLimitOptions(command));
}

/** Everything that a run needs, checked. */
export interface RunRequest {
  scenarioFile: string;
  plan: UsagePlan;
  settings: StackSettings;
  workload: Workload;
  target: TargetChoice;
}

/** @throws UsageError with a sentence for each problem. */
export async function prepareRun(scenario: string, options: RunOptions): Promise<RunRequest> {
  const scenarioFile = resolve(scenario);
  accept(parseScenario(readInputFile(scenarioFile, 'scenario'), scenario));
  const { plan, benchmark } = accept(parsePlan(readInputFile(options.plan, 'usage plan'), options.plan));
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  const workload = planWorkload(plan, benchmark, overridesOf(options));
  checkLoad(workload, options.fleets);
  return { scenarioFile, plan, settings, workload, target: await chooseTarget(options, settings, workload.seed) };
}

/** @throws UsageError when the load is more than this machine's generator can be asked for. */
export function checkLoad(workload: Workload, fleets: number): void {
  if (workload.connections > maxConnectionsPerAddress) {
    throw new UsageError(
      `${workload.connections} connections are more than the ${maxConnectionsPerAddress} that one process can open from one address: give --connections ${maxConnectionsPerAddress} or less.`,
    );
  }
  if (fleets > Math.min(maxFleets, workload.connections)) {
    throw new UsageError(`--fleets ${fleets} is too many: give at most ${maxFleets}, and no more than connections.`);
  }
}

/** run.json as it stands before the start. */
export function newRunRecord(
  { scenarioFile, plan, settings, workload, target }: RunRequest,
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
    target: {
      kind: target.kind === 'local' ? 'local' : target.description.kind,
      region: target.kind === 'local' ? settings.region : target.description.region,
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
  if (limits !== undefined || processes !== undefined || Object.keys(interference).length > 0) {
    throw new UsageError(
      '--limits, --limit, --quota-scale, --time-scale, --latency, --faults and --gateway-processes are for a local target that this run starts: give them to `loadline local`, or leave out --target.',
    );
  }
  if (options.target === 'aws') {
    const region = options.region ?? settings.region;
    return { kind: 'given', description: await describeAwsTarget({ stackName: options.stackName, region }) };
  }
  return { kind: 'given', description: readTarget(options.target) };
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
