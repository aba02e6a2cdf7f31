/** Lambda authorizer of the `$connect` route. */
import type { Context } from 'aws-lambda';
import { makeSecretsCall } from '../adapters/aws-clients.ts';
import { InvocationTime } from '../adapters/call-time.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { allowPolicy, authorize } from '../domain/authorize.ts';

const time = new InvocationTime();
// The versions of the secret, and once more if the signature fails.
const call = makeSecretsCall({ time, inSequence: 2 });
const secret = secretsManagerSecret(call, requiredVariable('TOKEN_SECRET_ARN'));
const maxLifetimeSeconds = requiredCount('MAX_TOKEN_LIFETIME_SECONDS');

interface AuthorizerEvent {
  methodArn: string;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export async function handler(event: AuthorizerEvent, context: Context) {
  time.begin(context);
  const rules = { maxLifetimeSeconds, nowMs: Date.now() };
  const verdict = await authorize(event.queryStringParameters?.token, secret, rules);
  // API Gateway turns exactly this message into a 401, and any other error into a 500.
  if (verdict.kind === 'invalid') throw new Error('Unauthorized');
  return allowPolicy(verdict.userId, verdict.permissions, event.methodArn);
}
