/** Decides on a WebSocket handshake. */
import type { SecretReader } from './secret-reader.ts';
import { type TokenVerdict, verifyToken } from './token.ts';

/** The verdict on the token of a handshake, against the current secret. */
export async function authorize(token: string | undefined, secret: SecretReader, nowMs: number): Promise<TokenVerdict> {
  if (!token) return { kind: 'invalid', reason: 'malformed' };
  return secret.verify(
    (value) => verifyToken(token, value, nowMs),
    (verdict) => verdict.kind === 'invalid' && verdict.reason === 'signature',
  );
}

/** The authorizer's answer: this user may invoke this route (`$connect`) of this API. */
export function allowPolicy(userId: string, methodArn: string) {
  return {
    principalId: userId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    },
  };
}
