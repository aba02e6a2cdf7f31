import type { Command } from 'commander';
import { scenarioFolder } from '../../run/package-root.ts';
import { readCatalogue } from '../../scenarios/catalogue/catalogue.ts';
import { renderCatalogue } from '../../scenarios/catalogue/list.ts';
import { exitCodesHelp } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export function addScenariosCommand(program: Command, terminal: Terminal): void {
  program
    .command('scenarios')
    .description('Lists the scenarios of the catalogue with the question that each answers.')
    .option('--json', 'print them as JSON on stdout')
    .addHelpText(
      'after',
      `${exitCodesHelp('scenarios')}\nExamples:\n  loadline scenarios --json\n  loadline run reconnect-storm`,
    )
    .action(({ json }: { json?: boolean }) => {
      terminal.print(renderCatalogue(readCatalogue(scenarioFolder), json === true));
    });
}
