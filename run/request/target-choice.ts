/** The target of a run, from the options that name it. */
import type { StackSettings } from '../../stack/settings.ts';
import { UsageError } from '../errors.ts';
import { describeAwsTarget } from '../target/aws-target.ts';
import { type EndpointDescription, type EndpointOptions, readEndpoint } from '../target/endpoint.ts';
import { describeOwnStack } from '../target/own-stack.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { readTarget } from '../target/target-file.ts';
import { type InterferenceOptions, readInterference } from './interference.ts';
import { type LimitOptions, readLimits } from './limits.ts';

export interface TargetOptions extends LimitOptions, InterferenceOptions, EndpointOptions {
  /** `local`, `aws`, or a file. */
  target: string;
  stackName: string;
  /** Somebody's own stack. */
  stack?: string;
  region?: string;
  gatewayProcesses?: number;
}

/** The endpoint that --url names, or the stack that --stack does; null without either. @throws UsageError, and CrashError when AWS does not answer. */
export async function endpointOf(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
): Promise<EndpointDescription | null> {
  const { stack } = options;
  if (stack !== undefined) {
    if (options.target !== 'local') throw new UsageError('--stack names the target itself: leave out --target.');
    checkNoLocalOptions(options, '--stack');
    return await describeOwnStack(stack, options, environment);
  }
  const endpoint = readEndpoint(options, environment);
  if (endpoint === null) return null;
  if (options.target !== 'local') throw new UsageError('--url names the target itself: leave out --target.');
  checkNoLocalOptions(options, '--url');
  return endpoint;
}

export async function chooseTarget(
  options: TargetOptions,
  settings: StackSettings,
  seed: number,
): Promise<TargetChoice> {
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
function checkNoLocalOptions(options: TargetOptions, instead: string): void {
  if (
    readLimits(options) !== undefined ||
    options.gatewayProcesses !== undefined ||
    Object.keys(readInterference(options)).length > 0
  )
    throw new UsageError(
      `--limits, --limit, --quota-scale, --time-scale, --latency, --faults and --gateway-processes are for a local target that this run starts: give them to \`loadline local\`, or leave out ${instead}.`,
    );
}
