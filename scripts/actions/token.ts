import { signToken } from '../../engine/src/core/connections/token.ts';
import type { TargetDescription } from '../../record/target.ts';
import { UsageError } from '../../run/errors.ts';
import { findLocalTargets } from '../../run/target/local-registry.ts';
import { readTarget } from '../../run/target/target-file.ts';
import { everyChannel } from '../options/token-options.ts';

export interface TokenOptions {
  hours: number;
  secret?: string;
  target?: string;
  url?: boolean;
  subscribe: string[];
  publish: string[];
}

export async function makeToken(user: string, options: TokenOptions, environment: NodeJS.ProcessEnv): Promise<string> {
  const secret = options.secret ?? environment.LOADLINE_TOKEN_SECRET;
  if (secret === '')
    throw new UsageError('--secret is empty: give the secret, or leave it out to use that of --target.');
  if (options.secret !== undefined && options.target !== undefined && !options.url)
    throw new UsageError('--target is not needed where --secret is given: leave one of them out, or add --url.');
  const channels = { subscribe: options.subscribe, publish: options.publish };
  if (secret !== undefined && !options.url) return await sign(user, secret, options.hours, channels);
  const target = options.target === undefined ? theLocalTarget() : readTarget(options.target);
  const token = await sign(user, secret ?? target.tokenSecret, options.hours, channels);
  return options.url ? connectUrl(target, token) : token;
}

/** A WebSocket URL that any client can open unchanged. */
export const connectUrl = (target: TargetDescription, token: string): string => `${target.webSocketUrl}?token=${token}`;

/** A token that is valid from now on, for every channel unless told otherwise. */
export function sign(
  user: string,
  secret: string,
  hours: number,
  channels = { subscribe: everyChannel, publish: everyChannel },
): Promise<string> {
  const issuedAtSeconds = Math.floor(Date.now() / 1_000);
  return signToken({ user, secret, issuedAtSeconds, expiresAtSeconds: issuedAtSeconds + hours * 3_600, channels });
}

function theLocalTarget(): TargetDescription {
  const [target, ...others] = findLocalTargets();
  if (!target)
    throw new UsageError('No local target is up: start one with `loadline local`, or give --secret or --target.');
  if (others.length > 0)
    throw new UsageError(`${others.length + 1} local targets are up: choose one with --target or --secret.`);
  return target;
}
