/** The target of a run, from the options that name it. */

import { existsSync } from 'node:fs';
import type { ServedStack } from '../../local/start.ts';
import { nearestKey } from '../../scenarios/yaml/nearest-key.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { UsageError } from '../errors.ts';
import { describeAwsTarget } from '../target/aws-target.ts';
import { type EndpointDescription, type EndpointOptions, endpointFrom, readEndpoint } from '../target/endpoint.ts';
import { inspectTemplate } from '../target/local-stack.ts';
import { addressesOf, describeOwnStack, emulatorOf } from '../target/own-stack.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { futureAddresses } from '../target/stack-addresses.ts';
import { readTarget } from '../target/target-file.ts';
import { type InterferenceOptions, readInterference } from './interference.ts';
import { type LimitOptions, readLimits } from './limits.ts';
import { type OwnTemplateOptions, readTemplateOptions, templateOnly } from './template.ts';

export interface TargetOptions extends LimitOptions, InterferenceOptions, EndpointOptions, OwnTemplateOptions {
  /** `local`, `aws`, or a file. */
  target: string;
  gatewayProcesses?: number;
}

/** Of the reference stack, where nothing else is said. */
const defaultStackName = 'Loadline';

/**
 * The endpoint that --url names, the stack that --stack does, or that of --template and --app, before it is up; null without any.
 * @throws UsageError, and CrashError when AWS does not answer.
 */
export async function endpointOf(
  options: TargetOptions,
  environment: NodeJS.ProcessEnv,
): Promise<EndpointDescription | null> {
  const own = readTemplateOptions(options, { environment, alone: templateOnly });
  const { stack } = options;
  if (own !== null) {
    const flag = options.app === undefined ? '--template' : '--app';
    if (options.target !== 'local') throw new UsageError(`${flag} names the target itself: leave out --target.`);
    const graph = await inspectTemplate(own);
    const endpoint = endpointFrom(options, environment, futureAddresses(graph));
    return { ...endpoint, shown: { ...endpoint.shown, webSocketUrl: `the stack ${graph.stackName}` } };
  }
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

/** `aws` is an emulator of it where AWS_ENDPOINT_URL names one on this machine. */
export async function chooseTarget(
  options: TargetOptions,
  {
    settings,
    seed,
    endpoint,
    environment,
  }: {
    settings: StackSettings;
    seed: number;
    /** As {@link endpointOf} has it. */
    endpoint: EndpointDescription | null;
    environment: NodeJS.ProcessEnv;
  },
): Promise<TargetChoice> {
  const own = readTemplateOptions(options, { environment, alone: templateOnly });
  if (endpoint !== null && own === null) return { kind: 'endpoint', description: endpoint };
  const limits = readLimits(options);
  const { gatewayProcesses: processes } = options;
  const common = {
    seed,
    ...readInterference(options),
    ...(limits && { limits }),
    ...(processes && { gatewayProcesses: processes }),
  };
  if (endpoint !== null && own !== null) {
    const describe = (stack: ServedStack) => endpointFrom(options, environment, addressesOf(stack));
    return { kind: 'template', own, description: endpoint, describe, ...common };
  }
  if (options.target === 'local') return { kind: 'local', settings, ...common };
  checkNoLocalOptions(options, '--target');
  if (options.target === 'aws') {
    const region = options.region ?? settings.region;
    const stackName = options.stackName ?? defaultStackName;
    const description = await describeAwsTarget({ stackName, region, endpoint: emulatorOf(environment) });
    return { kind: 'given', description };
  }
  const meant = existsSync(options.target) ? null : nearestKey(options.target, ['local', 'aws']);
  if (meant !== null)
    throw new UsageError(`--target ${options.target}: there is no such target or file. Did you mean "${meant}"?`);
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
