/** How many concurrent executions the account has: asked of Lambda before the stack is synthesized. */

interface AccountConcurrency {
  /** L-B99A9384, of all functions together. */
  total: number;
  /** What no function has reserved; those of an earlier deployment of this stack have. */
  unreserved: number;
}
export type FoundConcurrency = ({ kind: 'known' } & AccountConcurrency) | { kind: 'unknown'; reason: string };

/**
 * Without one of these in the environment nobody is asked: what the SDK finds elsewhere need not be what the CDK command line deploys with
 * (`--profile`), and another account's answer would be worse than none.
 */
const signsOfCredentials = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
] as const;
const limitMs = 5_000;

/** Never rejects, and takes 5 s at most. */
export async function findAccountConcurrency(
  region: string,
  environment: NodeJS.ProcessEnv,
): Promise<FoundConcurrency> {
  if (!signsOfCredentials.some((name) => environment[name]))
    return { kind: 'unknown', reason: 'there are no credentials in the environment' };
  // Only here: most runs of the app state it, or have nobody to ask.
  const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient({ region, maxAttempts: 2 });
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}), {
      abortSignal: AbortSignal.timeout(limitMs),
    });
    const { ConcurrentExecutions: total, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
    if (total === undefined || unreserved === undefined) return { kind: 'unknown', reason: 'Lambda did not say it' };
    return { kind: 'known', total, unreserved };
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    client.destroy();
  }
}
