import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { channelOption, defaultHours, everyChannel, hours, userId } from '../options/token-options.ts';
import type { Terminal } from '../terminal.ts';

export function addTokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .description('Signs a connection token for a user and prints it.')
    .argument('<user>', 'user id: 1 to 128 characters of A-Z a-z 0-9 . _ ~ -', userId)
    .option(
      '--hours <hours>',
      'how long it is valid, in hours; a stack accepts 24 at most unless its settings say otherwise',
      hours,
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
      helpEnd('token', 'loadline token u-1 --url', 'loadline token u-1 --subscribe team.7.* --publish team.7.chat'),
    )
    .action(async (user: string, options) => {
      const { makeToken } = await import('../actions/token.ts');
      terminal.print(await makeToken(user, options, terminal.environment));
    });
}
