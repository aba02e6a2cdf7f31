import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addStormOptions } from '../options/storm-options.ts';
import type { Terminal } from '../terminal.ts';

export function addStormCommand(program: Command, terminal: Terminal): void {
  addStormOptions(
    program
      .command('storm')
      .description(
        'Simulates a reconnect storm, a webhook burst, a fan-out, or all of them, at any scale: quotas, back-off, Lambda, queue, retries and pollers in virtual time. No load is applied.',
      ),
  )
    .addHelpText(
      'after',
      helpEnd(
        'storm',
        'loadline storm --clients 500000 --quota newConnections=2000',
        'loadline storm --clients 0 --webhooks 20000 --downstream 50',
        'loadline storm --clients 0 --webhooks 20000 --consumer-concurrency 2',
        'loadline storm --clients 0 --fan-out 100000 --deadline 5',
      ),
    )
    .action(async (options, command) => {
      const { storm } = await import('../actions/storm.ts');
      await storm(options, { command, terminal });
    });
}
