import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addMixOptions } from '../options/mix-options.ts';
import { addRunOptions, defaultScenario } from '../options/run-options.ts';
import { addSearchOptions } from '../options/search-options.ts';
import { port } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addSearchCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('search')
    .description(
      'Finds the largest load that a target carries within its SLO: one benchmark run per trial, first doubling the load, then halving the bracket, then verifying by re-runs. Names the bottleneck beyond that load.',
    )
    .argument(
      '[scenario]',
      'name from the catalogue (loadline scenarios), or an Artillery script that uses the loadline engine',
      defaultScenario,
    );
  addMixOptions(addEndpointOptions(addRunOptions(addSearchOptions(command))))
    .option('--watch [port]', 'serve the report of the trial under way on this machine; default: a free port', port)
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the result as JSON on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'search',
        'loadline search --vary messages --steady 20 --max 5000',
        'loadline search --resume searches/latest',
      ),
    )
    .action(async (scenario, options, command) => {
      const { search } = await import('../actions/search.ts');
      await search(scenario, options, { command, terminal });
    });
}
