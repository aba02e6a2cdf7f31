/** What a search found, as it is printed: at its end, and again from its folder. */
import type { Bottleneck } from '../../capacity/search/bottleneck.ts';
import type { Sustained } from '../../capacity/search/sustained.ts';
import { searchDocument } from '../../reports/document/search-document.ts';
import { renderText } from '../../reports/render/text.ts';
import type { SearchRecord } from '../../run/search/search-folder.ts';
import { unitOf } from '../../run/search/varied-workload.ts';
import type { Terminal } from '../terminal.ts';

interface PrintedSearch {
  record: SearchRecord;
  kind: 'found' | 'interrupted';
  lower: number;
  upper: number | null;
  bottleneck: Bottleneck | null;
  sustained: Sustained | null;
  trials: readonly { load: number; purpose: string; passed: boolean; sentence: string }[];
}

/** `columns`: as wide as the terminal. */
export function searchText({ record, ...result }: PrintedSearch, columns: Terminal['columns']): string {
  const { max } = record.settings;
  const { steadySeconds } = record.workload;
  const unit = unitOf[record.variable];
  return renderText(searchDocument({ target: record.target.kind, unit, max, steadySeconds, ...result }), columns);
}
