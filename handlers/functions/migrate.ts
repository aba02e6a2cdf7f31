/** Brings the tables of the connection store up to date when the stack is deployed: the function of a custom resource of CloudFormation. */
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { makeSecretsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { requiredVariable } from '../adapters/environment.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { makeOwnerCall } from '../adapters/postgres/owner-call.ts';

const time = new InvocationTime();
// Two secrets, and the migration.
const clientTime = { time, inSequence: 3 };
const readSecret = makeSecretsCall(clientTime);

export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  time.begin(context);
  try {
    // The tables go with the database.
    if (event.RequestType !== 'Delete') await migrateAll();
    await answer(event, { Status: 'SUCCESS' });
  } catch (error) {
    console.error(error);
    await answer(event, { Status: 'FAILED', Reason: error instanceof Error ? error.message : String(error) });
  }
}

async function migrateAll(): Promise<void> {
  const owner = await credentials(requiredVariable('OWNER_SECRET_ARN'));
  const app = await credentials(requiredVariable('APP_SECRET_ARN'));
  const { call, close } = makeOwnerCall(owner, clientTime);
  try {
    await migrate(call, {
      app: { ...app, signsInAsItself: requiredVariable('APP_SIGNS_IN_AS_ITSELF') === 'true' },
      upkeep: requiredVariable('UPKEEP_USER'),
    });
  } finally {
    await close();
  }
}

async function credentials(arn: string): Promise<{ name: string; password: string }> {
  const { SecretString = '' } = await readSecret('GetSecretValue', { SecretId: arn });
  const { username, password }: Record<string, unknown> = JSON.parse(SecretString);
  return { name: String(username), password: String(password) };
}

interface Outcome {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
}

/** CloudFormation waits for an answer at the URL that it gives, for an hour. */
async function answer(event: CloudFormationCustomResourceEvent, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ ...outcome, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'migrations' });
  // No content type: the URL is signed without one.
  const response = await fetch(event.ResponseURL, {
    method: 'PUT',
    body: new TextEncoder().encode(body),
    headers: { 'content-type': '' },
  });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status} to the outcome of the migration.`);
}
