/**
 * What a user may do with channels. The token states it, the authorizer passes it on, and the message function enforces it
 * on every message: nothing is read from the table for it. docs/reference/protocol.md describes claims and errors.
 */

/** A channel's name, or the beginning of one followed by `*`, which stands for any rest: `news`, `team.*`, `*`. */
const channelPattern = /^(?:[A-Za-z0-9._~-]{1,128}|[A-Za-z0-9._~-]{0,128}\*)$/;
/**
 * Characters of all patterns of one kind, spaces between them included. Both kinds fit into a token whose URL API Gateway accepts, and
 * the authorizer's result stays far under the 8 KB that it accepts from there (L-20859C74): a larger one would be a 500, not a 401.
 */
const maxListCharacters = 1_024;

export interface Permissions {
  subscribe: readonly string[];
  publish: readonly string[];
  /** Publishes and subscriptions of the user per second; null: the stack's own cap. */
  messagesPerSecond: number | null;
  /** Largest channel that one publish may reach; null: the stack's own cap. */
  recipients: number | null;
  /** Seconds since the epoch: an open connection may use its channels until then. */
  expiresAtSeconds: number;
}

/** API Gateway's limits: a flat object, whose values arrive as text in each event of the connection. */
export type AuthorizerContext = Record<string, string | number>;

/** The channels and caps in a token's claims; null if they are not what docs/reference/protocol.md says. Without claims nothing is allowed. */
export function readClaims(payload: Record<string, unknown>): Omit<Permissions, 'expiresAtSeconds'> | null {
  const channels = objectOf(payload.channels, ['subscribe', 'publish']);
  const caps = objectOf(payload.caps, ['messagesPerSecond', 'recipients']);
  if (channels === null || caps === null) return null;
  const subscribe = patternsOf(channels.subscribe);
  const publish = patternsOf(channels.publish);
  const messagesPerSecond = capOf(caps.messagesPerSecond);
  const recipients = capOf(caps.recipients);
  if (subscribe === null || publish === null || messagesPerSecond === false || recipients === false) return null;
  return { subscribe, publish, messagesPerSecond, recipients };
}

/** An absent claim is an empty object; an unknown key makes a claim unreadable, for it may have been meant as a restriction. */
function objectOf(claim: unknown, keys: readonly string[]): Record<string, unknown> | null {
  if (claim === undefined) return {};
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return null;
  return Object.keys(claim).every((key) => keys.includes(key)) ? (claim as Record<string, unknown>) : null;
}

function patternsOf(claim: unknown): string[] | null {
  if (claim === undefined) return [];
  if (!Array.isArray(claim)) return null;
  const patterns = claim.filter((item) => typeof item === 'string' && channelPattern.test(item));
  if (patterns.length !== claim.length || patterns.join(' ').length > maxListCharacters) return null;
  return patterns;
}

/** A positive number; null if absent, false if it is something else. */
function capOf(claim: unknown): number | null | false {
  if (claim === undefined) return null;
  return typeof claim === 'number' && Number.isFinite(claim) && claim > 0 ? claim : false;
}

/** What the authorizer passes on. Patterns contain no space, and what is empty or absent is left out. */
export function contextOf(permissions: Permissions): AuthorizerContext {
  const { subscribe, publish, messagesPerSecond, recipients, expiresAtSeconds } = permissions;
  return {
    ...(subscribe.length > 0 && { subscribe: subscribe.join(' ') }),
    ...(publish.length > 0 && { publish: publish.join(' ') }),
    ...(messagesPerSecond !== null && { messagesPerSecond }),
    ...(recipients !== null && { recipients }),
    expiresAt: expiresAtSeconds,
  };
}

/** Reads {@link contextOf} in an event. What is missing allows nothing. */
export function permissionsOf(context: Readonly<Record<string, unknown>>): Permissions {
  const list = (value: unknown) => (typeof value === 'string' && value !== '' ? value.split(' ') : []);
  const number = (value: unknown) => (value === undefined ? null : Number(value));
  return {
    subscribe: list(context.subscribe),
    publish: list(context.publish),
    messagesPerSecond: number(context.messagesPerSecond),
    recipients: number(context.recipients),
    expiresAtSeconds: Number(context.expiresAt ?? 0),
  };
}

export const allows = (patterns: readonly string[], channel: string): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : channel === pattern));
