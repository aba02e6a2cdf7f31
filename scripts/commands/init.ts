// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import type { Command } from 'commander';
import type { InitOptions } from '../actions/init.ts';
import { helpEnd } from '../exit-code.ts';
import { nonNegativeNumber, positiveInteger, share } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addInitCommand(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .description(
      'Writes plan.yml, loadline.yml and scenario.yml for your own stack, commented, and says what to do with them. On a terminal it asks; what an option says is not asked. A stack that lies in the folder (CDK, SAM, CloudFormation, Serverless) is found.',
    )
    .argument('[folder]', 'where they are written', '.')
    .option('--name <text>', 'name of the product')
    .option('--users <count>', 'users today; default: 2000', positiveInteger)
    .option('--peak <share>', 'share of them with a tab open at the daily peak; default: 0.4', share)
    .option('--growth <share>', 'growth of the users a month; default: 0.1', nonNegativeNumber)
    .option('--messages <rate>', 'messages per minute of an online user; default: 6', nonNegativeNumber)
    .option('--webhooks <count>', 'webhooks per day and user; default: 216', nonNegativeNumber)
    .option(
      '--url <url>',
      'WebSocket URL of your stack; what is secret in it is not written down: a variable stands in its place',
    )
    .option('--message <text>', 'what a client sends; default: {"id":"${id}"}')
    .option('--answer <matcher>', 'how the answer is recognised: next, $.path or /regexp/; default: $.id')
    .option('-y, --yes', 'ask nothing: defaults for what no option says')
    .option('--force', 'overwrite files that are there')
    .addHelpText(
      'after',
      helpEnd('init', 'loadline init', 'loadline init capacity --users 50000 --url wss://example.com/ws --yes'),
    )
    .action(async (folder: string, options: InitOptions) => {
      const { init } = await import('../actions/init.ts');
      await init(folder, options, terminal);
    });
}
