/** What a run against AWS needs: credentials that AWS accepts, a region, and room in the account's Lambda concurrency. One call of Lambda's control plane. */
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { quotaFact } from '../../aws/quotas/table.ts';
import { awsRefusal } from '../../run/target/deployed/aws-refusal.ts';
import { type Check, failure, ok, warning } from './check.ts';

/** Beyond, AWS refuses signatures. Source: AWS, "Signature Version 4", read 2026-11. */
const mostSkewMs = 300_000;
const worthSayingMs = 5_000;

/** `region`: as an option says; undefined: the SDK's own search. */
export async function awsChecks({ region }: { region?: string | undefined }): Promise<Check[]> {
  const client = new LambdaClient({ ...(region !== undefined && { region }), maxAttempts: 2 });
  try {
    const where = await client.config.region().catch((cause: Error) => cause);
    const credentials = await client.config.credentials().catch((cause: Error) => cause);
    const checks = [regionCheck(where), credentialsCheck(credentials)];
    if (where instanceof Error || credentials instanceof Error) return checks;
    const settings = await client.send(new GetAccountSettingsCommand({})).catch((cause: Error) => cause);
    if (settings instanceof Error) {
      const { reason, next } = awsRefusal(settings);
      return [...checks, failure('Lambda', `the account could not be read: ${reason}`, sentence(next))];
    }
    const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } = settings.AccountLimit ?? {};
    return [
      ...checks,
      skewCheck(client.config.systemClockOffset),
      concurrencyCheck(ConcurrentExecutions, UnreservedConcurrentExecutions),
    ];
  } finally {
    client.destroy();
  }
}

function regionCheck(where: string | Error): Check {
  if (where instanceof Error) return failure('region', 'none is set', 'Give --region, or set AWS_REGION.');
  return ok('region', where);
}

function credentialsCheck(credentials: { accessKeyId: string; expiration?: Date; accountId?: string } | Error): Check {
  if (credentials instanceof Error) {
    const { reason, next } = awsRefusal(credentials);
    return failure('credentials', reason, sentence(next));
  }
  const { accessKeyId, expiration, accountId } = credentials;
  const of = accountId === undefined ? '' : ` of account ${accountId}`;
  const until =
    expiration === undefined ? '' : `, until ${expiration.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return ok('credentials', `key ${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}${of}${until}`);
}

/** The SDK keeps the difference that it has seen in the answer's date. */
function skewCheck(offsetMs: number): Check {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (Math.abs(offsetMs) < worthSayingMs) return ok('AWS clock', 'as this one');
  const found = `${seconds} s from this one`;
  return Math.abs(offsetMs) >= mostSkewMs
    ? failure('AWS clock', found, 'Set the clock of this machine: signatures are refused.')
    : warning('AWS clock', found, 'Set the clock of this machine.');
}

function concurrencyCheck(limit: number, unreserved: number): Check {
  const found = `${limit.toLocaleString('en-US')} concurrent executions, ${unreserved.toLocaleString('en-US')} not reserved`;
  const { default: usual, code } = quotaFact('accountConcurrency');
  if (limit >= usual) return ok('Lambda', found);
  return warning(
    'Lambda',
    `${found}; AWS's default is ${usual.toLocaleString('en-US')}`,
    `Ask for more in Service Quotas (${code}) before a run, and put it into the plan: quotas: { ${code}: ${limit} }.`,
  );
}

const sentence = (next: string): string => `${next.charAt(0).toUpperCase()}${next.slice(1)}.`;
