/** Lambda authorizer of the `$connect` route. */
import { makeSecretsManagerClient } from '../adapters/aws-clients.ts';
import { requiredVariable } from '../adapters/environment.ts';
import { secretsManagerSecret } from '../adapters/secrets-manager-secret.ts';
import { allowPolicy, authorize } from '../domain/authorize.ts';

const secret = secretsManagerSecret(makeSecretsManagerClient(), requiredVariable('TOKEN_SECRET_ARN'));

interface AuthorizerEvent {
  methodArn: string;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export async function handler(event: AuthorizerEvent) {
  const verdict = await authorize(event.queryStringParameters?.token, secret, Date.now());
  // API Gateway turns exactly this message into a 401, and any other error into a 500.
  if (verdict.kind === 'invalid') throw new Error('Unauthorized');
  return allowPolicy(verdict.userId, event.methodArn);
}
