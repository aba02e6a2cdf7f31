/** User tokens: a JWT (RFC 7519) signed with HMAC-SHA256, with a user and an expiry. */
import { errors, jwtVerify } from 'jose';

const userPattern = /^[A-Za-z0-9._~-]{1,128}$/;

/** Why a token is not accepted. A wrong `signature` may just mean that the secret has been rotated. */
export type TokenVerdict =
  | { kind: 'valid'; userId: string }
  | { kind: 'invalid'; reason: 'malformed' | 'algorithm' | 'signature' | 'expired' | 'claims' };

/**
 * Checks algorithm, signature, expiry and user of a token. `nowMs` is in milliseconds since the epoch, without leeway.
 * The signature is compared in constant time (WebCrypto's HMAC verify, called by jose).
 */
export async function verifyToken(token: string, secret: string, nowMs: number): Promise<TokenVerdict> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowMs),
    });
    // The payload can be anything the signer wrote, despite jose's types.
    const sub: unknown = payload.sub;
    return typeof sub === 'string' && userPattern.test(sub)
      ? { kind: 'valid', userId: sub }
      : { kind: 'invalid', reason: 'claims' };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { kind: 'invalid', reason: 'signature' };
    if (error instanceof errors.JWTExpired) return { kind: 'invalid', reason: 'expired' };
    if (error instanceof errors.JOSEAlgNotAllowed) return { kind: 'invalid', reason: 'algorithm' };
    if (error instanceof errors.JWTClaimValidationFailed) return { kind: 'invalid', reason: 'claims' };
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      return { kind: 'invalid', reason: 'malformed' };
    throw error;
  }
}
