/** The arguments of Artillery's runners. Pure. */
import { UsageError } from '../errors.ts';
import { type RunnerName, runners } from './runners.ts';

export interface RunnerRequest {
  runner: RunnerName;
  workers: number;
  region: string;
  webSocketUrl: string;
  variables: Record<string, string | number>;
  /** Of Fargate: names of the environment variables that come from SSM's parameters /artilleryio/NAME. */
  secrets: readonly string[];
  /** Of Fargate: environment variables that are not secret. */
  environment: Readonly<Record<string, string>>;
  /** Of Lambda: a file with all of them, uploaded with the scenario. */
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
    ...(runner === 'fargate' ? fargateArguments(request) : lambdaArguments(request.environmentFile)),
    ...optionArguments(runner, request.options),
    // After --secret, which would otherwise consume the scenario as one more value.
    '--quiet',
    scenario,
  ];
}

function fargateArguments({ secrets, environment }: RunnerRequest): string[] {
  const limit = runners.fargate.maxDescriptors;
  const open = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const launch = {
    ulimits: [{ name: 'nofile', softLimit: limit, hardLimit: limit }],
    ...(open.length > 0 && { environment: open }),
  };
  return ['--launch-config', JSON.stringify(launch), ...secrets.flatMap((name) => ['--secret', name])];
}

const lambdaArguments = (environmentFile: string | null): string[] =>
  environmentFile === null ? [] : ['--dotenv', environmentFile];

/** `name` or `name=value` → arguments. @throws UsageError for an option that the runner does not have or that is given here. */
export const optionArguments = (runner: RunnerName, options: readonly string[]): string[] =>
  options.flatMap((option) => argumentsOf(runner, option));

function argumentsOf(runner: RunnerName, option: string): string[] {
  const { options, switches } = runners[runner];
  const [name = '', ...rest] = option.split('=');
  if (!options.includes(name))
    throw new UsageError(`--runner-option ${name}: --on ${runner} accepts ${options.join(', ')}.`);
  const value = rest.join('=');
  if (switches.includes(name)) {
    if (rest.length > 0) throw new UsageError(`--runner-option ${name}: takes no value.`);
    return [`--${name}`];
  }
  if (value === '') throw new UsageError(`--runner-option ${name}: give a value, as in ${name}=VALUE.`);
  return [`--${name}`, value];
}

/** Text of the file of environment variables. @throws UsageError for a value that cannot be written there. */
export function environmentText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (/['\r\n]/.test(value))
        throw new UsageError(
          `The environment variable ${name} contains a quote or a line break, which cannot be passed to workers.`,
        );
      return `${name}='${value}'\n`;
    })
    .join('');
}
