/** User tokens: a JWT (RFC 7519) signed with HMAC-SHA256, with a user, a short life, and what the user may do with channels. */
import type { webcrypto } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { type Permissions, readClaims } from './channels/permissions.ts';

const userPattern = /^[A-Za-z0-9._~-]{1,128}$/;
/** A secret may sign tokens for other services too: those are none of this one's. */
const audience = 'loadline';
/** How far ahead of this clock the issuer's may be, for `iat` and `nbf`. `exp` has no leeway. */
const clockLeewaySeconds = 60;

/** Why a token is not accepted. A wrong `signature` may just mean that the secret has been rotated. */
export type TokenVerdict =
  | { kind: 'valid'; userId: string; permissions: Permissions }
  | { kind: 'invalid'; reason: 'malformed' | 'algorithm' | 'signature' | 'expired' | 'claims' };

export interface TokenRules {
  /** Longest time between `iat` and `exp`: a stolen token is of use for that long. */
  maxLifetimeSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

const claimsRefused: TokenVerdict = { kind: 'invalid', reason: 'claims' };

/**
 * Checks algorithm, signature, audience, times, user and channels of a token.
 * The signature is compared in constant time (WebCrypto's HMAC verify, called by jose).
 */
export async function verifyToken(token: string, secret: string, rules: TokenRules): Promise<TokenVerdict> {
  try {
    const { payload } = await jwtVerify(token, await keyOf(secret), {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: new Date(rules.nowMs),
      clockTolerance: clockLeewaySeconds,
    });
    return judgeClaims(payload, rules);
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { kind: 'invalid', reason: 'signature' };
    if (error instanceof errors.JWTExpired) return { kind: 'invalid', reason: 'expired' };
    if (error instanceof errors.JOSEAlgNotAllowed) return { kind: 'invalid', reason: 'algorithm' };
    if (error instanceof errors.JWTClaimValidationFailed) return claimsRefused;
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      return { kind: 'invalid', reason: 'malformed' };
    throw error;
  }
}

/** The current secret and the one before. Given the bytes, jose makes a key of them each time, which costs as much as verifying. */
const keys = new Map<string, webcrypto.CryptoKey>();
const keptKeys = 2;

async function keyOf(secret: string): Promise<webcrypto.CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const made = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
  if (keys.size >= keptKeys) keys.clear();
  keys.set(secret, made);
  return made;
}

/** The payload can be anything the signer wrote, despite jose's types. */
function judgeClaims(payload: Record<string, unknown>, { maxLifetimeSeconds, nowMs }: TokenRules): TokenVerdict {
  const { sub, iat, exp } = payload;
  if (typeof iat !== 'number' || typeof exp !== 'number') return claimsRefused;
  const nowSeconds = nowMs / 1_000;
  // jose has judged it with the leeway.
  if (exp <= nowSeconds) return { kind: 'invalid', reason: 'expired' };
  if (iat > nowSeconds + clockLeewaySeconds || exp - iat > maxLifetimeSeconds) return claimsRefused;
  if (typeof sub !== 'string' || !userPattern.test(sub)) return claimsRefused;
  const claims = readClaims(payload);
  return claims === null
    ? claimsRefused
    : { kind: 'valid', userId: sub, permissions: { ...claims, expiresAtSeconds: exp } };
}
