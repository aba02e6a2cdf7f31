import type { Command } from 'commander';
import { signToken } from '../../engine/src/core/connections/token.ts';
import type { TargetDescription } from '../../record/target.ts';
import { UsageError } from '../../run/errors.ts';
import { findLocalTargets } from '../../run/target/local-registry.ts';
import { readTarget } from '../../run/target/target-file.ts';
import { positiveNumber } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

const userPattern = /^[A-Za-z0-9._~-]{1,128}$/;
const defaultHours = 2;

interface TokenOptions {
  hours: number;
  secret?: string;
  target?: string;
  url?: boolean;
}

export function addTokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .description('Signs a connection token for a user and prints it.')
    .argument('<user>', 'user id: 1 to 128 characters of A-Z a-z 0-9 . _ ~ -')
    .option('--hours <hours>', 'how long it is valid, in hours', positiveNumber, defaultHours)
    .option(
      '--secret <secret>',
      'token secret (other users of the machine can read it here: prefer $LOADLINE_TOKEN_SECRET); default: that of --target, or of the local target that is up',
    )
    .option('--target <file>', 'target description, as `loadline local --json` prints it')
    .option('--url', 'print a ready-made WebSocket URL')
    .addHelpText('after', '\nExample:\n  loadline token u-1 --url')
    .action(async (user: string, options: TokenOptions) => {
      terminal.print(await makeToken(user, options, terminal.environment));
    });
}

async function makeToken(user: string, options: TokenOptions, environment: NodeJS.ProcessEnv): Promise<string> {
  if (!userPattern.test(user))
    throw new UsageError(`"${user}" is not a user id: use 1 to 128 characters of A-Z a-z 0-9 . _ ~ -`);
  const secret = options.secret ?? environment.LOADLINE_TOKEN_SECRET;
  if (secret !== undefined && !options.url) return await sign(user, secret, options.hours);
  const target = options.target === undefined ? theLocalTarget() : readTarget(options.target);
  const token = await sign(user, secret ?? target.tokenSecret, options.hours);
  return options.url ? connectUrl(target, token) : token;
}

/** A WebSocket URL that any client can open unchanged. */
export const connectUrl = (target: TargetDescription, token: string): string => `${target.webSocketUrl}?token=${token}`;

export const sign = (user: string, secret: string, hours: number): Promise<string> =>
  signToken({ user, secret, expiresAtSeconds: Date.now() / 1_000 + hours * 3_600 });

function theLocalTarget(): TargetDescription {
  const [target, ...others] = findLocalTargets();
  if (!target)
    throw new UsageError('No local target is up: start one with `loadline local`, or give --secret or --target.');
  if (others.length > 0)
    throw new UsageError(`${others.length + 1} local targets are up: choose one with --target or --secret.`);
  return target;
}
