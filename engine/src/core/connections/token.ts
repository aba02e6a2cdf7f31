/** Connection tokens of docs/reference/protocol.md, implemented for the client alone: the stack has its own code for them. */
import { SignJWT } from 'jose';
import type { FleetSpec } from '../fleet/fleet-spec.ts';
import { rowOf } from '../messages/feed.ts';
import type { Population } from './population.ts';
import { type RunCommand, tokensByCommand } from './token-command.ts';

/** The service that a token is for. */
const audience = 'loadline';
/** A load is no one user's: the stack's caps on what a user may send are meant for people. */
const uncapped = { messagesPerSecond: 1_000_000, recipients: 1_000_000 };

export interface TokenClaims {
  /** User id: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ -`. */
  user: string;
  secret: string;
  /** Seconds since the epoch. */
  issuedAtSeconds: number;
  /** Seconds since the epoch. The reference stack accepts no token that is valid for longer than its settings say, a day by default. */
  expiresAtSeconds: number;
  /** Patterns of the channels that the user may use: a name, or its beginning and `*`. */
  channels?: { subscribe: readonly string[]; publish: readonly string[] };
  /** In place of the stack's own: publishes and subscriptions per second, and the largest channel that a publish may reach. */
  caps?: { messagesPerSecond: number; recipients: number };
}

/** A connection token: JWT (RFC 7519), HS256, with the claims of docs/reference/protocol.md. */
export async function signToken(claims: TokenClaims): Promise<string> {
  const { user, secret, issuedAtSeconds, expiresAtSeconds, channels, caps } = claims;
  return await new SignJWT({ ...(channels && { channels }), ...(caps && { caps }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setAudience(audience)
    .setIssuedAt(Math.floor(issuedAtSeconds))
    .setExpirationTime(Math.floor(expiresAtSeconds))
    .sign(new TextEncoder().encode(secret));
}

/** A token is valid for this much longer than the planned run. */
const tokenSpareSeconds = 3_600;

/**
 * One token per user, by id, made before the load starts: that would delay the connects. Empty when connections carry no token.
 * Throws an Error whose message is a sentence when the user's command fails.
 */
export async function makeTokens(
  population: Population,
  spec: FleetSpec,
  { nowSeconds, ...options }: { nowSeconds: number; signal: AbortSignal; run?: RunCommand },
): Promise<Map<string, string>> {
  const { token = null, feed = [] } = spec;
  const { users } = population;
  switch (token?.kind) {
    case undefined:
      return await signTokens(population, spec, nowSeconds);
    case 'fixed':
      return new Map(users.map(({ id }) => [id, token.value]));
    case 'command': {
      const { usersPerToken } = token;
      const first = users.filter((_, n) => n % usersPerToken === 0);
      const whom = first.map(({ id, index }) => ({ user: id, feed: rowOf(feed, index) }));
      const made = await tokensByCommand(token, whom, options);
      return new Map(users.map(({ id }, n) => [id, made[Math.floor(n / usersPerToken)] ?? '']));
    }
  }
}

async function signTokens(population: Population, spec: FleetSpec, nowSeconds: number): Promise<Map<string, string>> {
  const { load, tokenSecret } = spec;
  const tokens = new Map<string, string>();
  if (tokenSecret === null) return tokens;
  const plannedSeconds = load.connections / load.connectRatePerSecond + load.steadySeconds + load.drainSeconds;
  const expiresAtSeconds = nowSeconds + plannedSeconds + tokenSpareSeconds;
  const own = [`${channelPrefix(spec)}-*`];
  const rights = load.channels.length > 0 && { channels: { subscribe: own, publish: own }, caps: uncapped };
  for (const { id } of population.users)
    tokens.set(
      id,
      await signToken({ user: id, secret: tokenSecret, issuedAtSeconds: nowSeconds, expiresAtSeconds, ...rights }),
    );
  return tokens;
}

/** The beginning of the names of a fleet's channels. */
export const channelPrefix = ({ runTag, fleet }: Pick<FleetSpec, 'runTag' | 'fleet'>): string => `c-${runTag}-${fleet}`;
