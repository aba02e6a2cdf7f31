import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addRunOptions } from '../options/run-options.ts';
import { collect, weightList } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addProfileCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('profile')
    .description(
      'Measures what a connect, disconnect, message, webhook and push each cost every resource of a stack: one phase for each kind of load alone, so nothing needs to be known of the code, and a mixed one as a check. The result is what plan, run, search and storm calculate with.',
    )
    .option('--profiles <folder>', 'folder for profile folders', 'profiles')
    .option(
      '--also-message <text>',
      'with --message: another message, in a phase of its own, for what its route costs; repeatable',
      collect,
    );
  command
    .option(
      '--message-mix <weights>',
      'with --also-message: how often each is sent in the mixed phase, --message first, as in 3,1; default: all alike',
      weightList,
    )
    .option(
      '--also-webhook-url <url>',
      'with --webhook-url: where else the same webhooks are posted, in phases of its own, for what its route and its pushes cost; repeatable',
      collect,
    )
    .option(
      '--webhook-mix <weights>',
      'with --also-webhook-url: how often each is posted to in the mixed phase, --webhook-url first, as in 3,1; default: all alike',
      weightList,
    );
  addEndpointOptions(addRunOptions(command, { withRuns: false }))
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print profile.json on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'profile',
        'loadline profile',
        `loadline profile --stack my-chat --message '{"id":"\${id}"}' --answer '$.id'`,
      ),
    )
    .action(async (options, command) => {
      const { profile } = await import('../actions/profile.ts');
      await profile(options, { command, terminal });
    });
}
