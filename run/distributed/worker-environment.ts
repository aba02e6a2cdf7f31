/** What workers read from their environment, and how it gets there. Pure. */

import { UsageError } from '../errors.ts';
import type { RunningTarget } from '../target/running-target.ts';
import type { RunnerName } from './runners.ts';

type Description = RunningTarget['description'];

export interface WorkerRequest {
  description: Description;
  runner: RunnerName;
  /** Variables of the scenario whose values are secret. */
  secretVariables?: Readonly<Record<string, string>>;
}

export interface WorkerEnvironment {
  /** Secret values. */
  secrets: Record<string, string>;
  /** Values that are not secret. */
  open: Record<string, string>;
}

/**
 * `names`: what the scenario's templates read. A secret of the target that it does not have is left out.
 * @throws UsageError for one that is not set here, and for what cannot be kept secret on the way.
 */
export function workerEnvironment(
  names: readonly string[],
  { description, runner, secretVariables = {} }: WorkerRequest,
  environment: Readonly<Record<string, string | undefined>>,
): WorkerEnvironment {
  const ofTarget: Record<string, string | null> = {
    LOADLINE_TOKEN_SECRET: description.tokenSecret,
    LOADLINE_WEBHOOK_SECRET: description.webhookSecret,
  };
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const value = name in ofTarget ? ofTarget[name] : environment[name];
    if (value === undefined)
      throw new UsageError(`--on ${runner}: the scenario reads the environment variable ${name}, which is not set.`);
    if (value !== null) secrets[name] = value;
  }
  const isEndpoint = description.kind === 'endpoint';
  const options = [
    ...(isEndpoint ? description.secretOptions : []),
    ...(isEmpty(secretVariables) ? [] : ['--variable']),
  ];
  const [first] = options;
  const open = isEndpoint ? { LOADLINE_FOREIGN_TARGET: JSON.stringify(description.step) } : {};
  if (first === undefined) return { secrets, open };
  if (runner === 'fargate')
    throw new UsageError(
      `--on fargate: a ${first} may be a secret, and anyone who may describe tasks could read it: write it into the scenario, with {{ $env.NAME }} for its value.`,
    );
  // In a file, which Artillery uploads.
  const given = {
    LOADLINE_TARGET_URL: description.webSocketUrl,
    LOADLINE_VARIABLES: JSON.stringify({ ...secretVariables, webhookUrl: description.webhookUrl ?? '' }),
    LOADLINE_SECRETS: JSON.stringify([...(isEndpoint ? description.secrets : []), ...Object.values(secretVariables)]),
  };
  return { secrets: { ...secrets, ...given, ...open }, open: {} };
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;
