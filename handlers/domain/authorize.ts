/** Decides on a WebSocket handshake. */
import { type AuthorizerContext, contextOf, type Permissions } from './channels/permissions.ts';
import type { SecretReader } from './secret-reader.ts';
import { type TokenRules, type TokenVerdict, verifyToken } from './token.ts';

/** The verdict on the token of a handshake, against the current secret. */
export async function authorize(
  token: string | undefined,
  secret: SecretReader,
  rules: TokenRules,
): Promise<TokenVerdict> {
  if (!token) return { kind: 'invalid', reason: 'malformed' };
  return secret.verify(
    (value) => verifyToken(token, value, rules),
    (verdict) => verdict.kind === 'invalid' && verdict.reason === 'signature',
  );
}

/** The authorizer's answer: this user may invoke this route (`$connect`) of this API, and each event of the connection says what else. */
export function allowPolicy(userId: string, permissions: Permissions, methodArn: string) {
  const context: AuthorizerContext = contextOf(permissions);
  return {
    principalId: userId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    },
    context,
  };
}
