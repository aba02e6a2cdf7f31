import { type Command, InvalidArgumentError } from 'commander';
import { signToken } from '../../engine/src/core/connections/token.ts';
import type { TargetDescription } from '../../record/target.ts';
import { UsageError } from '../../run/errors.ts';
import { findLocalTargets } from '../../run/target/local-registry.ts';
import { readTarget } from '../../run/target/target-file.ts';
import { exitCodesHelp } from '../exit-code.ts';
import { positiveNumber } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

const userPattern = /^[A-Za-z0-9._~-]{1,128}$/;
const defaultHours = 2;

interface TokenOptions {
  hours: number;
  secret?: string;
  target?: string;
  url?: boolean;
  subscribe: string[];
  publish: string[];
}

/** Of every command that is not told otherwise: whoever has the secret may allow anything. */
const everyChannel = ['*'];
const channelPattern = /^(?:[A-Za-z0-9._~-]{1,128}|[A-Za-z0-9._~-]{0,128}\*)$/;
function channelOption(value: string, previous: string[]): string[] {
  if (!channelPattern.test(value)) {
    throw new InvalidArgumentError(
      `Expected 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, or the beginning of a name and *, got "${value}".`,
    );
  }
  return previous === everyChannel ? [value] : [...previous, value];
}

export function addTokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .description('Signs a connection token for a user and prints it.')
    .argument('<user>', 'user id: 1 to 128 characters of A-Z a-z 0-9 . _ ~ -')
    .option(
      '--hours <hours>',
      'how long it is valid, in hours; a stack accepts 24 at most unless its settings say otherwise',
      positiveNumber,
      defaultHours,
    )
    .option(
      '--subscribe <channel>',
      'channel that the user may subscribe to, or the beginning of its name and *; repeatable',
      channelOption,
      everyChannel,
    )
    .option('--publish <channel>', 'the same for publishing', channelOption, everyChannel)
    .option(
      '--secret <secret>',
      'token secret (other users of the machine can read it here: prefer $LOADLINE_TOKEN_SECRET); default: that of --target, or of the local target that is up',
    )
    .option('--target <file>', 'target description, as `loadline local --json` prints it')
    .option('--url', 'print a ready-made WebSocket URL')
    .addHelpText(
      'after',
      `${exitCodesHelp('token')}\nExamples:\n  loadline token u-1 --url\n  loadline token u-1 --subscribe team.7.* --publish team.7.chat`,
    )
    .action(async (user: string, options: TokenOptions) => {
      terminal.print(await makeToken(user, options, terminal.environment));
    });
}

async function makeToken(user: string, options: TokenOptions, environment: NodeJS.ProcessEnv): Promise<string> {
  if (!userPattern.test(user))
    throw new UsageError(`"${user}" is not a user id: use 1 to 128 characters of A-Z a-z 0-9 . _ ~ -`);
  const secret = options.secret ?? environment.LOADLINE_TOKEN_SECRET;
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
