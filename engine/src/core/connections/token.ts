/** Connection tokens of docs/protocol.md, implemented for the client alone: the stack has its own code for them. */
import { SignJWT } from 'jose';
import type { FleetSpec } from '../fleet/fleet-spec.ts';
import type { Population } from './population.ts';

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

/** A token is valid for this much longer than the planned run. */
const tokenSpareSeconds = 3_600;

/** One token per user, made before the load starts: signing would delay the connects. Empty when connections carry no token. */
export async function signTokens(
  population: Population,
  { load, tokenSecret }: FleetSpec,
  nowSeconds: number,
): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  if (tokenSecret === null) return tokens;
  const plannedSeconds = load.connections / load.connectRatePerSecond + load.steadySeconds + load.drainSeconds;
  const expiresAtSeconds = nowSeconds + plannedSeconds + tokenSpareSeconds;
  for (const { id } of population.users)
    tokens.set(id, await signToken({ user: id, secret: tokenSecret, expiresAtSeconds }));
  return tokens;
}
