/** What workers read from their environment, and how it gets there. Pure. */

import { UsageError } from '../errors.ts';
import type { RunningTarget } from '../target/running-target.ts';
import type { RunnerName } from './runners.ts';

type Description = RunningTarget['description'];

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
  { description, runner }: { description: Description; runner: RunnerName },
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
  if (description.kind !== 'endpoint') return { secrets, open: {} };
  const { headers } = description.step;
  const hasHeaders = typeof headers === 'object' && headers !== null && Object.keys(headers).length > 0;
  if (runner === 'fargate' && hasHeaders)
    throw new UsageError(
      '--on fargate: a --header may be a secret, and anyone who may describe tasks could read it: write headers into the scenario, with {{ $env.NAME }} for their values.',
    );
  return { secrets, open: { LOADLINE_FOREIGN_TARGET: JSON.stringify(description.step) } };
}
