import { join } from 'node:path';
import type { Command } from 'commander';
import { RunFileError } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { renderTerminal } from '../../reports/render/terminal.ts';
import { writeReports } from '../../reports/write.ts';
import { UsageError } from '../../run/errors.ts';
import { restoreObservation } from '../../run/observation.ts';
import type { Terminal } from '../terminal.ts';

export function addReportCommand(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('Renders the reports of a run again from its folder.')
    .argument('[folder]', 'run folder', join('runs', 'latest'))
    .addHelpText('after', '\nExample:\n  loadline report runs/latest')
    .action(async (folder: string) => {
      try {
        await restoreObservation(folder, 'the run was cut off before it was collected');
        terminal.print(renderTerminal(await writeReports(folder), join(folder, runFileNames.reportHtml)));
      } catch (cause) {
        if (cause instanceof RunFileError) throw new UsageError(cause.message, { cause });
        throw cause;
      }
    });
}
