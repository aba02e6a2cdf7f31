/**
 * JWT authorizers of HTTP APIs: signature by the issuer's published keys, issuer, audience, times, scopes.
 * Sources: API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers", read November 2026; OpenID Connect Discovery 1.0, 4.
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { HttpAuthorizerModel } from '../../template/apis/api-models.ts';
import type { HttpAuthorization } from './authorization.ts';

type JwtAuthorizer = Extract<HttpAuthorizerModel, { kind: 'jwt' }>;
type Keys = ReturnType<typeof createRemoteJWKSet>;

/** "API Gateway currently supports only RSA-based algorithms." */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

export class JwtCheck {
  #keys = new Map<string, Promise<Keys>>();
  #timeoutMs: number;

  /** @param timeoutMs of each request to an issuer. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  async decide(authorizer: JwtAuthorizer, given: string): Promise<HttpAuthorization> {
    const token = given.replace(/^Bearer\s+/i, '');
    let payload: JWTPayload;
    try {
      const keys = await this.#keysOf(authorizer.issuer);
      ({ payload } = await jwtVerify(token, keys, { issuer: authorizer.issuer, algorithms }));
    } catch (error) {
      return isIssuersFault(error)
        ? { kind: 'failed', problem: `The keys of ${authorizer.issuer} cannot be read: ${messageOf(error)}` }
        : { kind: 'unauthorized' };
    }
    // Tokens of some issuers name the client in place of an audience.
    const { aud = payload.client_id } = payload;
    if (![aud].flat().some((one) => authorizer.audience.includes(String(one)))) return { kind: 'unauthorized' };
    const scopes = scopesOf(payload);
    if (authorizer.scopes.length > 0 && !authorizer.scopes.some((scope) => scopes.includes(scope)))
      return { kind: 'forbidden' };
    const facts = { claims: claimsOf(payload), scopes: authorizer.scopes.length > 0 ? scopes : null };
    return { kind: 'allowed', facts: { v2: { jwt: facts }, v1: facts } };
  }

  #keysOf(issuer: string): Promise<Keys> {
    const known = this.#keys.get(issuer);
    if (known) return known;
    const found = discover(issuer, this.#timeoutMs);
    this.#keys.set(issuer, found);
    // An issuer that is not up yet is asked again.
    found.catch(() => this.#keys.delete(issuer));
    return found;
  }
}

class IssuerError extends Error {}

async function discover(issuer: string, timeoutMs: number): Promise<Keys> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    throw new IssuerError(`${url} does not answer`, { cause });
  });
  const described = discoverySchema.safeParse(await answer.json().catch(() => null));
  if (!answer.ok || !described.success) throw new IssuerError(`${url} answers ${answer.status} without a jwks_uri`);
  return createRemoteJWKSet(new URL(described.data.jwks_uri), { timeoutDuration: timeoutMs });
}

const discoverySchema = z.object({ jwks_uri: z.url() });

/** Of what a JWT check throws, all but the refusal of the token itself. What has no code of its own is an answer for the keys that is not 200, or not JSON. */
const isIssuersFault = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  error.code === errors.JOSEError.code;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function scopesOf({ scope, scp }: JWTPayload): string[] {
  if (typeof scope === 'string') return scope.split(' ');
  return (Array.isArray(scp) ? scp : typeof scp === 'string' ? scp.split(' ') : []).map(String);
}

/** Every claim as a text, lists in brackets. */
function claimsOf(payload: JWTPayload): Record<string, string> {
  const entries = Object.entries(payload).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? `[${value.join(' ')}]` : typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return Object.fromEntries(entries);
}
