import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { port } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addDemoCommand(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description('Serves a page on this machine that shows two tabs in sync by the reference stack, until Ctrl-C.')
    .option('--port <port>', 'port of the page; default: a free one', port)
    .addHelpText('after', helpEnd('demo', 'loadline demo', 'loadline demo --port 8000'))
    .action(async (options: { port?: number }) => {
      const { demo } = await import('../actions/demo.ts');
      await demo(options, terminal);
    });
}
