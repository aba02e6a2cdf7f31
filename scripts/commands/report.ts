import { join } from 'node:path';
import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export function addReportCommand(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('Renders the reports of a run or a search again from its folder, and prints what it found.')
    .argument('[folder]', 'run folder, or search folder', join('runs', 'latest'))
    .addHelpText('after', helpEnd('report', 'loadline report runs/latest'))
    .action(async (folder: string) => {
      const { report } = await import('../actions/report.ts');
      await report(folder, terminal);
    });
}
