import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addDistributionOptions } from '../options/distribution-options.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addMixOptions } from '../options/mix-options.ts';
import { addRunOptions, defaultScenario } from '../options/run-options.ts';
import { port } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addRunCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('run')
    .description(
      'Runs a scenario against a target and writes a capacity report. Numbers come from the usage plan; options override them.',
    )
    .argument(
      '[scenario]',
      'name from the catalogue (--list), or an Artillery script that uses the loadline engine',
      defaultScenario,
    );
  addDistributionOptions(addMixOptions(addEndpointOptions(addRunOptions(command))))
    .option('--list', 'list the scenarios of the catalogue with the question that each answers')
    .option('--watch [port]', 'serve the report live on this machine while the run goes on; default: a free port', port)
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the verdict, its numbers and the paths as JSON on stdout')
    .action(async (scenario, options, command) => {
      const { run } = await import('../actions/run.ts');
      await run(scenario, options, { command, terminal });
    })
    .addHelpText(
      'after',
      helpEnd(
        'run',
        'loadline run --connections 500 --steady 30',
        'loadline run --quota-scale 0.01 --connections 50',
        'loadline run connections --url wss://example.com/ws --connections 100',
      ),
    );
}
