import type { Command } from 'commander';
import { scenarioFolder } from '../../run/package-root.ts';
import { helpEnd } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export function addScenariosCommand(program: Command, terminal: Terminal): void {
  program
    .command('scenarios')
    .description('Lists the scenarios of the catalogue with the question that each answers.')
    .option('--json', 'print them as JSON on stdout')
    .addHelpText('after', helpEnd('scenarios', 'loadline scenarios --json', 'loadline run reconnect-storm'))
    .action(async ({ json }: { json?: boolean }) => {
      const { readCatalogue } = await import('../../scenarios/catalogue/catalogue.ts');
      const { renderCatalogue } = await import('../../scenarios/catalogue/list.ts');
      terminal.print(renderCatalogue(readCatalogue(scenarioFolder), json === true));
    });
}
