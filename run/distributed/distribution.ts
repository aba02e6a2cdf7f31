/** `loadline run --on fargate|lambda --count N`: what is asked for, checked before anything starts. */
import type { Workload } from '../../record/workload.ts';
import { UsageError } from '../errors.ts';
import { longestLoadSeconds } from '../load/load.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { optionArguments } from './runner-command.ts';
import { checkDistributedLoad, type RunnerName, runnerNames } from './runners.ts';
import { readWorkerScenario } from './worker-bundle.ts';
import { workerEnvironment } from './worker-environment.ts';
import type { WorkerScenario } from './worker-scenario.ts';

export interface DistributionOptions {
  on?: string;
  count?: number;
  runnerOption?: string[];
}

export interface Distribution {
  runner: RunnerName;
  workers: number;
  region: string;
  scenario: WorkerScenario;
  /** Of Artillery's runner. */
  runnerOptions: readonly string[];
}

export interface DistributionRequest {
  scenarioFile: string;
  target: TargetChoice;
  workload: Workload;
  secretVariables?: Record<string, string>;
  /** Where the workers run. */
  region: string;
}

/**
 * Null without --on.
 * @throws UsageError with the first reason why it cannot be.
 */
export function prepareDistribution(
  { on, count, runnerOption = [] }: DistributionOptions,
  request: DistributionRequest,
): Distribution | null {
  const { scenarioFile, target, workload, region } = request;
  if (on === undefined) {
    if (count !== undefined) throw new UsageError('--count is for workers on AWS: give --on fargate or --on lambda.');
    if (runnerOption.length > 0) throw new UsageError('--runner-option is for workers on AWS: give --on as well.');
    return null;
  }
  const runner = runnerNames.find((name) => name === on);
  if (runner === undefined) throw new UsageError(`--on ${on}: expected ${runnerNames.join(' or ')}.`);
  if (count === undefined)
    throw new UsageError(`--on ${runner}: give --count, the number of workers that share the load.`);
  if (target.kind === 'local' || target.kind === 'template')
    throw new UsageError(
      `--on ${runner}: workers on AWS cannot reach a target on this machine: give --target aws, or --url.`,
    );
  const { webSocketUrl, webhookUrl } =
    target.description.kind === 'endpoint' ? target.description.shown : target.description;
  checkDistributedLoad({
    runner,
    workers: count,
    workload,
    lastsSeconds: longestLoadSeconds(workload),
    urls: [webSocketUrl, ...(webhookUrl === null ? [] : [webhookUrl])],
  });
  optionArguments(runner, runnerOption);
  const scenario = readWorkerScenario(scenarioFile, count);
  const { description } = target;
  if (description.kind === 'endpoint' && ('feed' in description.step || isCommand(description.step.token)))
    throw new UsageError(
      `--on ${runner}: ${'feed' in description.step ? '--feed names a file' : '--token-command runs a command'} of this machine, which workers do not have: use the feed or the hooks of a scenario, or --token.`,
    );
  workerEnvironment(
    scenario.environment,
    { description, runner, secretVariables: request.secretVariables ?? {} },
    process.env,
  );
  return { runner, workers: count, region, scenario, runnerOptions: runnerOption };
}

const isCommand = (token: unknown): boolean => typeof token === 'object' && token !== null && 'command' in token;
