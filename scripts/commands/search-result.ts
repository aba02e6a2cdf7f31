/** What a search found, as it is printed: at its end, and again from its folder. */
import { searchDocument } from '../../reports/document/search/search-document.ts';
import { renderText } from '../../reports/render/text.ts';
import type { SearchRecord } from '../../run/search/search-folder.ts';
import { summaryOf } from '../../run/search/search-report.ts';
import type { Terminal } from '../terminal.ts';

/** `columns`: as wide as the terminal. */
export const searchText = (record: SearchRecord, columns: Terminal['columns']): string =>
  renderText(searchDocument(summaryOf(record)), columns);
