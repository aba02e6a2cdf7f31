/** Lambda authorizer of the `$connect` route. */
import { makeSecretsManagerClient } from '../adapters/aws-clients.ts';
import { requiredCount, requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { allowPolicy, authorize } from '../domain/authorize.ts';

const secret = secretsManagerSecret(makeSecretsManagerClient(), requiredVariable('TOKEN_SECRET_ARN'));
const maxLifetimeSeconds = requiredCount('MAX_TOKEN_LIFETIME_SECONDS');

interface AuthorizerEvent {
  methodArn: string;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export async function handler(event: AuthorizerEvent) {
  const rules = { maxLifetimeSeconds, nowMs: Date.now() };
  const verdict = await authorize(event.queryStringParameters?.token, secret, rules);
  // API Gateway turns exactly this message into a 401, and any other error into a 500.
  if (verdict.kind === 'invalid') throw new Error('Unauthorized');
  return allowPolicy(verdict.userId, verdict.permissions, event.methodArn);
}
