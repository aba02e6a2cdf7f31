/** The two signatures of docs/protocol.md, written for the client alone: the stack has its own. */
import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';

export interface TokenClaims {
  /** User id: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ -`. */
  user: string;
  secret: string;
  /** Seconds since the epoch. */
  expiresAtSeconds: number;
}

/** A connection token: JWT (RFC 7519), HS256, with `sub` and `exp`. */
export async function signToken({ user, secret, expiresAtSeconds }: TokenClaims): Promise<string> {
  return await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setExpirationTime(Math.floor(expiresAtSeconds))
    .sign(new TextEncoder().encode(secret));
}

/** Value of `x-nylas-signature`: lower-case hex HMAC-SHA256 of the raw body. */
export function signWebhook(body: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
