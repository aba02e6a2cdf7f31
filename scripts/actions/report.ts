import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunFileError } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { renderTerminal } from '../../reports/render/terminal.ts';
import { UsageError } from '../../run/errors.ts';
import { reportAgain } from '../../run/folder-report.ts';
import { readRecordedSearch } from '../../run/search/recorded-search.ts';
import { searchFileName } from '../../run/search/search-folder.ts';
import { exitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { searchPage, searchText } from './search-result.ts';

export async function report(folder: string, terminal: Terminal): Promise<void> {
  if (isSearch(folder)) return await printSearch(folder, terminal);
  const { report, isDamaged } = await reportAgain(folder).catch((cause: unknown) => {
    const isOfPlace = cause instanceof RunFileError && cause.problem !== 'damaged';
    if (!isOfPlace) throw cause;
    const next = cause.problem === 'missing' ? ' Name a run folder such as runs/latest, or a search folder.' : '';
    throw new UsageError(`${cause.message}${next}`, { cause });
  });
  terminal.print(renderTerminal(report, join(folder, runFileNames.reportHtml), terminal.columns));
  terminal.endWith(isDamaged ? exitCode.invalid : exitCode.ok);
}

const isSearch = (folder: string): boolean =>
  existsSync(join(folder, searchFileName)) && !existsSync(join(folder, runFileNames.run));

async function printSearch(folder: string, terminal: Terminal): Promise<void> {
  const search = await readRecordedSearch(folder, 'Name another search.');
  const page = await searchPage(folder, search, terminal);
  terminal.print(searchText(search, terminal.columns));
  if (page !== null) terminal.print(page);
}
