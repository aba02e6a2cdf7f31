import { join } from 'node:path';
import type { Command } from 'commander';
import { RunFileError } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { renderTerminal } from '../../reports/render/terminal.ts';
import { UsageError } from '../../run/errors.ts';
import { reportAgain } from '../../run/folder-report.ts';
import { exitCode, exitCodesHelp } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

export function addReportCommand(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .description('Renders the reports of a run again from its folder.')
    .argument('[folder]', 'run folder', join('runs', 'latest'))
    .addHelpText('after', `${exitCodesHelp('report')}\nExample:\n  loadline report runs/latest`)
    .action(async (folder: string) => {
      const { report, isDamaged } = await reportAgain(folder).catch((cause: unknown) => {
        const isOfPlace = cause instanceof RunFileError && cause.problem !== 'damaged';
        throw isOfPlace ? new UsageError(cause.message, { cause }) : cause;
      });
      terminal.print(renderTerminal(report, join(folder, runFileNames.reportHtml), terminal.columns));
      terminal.endWith(isDamaged ? exitCode.invalid : exitCode.ok);
    });
}
