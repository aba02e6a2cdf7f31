/** The arguments of Artillery's runners. Pure. */
import { UsageError } from '../exit-code.ts';
import { type RunnerName, runners } from './runners.ts';

export interface RunnerRequest {
  runner: RunnerName;
  workers: number;
  region: string;
  webSocketUrl: string;
  variables: Record<string, string | number>;
  /** Names of environment variables that the scenario reads. */
  secrets: readonly string[];
  /** Of Lambda: a file with them, uploaded with the scenario. */
  environmentFile: string | null;
  /** Where Artillery writes its JSON. */
  output: string;
  scenario: string;
  /** `name` or `name=value`, as a caller gave them. */
  options: readonly string[];
}

/** What follows `artillery`. @throws UsageError for an option that the runner does not have or that is given here. */
export function runnerArguments(request: RunnerRequest): string[] {
  const { runner, workers, region, webSocketUrl, variables, output, scenario } = request;
  return [
    runners[runner].command,
    '--region',
    region,
    '--count',
    String(workers),
    '--target',
    webSocketUrl,
    '--variables',
    JSON.stringify(variables),
    '--output',
    output,
    ...(runner === 'fargate' ? fargateArguments(request.secrets) : lambdaArguments(request.environmentFile)),
    ...request.options.flatMap((option) => optionArguments(runner, option)),
    // After --secret, which would take the scenario for one more.
    '--quiet',
    scenario,
  ];
}

function fargateArguments(secrets: readonly string[]): string[] {
  const limit = runners.fargate.maxDescriptors;
  const launch = { ulimits: [{ name: 'nofile', softLimit: limit, hardLimit: limit }] };
  return ['--launch-config', JSON.stringify(launch), ...secrets.flatMap((name) => ['--secret', name])];
}

const lambdaArguments = (environmentFile: string | null): string[] =>
  environmentFile === null ? [] : ['--dotenv', environmentFile];

function optionArguments(runner: RunnerName, option: string): string[] {
  const { options, switches } = runners[runner];
  const [name = '', ...rest] = option.split('=');
  if (!options.includes(name))
    throw new UsageError(`--runner-option ${name}: --on ${runner} knows ${options.join(', ')}.`);
  const value = rest.join('=');
  if (switches.includes(name)) {
    if (rest.length > 0) throw new UsageError(`--runner-option ${name}: takes no value.`);
    return [`--${name}`];
  }
  if (value === '') throw new UsageError(`--runner-option ${name}: give a value, as in ${name}=VALUE.`);
  return [`--${name}`, value];
}

/** Text of the file of environment variables. @throws UsageError for one that is not set or that cannot be written there. */
export function environmentText(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return names
    .map((name) => {
      const value = environment[name];
      if (value === undefined) throw new UsageError(`The scenario reads the environment variable ${name}: set it.`);
      if (/['\r\n]/.test(value))
        throw new UsageError(
          `The environment variable ${name} has a quote or a line break: workers cannot be given that.`,
        );
      return `${name}='${value}'\n`;
    })
    .join('');
}
