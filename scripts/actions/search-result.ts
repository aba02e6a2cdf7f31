/** What a search found, as it is printed: at its end, and again from its folder. */
import { join } from 'node:path';
import { RunFileError } from '../../record/json-file.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { searchDocument } from '../../reports/document/search/search-document.ts';
import { renderText } from '../../reports/render/text.ts';
import type { SearchRecord } from '../../run/search/search-folder.ts';
import { summaryOf, writeSearchReports } from '../../run/search/search-report.ts';
import type { Terminal } from '../terminal.ts';

/** `columns`: as wide as the terminal. */
export const searchText = (record: SearchRecord, columns: Terminal['columns']): string =>
  renderText(searchDocument(summaryOf(record)), columns);

/** Writes the search's reports and returns the page's path; null, and a sentence, where they cannot be written: what was found is printed all the same. */
export async function searchPage(folder: string, record: SearchRecord, terminal: Terminal): Promise<string | null> {
  try {
    await writeSearchReports(folder, record);
    return join(folder, runFileNames.reportHtml);
  } catch (cause) {
    if (!(cause instanceof RunFileError)) throw cause;
    terminal.say(cause.message);
    return null;
  }
}
